import type { Control } from './control.ts'
import type { BoundField, Fault } from './field.ts'

const CHOSEN: ReadonlySet<Control['kind']> = new Set(['choice', 'levels', 'rating', 'person', 'unit'])

/** What is said where a required field was left empty. */
export function missing({ control, files }: BoundField): Fault {
  if (control.kind === 'signature') return { sentence: '请在“{label}”处签名' }
  if (files) return { sentence: '请上传“{label}”' }
  return { sentence: CHOSEN.has(control.kind) ? '请选择“{label}”' : '请填写“{label}”' }
}

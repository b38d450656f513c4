import { defineMachine } from '../../../platform/machine.ts'
import { attachmentInfected } from '../events.ts'

/** `unscanned`: the hall had no scanner when it came. `unscannable`: the scanner could not look inside. */
export type ScanStatus = 'unscanned' | 'waiting' | 'clean' | 'infected' | 'unscannable'

/** What is known about viruses in an uploaded file. */
export const scanMachine = defineMachine({
  name: 'services.attachment',
  table: 'services_attachments',
  edges: {
    clear: { from: ['waiting'], to: 'clean' },
    setAside: { from: ['waiting'], to: 'unscannable' },
    // Also what passed before: the same bytes may be known by now.
    condemn: { from: ['waiting', 'unscanned', 'clean', 'unscannable'], to: 'infected', emits: attachmentInfected },
  },
})

type Scanned = { status: ScanStatus; uploaded_by: string | null }

/** May this person open the file? Others than who uploaded it only what was found clean, or came while the hall had no scanner. */
export function canOpen({ status, uploaded_by }: Scanned, person_id: string): boolean {
  if (status === 'infected') return false
  return status === 'clean' || status === 'unscanned' || uploaded_by === person_id
}

/** A file that nobody will ever read must not be sent. */
export function isUseless({ status }: Pick<Scanned, 'status'>): boolean {
  return status === 'infected' || status === 'unscannable'
}

/** What people read of it; nothing where there is nothing to say. */
export const SCAN_TAGS = {
  waiting: { text: '正在检查病毒', meaning: 'blue' },
  infected: { text: '查出病毒，已删除', meaning: 'red' },
  unscannable: { text: '无法检查病毒，请换一个文件', meaning: 'amber' },
  clean: null,
  unscanned: null,
} as const

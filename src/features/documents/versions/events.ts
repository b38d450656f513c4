import { Type } from 'typebox'
import { defineEvent } from '../../../platform/events.ts'
import type { EventLabel } from '../../../platform/feature.ts'

/** Somebody's own facts and grades were drawn with a template, to look at it; the subject is whose. */
export const templateTried = defineEvent('documents.template-tried', Type.Object({ kind: Type.String(), version: Type.Integer() }))

/** `titles`: of the kinds, by key */
export function versionLabels(titles: ReadonlyMap<string, { title: string }>): Record<string, EventLabel> {
  return {
    [templateTried.name]: {
      text: '{actor} 用一名学生的真实数据预览了{title}（第 {version} 版）', tone: 'quiet', href: ({ kind, version }) => `/admin/documents/templates/${String(kind)}/${String(version)}`,
      words: ({ kind }) => ({ title: titles.get(String(kind))?.title ?? String(kind) }),
    },
  }
}

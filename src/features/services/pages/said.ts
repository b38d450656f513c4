import type { T } from '../../../platform/text.ts'
import { ACCEPT } from '../fields/files.ts'
import { SAID_LIMITS } from '../rules/said.ts'

/** Where files are added to a comment or an opinion. */
export function saidPage(t: T, error?: string) {
  return { name: 'files', label: t('附件'), accept: Object.values(ACCEPT).join(','), multiple: true, error, help: t('可以不带。最多 {most} 个，每个不超过 {mb} MB', SAID_LIMITS) }
}

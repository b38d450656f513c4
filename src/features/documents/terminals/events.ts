import { Type } from 'typebox'
import { defineEvent } from '../../../platform/events.ts'
import type { EventLabel } from '../../../platform/feature.ts'

const terminal = Type.Object({ terminal_id: Type.String() })
export const terminalRegistered = defineEvent('documents.terminal-registered', terminal)
export const terminalChanged = defineEvent('documents.terminal-changed', terminal)
/** It has a new token; the one before is worth nothing. */
export const terminalRenewed = defineEvent('documents.terminal-renewed', terminal)
export const terminalMended = defineEvent('documents.terminal-mended', terminal)
export const terminalEnded = defineEvent('documents.terminal-ended', terminal)

const print = Type.Object({ document_id: Type.String(), print_id: Type.String(), terminal_id: Type.String() })
export const paperHanded = defineEvent('documents.paper-handed', print)
export const paperPrinted = defineEvent('documents.paper-printed', print)
export const printCancelled = defineEvent('documents.print-cancelled', print)
export const printLapsed = defineEvent('documents.print-lapsed', print)
/** Its owner says that no paper came out. */
export const printFailed = defineEvent('documents.print-failed', print)

const desk = (event: Record<string, unknown>) => `/admin/terminals/${String(event.terminal_id)}`

export const terminalLabels: Record<string, EventLabel> = {
  [terminalRegistered.name]: { text: '登记自助终端', tone: 'quiet', href: desk },
  [terminalChanged.name]: { text: '修改自助终端', tone: 'quiet', href: desk },
  [terminalRenewed.name]: { text: '自助终端换了令牌', tone: 'quiet', href: desk },
  [terminalMended.name]: { text: '自助终端已修好', tone: 'good', href: desk },
  [terminalEnded.name]: { text: '停用自助终端', tone: 'bad', href: desk },
  [paperHanded.name]: { text: '本人把文件交给自助终端', tone: 'quiet' },
  [paperPrinted.name]: { text: '在自助终端打印', tone: 'quiet' },
  [printCancelled.name]: { text: '取消在自助终端打印', tone: 'quiet' },
  [printLapsed.name]: { text: '没有在自助终端打印，已收回', tone: 'quiet' },
  [printFailed.name]: { text: '本人说自助终端没有打印出来', tone: 'bad' },
}

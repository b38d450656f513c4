import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

const OfImport = Type.Object({ import_id: Type.String() })

// The subject is the import's id; of a marked standing the person's.
export const rosterBegun = defineEvent('identity.roster-begun', OfImport)
export const rosterStopped = defineEvent('identity.roster-stopped', OfImport)
export const rosterResumed = defineEvent('identity.roster-resumed', OfImport)
export const rosterEnded = defineEvent('identity.roster-ended', OfImport)
export const rosterDropped = defineEvent('identity.roster-dropped', OfImport)
/** `virus` is the scanner's name for it */
export const rosterInfected = defineEvent('identity.roster-infected', Type.Object({ import_id: Type.String(), virus: Type.String() }))
export const rosterImported = defineEvent('identity.roster-imported', OfImport)
/** rows as they came were fetched, ID numbers and phones in the clear */
export const rosterRowsFetched = defineEvent('identity.roster-rows-fetched', OfImport)
export const standingMarked = defineEvent('identity.standing-marked', Type.Object({ number: Type.String(), standing: Type.String(), mark_id: Type.String() }))

const href = ({ import_id }: Record<string, unknown>): string => `/admin/import/${String(import_id)}`

/** How these read in a trail. */
export const rosterLabels: Readonly<Record<string, EventLabel>> = {
  [rosterBegun.name]: { text: '开始导入名单', tone: 'quiet', href },
  [rosterStopped.name]: { text: '停止导入名单', tone: 'wait', href },
  [rosterResumed.name]: { text: '继续导入名单', tone: 'quiet', href },
  [rosterEnded.name]: { text: '不再继续导入名单', tone: 'wait', href },
  [rosterDropped.name]: { text: '放弃导入名单', tone: 'quiet', href },
  [rosterImported.name]: { text: '导入名单', tone: 'good', href },
  [rosterInfected.name]: { text: '名单文件里查出病毒（{virus}），没有读取', tone: 'bad', href },
  [rosterRowsFetched.name]: { text: '下载了名单里不能导入的行', tone: 'quiet', href },
  [standingMarked.name]: { text: '不在名单里，状态改为已离开（{number}）', tone: 'wait' },
}

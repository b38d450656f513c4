import { Type } from 'typebox'
import { defineEvent } from '../../../platform/events.ts'
import type { EventLabel } from '../../../platform/feature.ts'

const data = Type.Object({ hold_id: Type.String() })

export const holdPlaced = defineEvent('documents.hold-placed', data)
export const holdLifted = defineEvent('documents.hold-lifted', data)
export const holdsImported = defineEvent('documents.holds-imported', Type.Object({ import_id: Type.String(), rows: Type.Integer(), created: Type.Integer(), changed: Type.Integer(), lifted: Type.Integer() }))

export const holdLabels: Record<string, EventLabel> = {
  [holdPlaced.name]: { text: '限制开具证明文件', tone: 'wait', href: () => '/admin/holds' },
  [holdLifted.name]: { text: '解除开具证明文件的限制', tone: 'good', href: () => '/admin/holds' },
  [holdsImported.name]: { text: '导入限制名单 {rows} 行：新增 {created}，更新 {changed}，解除 {lifted}', tone: 'quiet' },
}

import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

// The subject of each is the group's id; `name` is the group's, `number` the leading one of the person meant.
const group = { name: Type.String() }
export const groupMade = defineEvent('identity.group-made', Type.Object(group))
export const groupChanged = defineEvent('identity.group-changed', Type.Object(group))
export const groupRemoved = defineEvent('identity.group-removed', Type.Object(group))
export const groupJoined = defineEvent('identity.group-joined', Type.Object({ ...group, number: Type.String() }))
export const groupLeft = defineEvent('identity.group-left', Type.Object({ ...group, number: Type.String() }))

/** Of what is gone nothing can be opened; the list says so. */
const href = () => '/admin/groups'

/** How these read in a trail. */
export const groupLabels: Readonly<Record<string, EventLabel>> = {
  [groupMade.name]: { text: '新建工作组：{name}', tone: 'good', href },
  [groupChanged.name]: { text: '修改工作组：{name}', tone: 'quiet', href },
  [groupRemoved.name]: { text: '删除工作组：{name}', tone: 'wait', href },
  [groupJoined.name]: { text: '{number} 加入工作组：{name}', tone: 'good', href },
  [groupLeft.name]: { text: '{number} 移出工作组：{name}', tone: 'wait', href },
}

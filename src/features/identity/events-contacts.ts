import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

// The subject of each is the 学工号 whose member it is, or the userid of one who is nobody here.
export const memberWritten = defineEvent('identity.member-written', Type.Object({ userid: Type.String(), act: Type.String() }))
export const memberRefused = defineEvent('identity.member-refused', Type.Object({ userid: Type.String(), problem: Type.String() }))

/** How these read in a trail. */
export const contactLabels: Readonly<Record<string, EventLabel>> = {
  [memberWritten.name]: { text: '写入企业微信通讯录（{userid}）', tone: 'quiet' },
  [memberRefused.name]: { text: '企业微信通讯录没有接受（{userid}，{problem}）', tone: 'bad' },
}

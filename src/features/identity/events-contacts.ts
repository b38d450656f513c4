import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

// The subject of each is the 学工号 whose member it is, or the userid of one who is nobody here.
export const memberWritten = defineEvent('identity.member-written', Type.Object({ userid: Type.String(), act: Type.String() }))
export const memberRefused = defineEvent('identity.member-refused', Type.Object({ userid: Type.String(), problem: Type.String() }))
/** The subject is the person, who can be reached in WeCom again. */
export const memberReturned = defineEvent('identity.member-returned', Type.Object({ number: Type.String(), userid: Type.String() }))
/** The subject is the run. */
export const addressBookRead = defineEvent('identity.address-book-read', Type.Object({ run_id: Type.String(), kind: Type.String() }))
/** The subject is the difference. */
export const differenceDecided = defineEvent('identity.difference-decided', Type.Object({ subject: Type.String(), field: Type.String(), decision: Type.String() }))

/** How these read in a trail. */
export const contactLabels: Readonly<Record<string, EventLabel>> = {
  [memberWritten.name]: { text: '写入企业微信通讯录（{userid}）', tone: 'quiet' },
  [memberRefused.name]: { text: '企业微信通讯录没有接受（{userid}，{problem}）', tone: 'bad' },
  [memberReturned.name]: { text: '又回到企业微信（{number}）', tone: 'good' },
  [addressBookRead.name]: { text: '核对或写入了企业微信通讯录', tone: 'quiet', href: () => '/admin/contacts' },
  [differenceDecided.name]: { text: '处理了通讯录的一处差异（{subject}，{field}，{decision}）', tone: 'quiet' },
}

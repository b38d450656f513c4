import { schoolTime } from '../../../platform/dates.ts'
import type { DocumentRow } from '../tables.ts'
import type { Share } from './tables.ts'

export const LINK_MAIL = 'documents.share-link'
export const PASSCODE_MAIL = 'documents.share-passcode'

type Told = { share: Share; document: DocumentRow; address: string; school: string }

/** The link, to who was named. What stands in double braces is put in when it is sent and kept nowhere. */
export function linkMail({ share, document, address, school }: Told) {
  const holder = document.facts.name ?? ''
  return {
    to_address: address, person_id: document.person_id, kind: LINK_MAIL, subject: share.id, attachments: [],
    subject_line: `${holder}给你分享了${document.title}`,
    text: [
      `${share.recipient ?? ''}：`.replace(/^：$/, '您好：'), '',
      `${holder}通过${school}办事大厅给你分享了一份${document.title}。`,
      ...share.purpose ? [`用途：${share.purpose}`] : [],
      '', '打开：{{link}}', '',
      ...share.passcode ? ['打开时要输入口令，口令在另一封邮件里。'] : [],
      `有效至 ${schoolTime(share.expires_at).date}${share.views_most === null ? '' : `，一共可以打开 ${share.views_most} 次`}。文件上有学校的电子签章，打开后可以核验真伪。`,
      '', '请不要转发这封邮件。如果你不认识这个人，不用理会。这封邮件由系统发出，请不要直接回复。',
    ].join('\n'),
  }
}

/** The passcode, in a mail of its own that does not say what it opens where. */
export function passcodeMail({ share, document, address, school }: Told) {
  return {
    to_address: address, person_id: document.person_id, kind: PASSCODE_MAIL, subject: share.id, attachments: [],
    subject_line: `${school}办事大厅：打开文件的口令`,
    text: ['您好：', '', '另一封邮件里的链接要用的口令是：{{passcode}}', '', '口令不分大小写。请不要把它和链接一起转发。这封邮件由系统发出，请不要直接回复。'].join('\n'),
  }
}

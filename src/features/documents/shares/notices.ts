import { schoolTime } from '../../../platform/dates.ts'
import type { Language } from '../../../platform/text.ts'
import { mailAbout } from '../notices.ts'
import type { DocumentRow } from '../tables.ts'
import type { Share } from './tables.ts'

export const LINK_MAIL = 'documents.share-link'
export const PASSCODE_MAIL = 'documents.share-passcode'

type Told = { share: Share; document: DocumentRow; address: string; school: { name: string; nameEn: string }; /** of the document */ language: Language }

/** The link, to who was named. What stands in double braces is put in when it is sent and kept nowhere. */
export function linkMail({ share, document, address, school, language }: Told) {
  return {
    to_address: address, person_id: document.person_id, kind: LINK_MAIL, subject: share.id, attachments: [],
    ...mailAbout(document, language, ({ t, english, title, holder }) => ({
      subject: t('{holder}给你分享了{title}', { holder, title }),
      lines: [
        share.recipient ? t('{recipient}：', { recipient: share.recipient }) : t('您好：'), '',
        t('{holder}通过{school}办事大厅给你分享了一份{title}。', { holder, school: english ? school.nameEn : school.name, title }),
        ...share.purpose ? [t('用途：{purpose}', { purpose: share.purpose })] : [],
        '', `${t('打开：')}{{link}}`, '',
        ...share.passcode ? [t('打开时要输入口令，口令在另一封邮件里。')] : [],
        share.views_most === null ? t('有效至 {date}。', { date: schoolTime(share.expires_at).date }) : t('有效至 {date}，一共可以打开 {n} 次。', { date: schoolTime(share.expires_at).date, n: share.views_most }),
        t('文件上有学校的电子签章，打开后可以核验真伪。'),
        '', t('请不要转发这封邮件。如果你不认识这个人，不用理会。这封邮件由系统发出，请不要直接回复。'),
      ],
    })),
  }
}

/** The passcode, in a mail of its own that does not say what it opens where. */
export function passcodeMail({ share, document, address, school, language }: Told) {
  return {
    to_address: address, person_id: document.person_id, kind: PASSCODE_MAIL, subject: share.id, attachments: [],
    ...mailAbout(document, language, ({ t, english }) => ({
      subject: t('{school}办事大厅：打开文件的口令', { school: english ? school.nameEn : school.name }),
      lines: [t('您好：'), '', `${t('另一封邮件里的链接要用的口令是：')}{{passcode}}`, '', t('口令不分大小写。请不要把它和链接一起转发。这封邮件由系统发出，请不要直接回复。')],
    })),
  }
}

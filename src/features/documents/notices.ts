import { type Language, type T, textIn } from '../../platform/text.ts'
import { grouped } from './rules.ts'
import type { DocumentRow } from './tables.ts'
import { remedy, type Trouble, troubleSentence } from './trouble.ts'

const chinese = textIn('zh')

/** The name under which the file arrives. */
export function fileName({ title, number }: Pick<DocumentRow, 'title' | 'number'>): string {
  return `${title}-${number}.pdf`
}

/** The header that names a download, also with Chinese in its name. */
export function fileNameHeader(name: string): string {
  const encoded = encodeURIComponent(name).replace(/['()*]/g, found => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="download${/\.\w+$/.exec(name)?.[0] ?? ''}"; filename*=UTF-8''${encoded}`
}

export function issueMessage(document: DocumentRow, sha256: string) {
  return {
    to: document.person_id, kind: 'documents.issued', title: `${document.title}已签章`, subject: document.id, url: `/documents/${document.id}`,
    lines: [
      { label: '文件编号', value: document.number },
      ...(document.mail_to ? [{ label: '同时寄往', value: document.mail_to }] : []),
    ],
    text: '文件上有学校的电子签章。请在电脑上打开，手机预览可能显示不全',
    file: { sha256, filename: fileName(document) },
  }
}

type Said = { subject: string; lines: string[] }

/** A mail about a document; where that is in English, in English first: who reads it abroad may read no Chinese. */
export function mailAbout({ title, facts }: Pick<DocumentRow, 'title' | 'facts'>, language: Language, say: (words: { t: T; english: boolean; title: string; holder: string }) => Said): { subject_line: string; text: string } {
  const said = [...language === 'en' ? ['en' as const] : [], 'zh' as const].map(each => {
    const [words, english] = [textIn(each), each === 'en']
    return say({ t: words, english, title: words(title), holder: (english && facts.name_en) || (facts.name ?? '') })
  })
  return { subject_line: said[0]?.subject ?? '', text: said.map(({ lines }) => lines.join('\n')).join('\n\n———\n\n') }
}

export function issueMail(document: DocumentRow, to_address: string, sha256: string, language: Language) {
  return {
    to_address, person_id: document.person_id, kind: 'documents.issued', subject: document.id,
    ...mailAbout(document, language, ({ t, title, holder }) => ({
      subject: t('{title}（{holder}）', { title, holder }),
      lines: [
        t('您好：'), '', t('附件是{holder}的{title}，文件编号 {number}。', { holder, title, number: document.number }),
        t('文件上有学校的电子签章和验证码。请在电脑上打开，手机预览可能显示不全。'),
        t('核验真伪：打开文件上印的网址，输入验证码 {code}，或把这份 PDF 拖进核验页面。', { code: grouped(document.code) }),
        '', t('文件内容改动后签章即失效。这封邮件由系统发出，请不要直接回复。'),
      ],
    })),
    attachments: [{ sha256, filename: fileName({ title: textIn(language)(document.title), number: document.number }) }],
  }
}

/** To its owner: nothing to do but wait, and whom to ask. */
export function troubleMessage(document: DocumentRow, trouble: Trouble) {
  return {
    to: document.person_id, kind: 'documents.impossible', title: `${document.title}暂时不能生成`, subject: document.id, url: `/documents/${document.id}`,
    lines: [{ label: '文件编号', value: document.number }, { label: '原因', value: troubleSentence(trouble, chinese) }],
    text: '管理员已收到通知，更正以后会自动发出，不用重新申请',
  }
}

/** To an administrator: whose, why, and how to mend it. */
export function troubleReport(document: DocumentRow, trouble: Trouble, admin: string) {
  return {
    to: admin, kind: 'documents.needs-mending', title: `有一份${document.title}不能生成`, subject: document.id, url: `/documents/${document.id}`,
    lines: [{ label: '学工号', value: document.person_number }, { label: '文件编号', value: document.number }, { label: '原因', value: troubleSentence(trouble, chinese) }],
    text: remedy(trouble, chinese),
  }
}

export function revokeMessage(document: DocumentRow, reason: string) {
  return {
    to: document.person_id, kind: 'documents.revoked', title: `${document.title}已作废`, subject: document.id, url: `/documents/${document.id}`,
    lines: [{ label: '文件编号', value: document.number }, { label: '原因', value: reason }],
  }
}

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A text that people are asked to agree to, in both languages; another text is another version. */
export type Notice = { name: string; hash: string; zh: string; en: string }

/** The notice of the hall itself, which everybody is asked about. */
export const WHOLE_HALL = 'privacy'

/** What a consent is called, and what follows when it is withdrawn. Those for one occasion are not withdrawn: they are over with it. */
export const titles: ReadonlyMap<string, { title: string; after: readonly string[] }> = new Map([
  [WHOLE_HALL, { title: '隐私说明', after: ['你会退出登录，再次使用办事大厅前会重新询问', '已经提交的申请继续办理，到各部门窗口也能办'] }],
  ['wecom-phone', { title: '向企业微信提供手机号', after: ['学校不再把你的手机号写入或更新到企业微信', '已经写入的不会自己消失：可以解除绑定，并从“联系客服”请学校删除你的成员账号', '在电脑上用校园账号登录、办事都不受影响'] }],
  ['document-share', { title: '把文件分享给指定的人', after: ['已经下载的不能收回，可以结束分享，或者请学校作废文件'] }],
  ['third-party', { title: '把文件寄给别人', after: ['寄出的不能收回，可以请学校作废文件'] }],
])

/** Reads `NAME.zh.html` and `NAME.en.html` of a folder; `{school}` is the university. */
export function readNotices(folder: string, school: { name: string; nameEn: string }): Map<string, Notice> {
  const names = readdirSync(folder).filter(file => file.endsWith('.zh.html')).map(file => file.slice(0, -'.zh.html'.length))
  return new Map(names.map(name => {
    const zh = text(folder, `${name}.zh.html`, school.name)
    const en = text(folder, `${name}.en.html`, school.nameEn)
    return [name, { name, hash: createHash('sha256').update(zh).update('\0').update(en).digest('hex'), zh, en }]
  }))
}

function text(folder: string, file: string, school: string): string {
  return readFileSync(join(folder, file), 'utf8').replaceAll('{school}', escaped(school))
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

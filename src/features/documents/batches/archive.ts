import type { Readable } from 'node:stream'
import type { Files } from '../../../integrations/files/index.ts'
import type { Sources, ZipPart } from '../../../integrations/sources/index.ts'
import { schoolTime } from '../../../platform/dates.ts'
import type { Db } from '../../../platform/db.ts'
import type { T } from '../../../platform/text.ts'
import { TAGS } from '../pages/list.ts'
import { grouped } from '../rules.ts'
import { OUTCOMES } from './pages.ts'
import { problemSentence } from './problems.ts'
import { type FiledItem, listFiled } from './store.ts'

const PAGE = 200

type Deps = { db: Db; files: Pick<Files, 'get'>; sources: Pick<Sources, 'writeXlsx' | 'writeZip'> }

/** The sealed papers of a batch with an index of everybody in it. Papers that were revoked are in the index alone. */
export function batchArchive({ db, files, sources }: Deps, batch_id: string, t: T): Readable {
  async function* items(): AsyncGenerator<FiledItem> {
    for (let after: string | undefined; ;) {
      const page = await listFiled(db, batch_id, { after, limit: PAGE })
      yield* page
      after = page.at(-1)?.id
      if (page.length < PAGE) return
    }
  }
  async function* rows(): AsyncGenerator<string[]> {
    for await (const item of items()) yield rowOf(item, t)
  }
  async function* parts(): AsyncGenerator<ZipPart> {
    const sheet = { name: t('目录'), widths: [18, 14, 44, 20, 24, 12, 18, 40], head: [t('学号'), t('姓名'), t('文件名'), t('文件编号'), t('验证码'), t('状态'), t('签章时间'), t('说明')], rows: rows() }
    yield { name: `${t('目录')}.xlsx`, body: Buffer.concat(await sources.writeXlsx([sheet]).toArray()) }
    for await (const item of items()) if (item.document?.sha256 && isValid(item)) yield { name: pathOf(item), at: item.document.issued_at ?? 0, body: await files.get(item.document.sha256) }
  }
  return sources.writeZip(parts())
}

function isValid({ document }: FiledItem): boolean {
  return document?.status === 'issued'
}

/** `20230103127-张晓明-中文在读证明.pdf`; what a file system does not take is left out. */
function pathOf({ number, name, document }: FiledItem): string {
  return `${[number, name, document?.title ?? ''].map(part => part.replace(/[\p{Cc}\\/:*?"<>|]/gu, '')).join('-')}.pdf`
}

function rowOf(item: FiledItem, t: T): string[] {
  const { document } = item
  const status = document ? t(TAGS[document.status].text) : t(OUTCOMES[item.outcome].text)
  return [
    item.number, item.name, isValid(item) ? pathOf(item) : '', document?.number ?? '', document ? grouped(document.code) : '', status,
    document?.issued_at ? Object.values(schoolTime(document.issued_at)).join(' ') : '', problemSentence(item.problem, t),
  ]
}

import type { Db } from '../../../platform/db.ts'
import type { PersonalKind } from '../../../platform/personal.ts'
import { listPrints } from './store.ts'

/** What a person printed at terminals, as 我的信息 shows it. */
export async function printsOfPerson(db: Db, person_id: string, limit: number): Promise<PersonalKind> {
  const rows = await listPrints(db, { person_id }, { limit })
  return {
    label: '自助打印', purpose: '在自助终端打印你的文件，计算份数', source: '你在终端上打印的时候', term: '按学校的档案规定',
    entries: rows.map(row => ({ title: row.title, at: row.handed_at, facts: [{ label: '文件编号', value: row.number }, { label: '终端', value: row.terminal }, { label: '地点', value: row.place }, { label: '打印时间', value: row.printed_at, at: true }] })),
  }
}

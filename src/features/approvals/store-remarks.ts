import type { Db, Tx } from '../../platform/db.ts'
import { insertRows } from '../../platform/prepared.ts'
import { type Narrowing, within } from './store-tasks.ts'
import type { CopiesTable, RemarksTable } from './tables.ts'

export async function insertRemark(tx: Tx, row: RemarksTable): Promise<void> {
  await insertRows(tx, 'approvals_remarks', [row])
}

export type Remark = Omit<RemarksTable, 'instance_id'> & { label: string | null }

/** In the order made; `label`: of the step it was made at. */
export async function remarksOf(db: Db, instance_id: string): Promise<Remark[]> {
  return await db.selectFrom('approvals_remarks as remark').leftJoin('approvals_nodes as node', 'node.id', 'remark.node_id')
    .select(['remark.id', 'remark.node_id', 'remark.person_id', 'remark.person_name', 'remark.act', 'remark.whom', 'remark.text', 'remark.created_at', 'node.label'])
    .where('remark.instance_id', '=', instance_id).orderBy('remark.id').execute()
}

export async function insertCopies(tx: Tx, rows: CopiesTable[]): Promise<void> {
  await insertRows(tx, 'approvals_copies', rows)
}

export type Copy = Omit<CopiesTable, 'instance_id'>

export async function copiesOf(db: Db, instance_id: string): Promise<Copy[]> {
  return await db.selectFrom('approvals_copies').select(['id', 'node_id', 'person_id', 'person_name', 'by_name', 'created_at'])
    .where('instance_id', '=', instance_id).orderBy('id').execute()
}

/** 抄送我的, newest first. `before`: id of the last copy seen. */
export async function copiesTo(db: Db, person_id: string, { before, limit, ...narrowing }: { before?: string | undefined; limit: number } & Narrowing) {
  return await db.selectFrom('approvals_copies as copy').innerJoin('approvals_instances as instance', 'instance.id', 'copy.instance_id')
    .select(['copy.id', 'copy.by_name', 'copy.created_at', 'instance.title', 'instance.url', 'instance.status', 'instance.applicant_name', 'instance.applicant_number'])
    .where('copy.person_id', '=', person_id).where(within('copy.created_at', narrowing)).$if(before !== undefined, query => query.where('copy.id', '<', before ?? ''))
    .orderBy('copy.id', 'desc').limit(limit).execute()
}

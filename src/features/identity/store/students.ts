import type { Db } from '../../../platform/db.ts'

export type StudentsWanted = {
  /** any of these units; undefined for all */
  unit_ids?: readonly string[] | undefined
  class_name?: string | undefined
  /** 入学年份, as 2023 */
  entered?: string | undefined
  /** graduates and others who are not here any more are students too */
  all?: boolean
  limit: number
}

/** Students by 院系, 班级 and 入学年份, in the order of their numbers. */
export async function studentsOf(db: Db, { unit_ids, class_name, entered, all = false, limit }: StudentsWanted): Promise<{ person_id: string; number: string; name: string }[]> {
  return await db.selectFrom('identity_numbers as n').innerJoin('identity_people as p', 'p.id', 'n.person_id')
    .select(['n.person_id', 'n.number', 'p.name']).where('n.kind', '=', 'student')
    .$if(!all, query => query.where('n.standing', 'in', ['enrolled', 'suspended']))
    .$if(unit_ids !== undefined, query => query.where('n.unit_id', 'in', unit_ids?.length ? unit_ids : ['']))
    .$if(class_name !== undefined, query => query.where('n.class_name', '=', class_name ?? ''))
    .$if(entered !== undefined, query => query.where('n.entered_on', '>=', `${entered}-01-01`).where('n.entered_on', '<=', `${entered}-12-31`))
    .orderBy('n.number').limit(limit).execute()
}

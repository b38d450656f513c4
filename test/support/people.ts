import type { App } from '../../src/app.ts'

export type Someone = { person_id: string; number: string; name: string; userid: string }

/** People of the sample university that a story needs: a student, the student's tutor, the registrars who may act for the student, an administrator of each kind. */
export async function cast({ database: { db } }: App, which = 0): Promise<{ student: Someone; classmate: Someone; tutor: Someone; registrars: Someone[]; admin: Someone; security: Someone; audit: Someone }> {
  const people = db.selectFrom('identity_numbers as number').innerJoin('identity_people as person', 'person.id', 'number.person_id')
    .innerJoin('identity_bindings as binding', 'binding.current_number', 'number.number')
    .select(['person.id as person_id', 'number.number', 'person.name', 'binding.userid', 'number.tutor_id', 'number.unit_id']).orderBy('number.number')
  const students = await people.where('number.kind', '=', 'student').where('number.standing', '=', 'enrolled').limit(which + 2).execute()
  const [student, classmate] = students.slice(which)
  if (!student || !classmate) throw new Error('the sample has too few students')
  const tutor = await people.where('person.id', '=', student.tutor_id ?? '').executeTakeFirstOrThrow()
  const holding = (role: string) => people.innerJoin('identity_grants as role', 'role.person_id', 'person.id').where('role.role', '=', role)
  const registrars = await holding('registrar').where(where => where.or([where('role.scope_id', '=', ''), where('role.scope_id', '=', student.unit_id)])).execute()
  const [admin, security, audit] = [await holding('admin').executeTakeFirstOrThrow(), await holding('security').executeTakeFirstOrThrow(), await holding('audit').executeTakeFirstOrThrow()]
  return { student, classmate, tutor, registrars, admin, security, audit }
}

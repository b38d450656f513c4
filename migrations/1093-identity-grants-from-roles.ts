import { type Kysely, sql } from 'kysely'

// Done again it adds nothing: a grant has the id of the role it came from.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into identity_grants (id, person_id, role, scope_kind, scope_id, source, granted_at, starts_at, live_key)
    select r.id, r.person_id, r.role, case r.unit_id when '' then 'all' else 'unit' end, r.unit_id, r.source, r.granted_at, r.granted_at,
      concat(r.person_id, ':', r.role, ':', case r.unit_id when '' then 'all' else 'unit' end, ':', r.unit_id)
    from identity_roles as r where r.id not in (select g.id from identity_grants as g)
  `.execute(db)
}

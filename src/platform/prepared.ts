import { type CompiledQuery, type RawBuilder, sql } from 'kysely'
import type { Db } from './db.ts'

class Place {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

type Arguments = Record<string, string | number | null>

/** Stands in a query for the argument of this name. */
export type Value<Args extends Arguments> = <Name extends keyof Args>(name: Name) => RawBuilder<Args[Name]>

/**
 * A query that is built and compiled once per database, for what every page asks: building one costs more than SQLite needs to
 * run it. The arguments come with each call.
 */
export function prepared<Args extends Arguments, Row>(build: (db: Db, value: Value<Args>) => { compile(): CompiledQuery<Row> }): (db: Db, args: Args) => Promise<Row[]> {
  // A transaction has the adapter of the database it was begun on.
  const kept = new WeakMap<object, CompiledQuery<Row>>()
  return async (db, args) => {
    const { adapter } = db.getExecutor()
    const query = kept.get(adapter) ?? build(db, name => sql`${new Place(String(name))}`).compile()
    kept.set(adapter, query)
    const parameters = query.parameters.map(parameter => parameter instanceof Place ? args[parameter.name] : parameter)
    const { rows } = await db.executeQuery<Row>({ ...query, parameters })
    return rows
  }
}

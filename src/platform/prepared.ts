import { type CompiledQuery, type Insertable, type QueryResult, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Db, Tx } from './db.ts'

/*
 * Statements that are built and compiled once per database, for what every page and every decision asks: building one costs more
 * than SQLite needs to run it.
 */

class Place {
  readonly name: string
  readonly index: number
  constructor(name: string, index: number) {
    this.name = name
    this.index = index
  }
}

type Argument = string | number | null
type Arguments = Record<string, Argument | readonly Argument[]>

/** Stands in a query for the argument of this name; for a list, after `in`, which must not be empty. */
export type Value<Args extends Arguments> = <Name extends keyof Args>(name: Name) => RawBuilder<Args[Name] extends readonly (infer Member)[] ? Member : Args[Name]>

type Build<Args extends Arguments, Row> = (db: Db, value: Value<Args>) => { compile(): CompiledQuery<Row> }

/** A query; the arguments come with each call. */
export function prepared<Args extends Arguments, Row>(build: Build<Args, Row>): (db: Db, args: Args) => Promise<Row[]> {
  const run = statement(build)
  return async (db, args) => (await run(db, args)).rows
}

/** An update or delete; returns how many rows it met. */
export function preparedChange<Args extends Arguments>(build: Build<Args, unknown>): (tx: Tx, args: Args) => Promise<number> {
  const run = statement(build)
  return async (tx, args) => Number((await run(tx, args)).numAffectedRows)
}

function statement<Args extends Arguments, Row>(build: Build<Args, Row>): (db: Db, args: Args) => Promise<QueryResult<Row>> {
  const all = new WeakMap<object, Map<string, CompiledQuery<Row>>>()
  return (db, args) => {
    const kept = keptFor(all, db)
    const sizes = sizesOf(args)
    let query = kept.get(sizes)
    if (!query) kept.set(sizes, query = build(db, name => placesFor(String(name), args[name])).compile())
    return execute(db, query, query.parameters.map(parameter => parameter instanceof Place ? valueAt(args[parameter.name], parameter.index) : parameter))
  }
}

// A list has room for the next power of two of members and ends in its last one again and again: so few statements serve all lengths.
function roomFor(list: readonly unknown[]): number {
  return 2 ** Math.ceil(Math.log2(list.length))
}

function sizesOf(args: Arguments): string {
  let sizes = ''
  for (const name in args) {
    const argument = args[name]
    if (isList(argument)) sizes += ` ${roomFor(argument)}`
  }
  return sizes
}

function placesFor<Of>(name: string, argument: Argument | readonly Argument[] | undefined): RawBuilder<Of> {
  if (!isList(argument)) return sql`${new Place(name, 0)}`
  return sql`(${sql.join(Array.from({ length: roomFor(argument) }, (_, index) => new Place(name, index)))})`
}

function valueAt(argument: Argument | readonly Argument[] | undefined, index: number): unknown {
  return isList(argument) ? argument[Math.min(index, argument.length - 1)] : argument
}

function isList(argument: Argument | readonly Argument[] | undefined): argument is readonly Argument[] {
  return typeof argument === 'object' && argument !== null
}

/** Adds rows; all of them name the same columns in the same order. */
export async function insertRows<Name extends keyof Tables & string>(tx: Tx, table: Name, rows: readonly Insertable<Tables[Name]>[]): Promise<void> {
  for (let from = 0; from < rows.length; from += PORTION) await insertPortion(tx, table, rows.length > PORTION ? rows.slice(from, from + PORTION) : rows)
}

// Every number of rows is a statement of its own to keep.
const PORTION = 20

function insertPortion(tx: Tx, table: string, rows: readonly object[]): Promise<unknown> {
  const { columns, query } = insertFor(tx, table, rows)
  if (rows.some((row, place) => place > 0 && !namesAll(row, columns))) throw new TypeError(`rows of ${table} with different columns`)
  return execute(tx, query, rows.flatMap(row => Object.values(row)))
}

type Insert = { columns: readonly string[]; query: CompiledQuery }

/** By table and number of rows; hardly ever more than one set of columns. */
const inserts = new WeakMap<object, Map<string, Insert[]>>()

function insertFor(tx: Tx, table: string, rows: readonly object[]): Insert {
  const [first = {}] = rows
  const kept = keptFor(inserts, tx)
  const place = `${table} ${rows.length}`
  const known = kept.get(place) ?? []
  const found = known.find(insert => namesAll(first, insert.columns))
  if (found) return found
  const columns = Object.keys(first)
  const places = sql`(${sql.join(columns.map(() => null))})`
  const query = sql`insert into ${sql.table(table)} (${sql.join(columns.map(column => sql.ref(column)))}) values ${sql.join(rows.map(() => places))}`.compile(tx)
  kept.set(place, [...known, { columns, query }])
  return { columns, query }
}

function namesAll(row: object, columns: readonly string[]): boolean {
  const names = Object.keys(row)
  return names.length === columns.length && names.every((name, place) => name === columns[place])
}

/** For statements whose columns are known only when they run: `name` says all that the text depends on, `parameters` replace those it was built with. */
export function runNamed(tx: Tx, name: string, build: () => RawBuilder<unknown>, parameters: readonly unknown[]): Promise<QueryResult<unknown>> {
  const kept = keptFor(named, tx)
  let query = kept.get(name)
  if (!query) kept.set(name, query = build().compile(tx))
  return execute(tx, query, parameters)
}

const named = new WeakMap<object, Map<string, CompiledQuery>>()

/** What is kept for a database; a transaction has the adapter of the one it was begun on. */
function keptFor<Kept>(all: WeakMap<object, Map<string, Kept>>, db: Db): Map<string, Kept> {
  const { adapter } = db.getExecutor()
  let kept = all.get(adapter)
  if (!kept) all.set(adapter, kept = new Map<string, Kept>())
  return kept
}

function execute<Row>(db: Db | Tx, { query, queryId, sql: text }: CompiledQuery<Row>, parameters: readonly unknown[]): Promise<QueryResult<Row>> {
  return db.run({ query, queryId, sql: text, parameters })
}

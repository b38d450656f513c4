import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from './db.ts'
import type { Reaction } from './events.ts'
import type { Work } from './jobs.ts'
import type { Machine } from './machine.ts'
import type { PersonalKind } from './personal.ts'
import type { SealedColumn } from './reseal.ts'
import type { Right } from './rights.ts'

/** An entry of the hall's menu, for who is signed in. */
export type HallEntry = {
  /** the sub-menu that holds it; without one it stands on the bar itself */
  group?: string
  label: string
  href: string
  /** what else belongs to it; where nothing is said, the addresses under its own; null: none */
  below?: string | null
  /** its icon among the tabs of the phone, where it is one of them; there it has the name of its group */
  tab?: string
  /** carries the number of open tasks */
  counted?: true
  /** the right that its routes ask; without one, everybody's */
  right?: Right
}

/** An entry of the console's menu. */
export type ConsoleEntry = Pick<HallEntry, 'label' | 'href' | 'below'> & { group: string; icon?: string; right: Right }

/** Routes of the console, mounted under /admin behind this right. */
export type ConsoleGroup = {
  right: Right
  routes: FastifyPluginAsync
  /** what reaches deep into others' rights or data: a second factor of minutes ago is asked, not one of this morning */
  recent?: boolean
}

/** What other systems of the school may do here, under /api/v1: what a token may be given, by name with its label, and the calls. Each names in its `config.scope` which of them it asks. */
export type ApiCalls = {
  scopes: Readonly<Record<string, string>>
  /** codes of problems that these calls alone tell */
  problems: Readonly<Record<string, { status: number; title: string }>>
  routes: FastifyPluginAsync
}

/** How an event reads in a timeline: a phrase with `{names}` from its data and `{actor}`, and where it leads. */
export type EventLabel = { text: string; tone?: 'good' | 'bad' | 'wait' | 'quiet'; href?(data: Record<string, unknown>): string; /** what of its data is a phrase, by name */ words?(data: Record<string, unknown>): Record<string, string> }

/** The shape every feature has: what the edges walk over. */
export type Feature = {
  readonly name: string
  /** called by programs: no session, no CSRF token; they prove themselves */
  readonly machineRoutes?: FastifyPluginAsync
  /** calls of other systems, which prove themselves by a token */
  readonly api?: ApiCalls
  /** for anyone */
  readonly publicRoutes?: FastifyPluginAsync
  /** stands before every page of who is signed in, and may answer in its place */
  readonly gate?: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
  /** for who is signed in */
  readonly routes?: FastifyPluginAsync
  readonly console?: readonly ConsoleGroup[]
  readonly consoleMenu?: readonly ConsoleEntry[]
  readonly hallMenu?: readonly HallEntry[]
  readonly reactions?: readonly Reaction[]
  readonly jobs?: readonly Work[]
  readonly machines?: readonly Machine[]
  /** what rests sealed in this feature's tables, for a change of keys */
  readonly sealed?: readonly SealedColumn[]
  /** what this feature keeps about a person, for 我的信息 */
  readonly personal?: (db: Db, person_id: string) => Promise<PersonalKind[]>
  /** which of these files of the store (SHA-256) a row of this feature points to */
  readonly filesNeeded?: (db: Db, shas: readonly string[]) => Promise<string[]>
  /** how this feature's events read, by name */
  readonly labels?: Readonly<Record<string, EventLabel>>
}

import type { Session } from 'fastify'
import type { Actor } from './events.ts'
import type { Right } from './rights.ts'
import type { Language, T } from './text.ts'

/** Who the request is signed in as. */
export type SignedIn = {
  person_id: string
  /** the 学工号 of this sign-in */
  number: string
  name: string
  kind: string
  /** what the roster says of the number today: enrolled, suspended, graduated, employed */
  standing: string
  unit_name: string
  roles: readonly string[]
  /** what the roles allow in the console; asked with `can` */
  rights: readonly Right[]
  /** pages other than changing it wait until the first password is changed */
  must_change_password?: boolean
  /** the console opens after a second factor alone; when this session last proved one */
  wants_second_factor?: boolean
  second_factor_at?: number
}

/** A file that came with a multipart form; `truncated` where it was larger than we read. */
export type Upload = { filename: string; mimetype: string; data: Buffer; truncated: boolean }

/** The file of a form's field, where one came. */
export function uploadIn(body: unknown, field: string): Upload | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const value = new Map<string, unknown>(Object.entries(body)).get(field)
  return isUpload(value) ? value : undefined
}

function isUpload(value: unknown): value is Upload {
  return typeof value === 'object' && value !== null && 'data' in value && Buffer.isBuffer(value.data)
}

/** `undo`: the form that takes it back. */
export type Flash = { meaning: 'done' | 'info' | 'warn' | 'error'; text: string; undo?: { action: string; fields: Record<string, string> } }

/** What a template is given besides what the layout adds. */
export type PageModel = {
  title: string
  /** the badge of 我收到的, where the route has counted already */
  counts?: { todo: number }
  /** where it stands in the menu, when its own address does not say so */
  section?: string
  [name: string]: unknown
}

/** What is kept of a session. */
export type SessionContent = Omit<Session, 'sessionId' | 'destroy' | 'regenerate'>

/** A session's content, also as the text that is kept, and who is signed in by it. */
export type KeptSession = { content: SessionContent; text: string; visitor: SignedIn | null }

/** Where sessions are kept, and who is signed in by them. */
export type SessionStore = {
  /** null where there is none of this id, or it has ended */
  find(sessionId: string): Promise<KeptSession | null>
  /** Does nothing where the session has ended meanwhile. */
  keep(sessionId: string, content: SessionContent): Promise<void>
  end(sessionId: string): Promise<void>
}

declare module 'fastify' {
  interface FastifyRequest {
    session: Session
    /** null where nobody is signed in */
    visitor: SignedIn | null
    /** as `visitor`, behind the guard; throws where there is nobody */
    readonly person: SignedIn
    readonly actor: Actor
    language: Language
    readonly t: T
  }
  interface FastifyReply {
    /** `views/<view>.eta` inside the hall's layout */
    page(view: string, model: PageModel): Promise<FastifyReply>
    /** `views/<view>.eta` inside the console's layout */
    console(view: string, model: PageModel): Promise<FastifyReply>
  }
  interface Session {
    /** shown once, on the next page */
    flash?: Flash
    readonly sessionId: string
    /** Ends it everywhere; it is empty afterwards. */
    destroy(): Promise<void>
    /** The same, to go on under a new id. */
    regenerate(): Promise<void>
  }
}

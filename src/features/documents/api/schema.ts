import { type Static, Type } from 'typebox'

const at = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const strict = { additionalProperties: false }

export const IssueHeaders = Type.Object({ 'idempotency-key': Type.String({ minLength: 1, maxLength: 64, pattern: '^[\\x21-\\x7e]+$', description: 'Chosen by the caller, one for each document wanted. The same key with the same body gives the same document, however often it is sent' }) })

export const Issue = Type.Object({
  kind: Type.String({ maxLength: 60, description: 'From GET /api/v1/kinds' }),
  student_number: Type.String({ minLength: 1, maxLength: 40 }),
  purpose: Type.String({ minLength: 1, maxLength: 100, description: 'What it is for. Told to the student, kept, and printed where the kind has a place for it' }),
  reference: Type.Optional(Type.String({ maxLength: 100, description: "The caller's own number for this; comes back with the state" })),
}, strict)
export type IssueBody = Static<typeof Issue>

export const RevocationBody = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 200, description: 'Who verifies the document reads it' }) }, strict)

export const ById = Type.Object({ id: Type.String({ maxLength: 26 }) })

export const State = Type.Object({
  id: Type.String(), kind: Type.String(), title: Type.String(), number: Type.String({ description: 'Printed on it (文号)' }),
  state: Type.String({ description: 'reserved (being drawn), issued, impossible, revoked' }),
  student_number: Type.String(), purpose: Type.String(), reference: at("The caller's own"),
  created_at: Type.String({ description: 'RFC 3339' }), issued_at: at('RFC 3339'), ended_at: at('When it was revoked or found impossible'),
  reason: at('Why it was revoked, or is impossible'), sha256: at('Of the sealed file, hex'), signature_level: at('PAdES'),
  verify_url: at('For people'), file: at('Address of the PDF'), credential: at('Address of the Open Badges 3.0 credential'),
})
export type StateAnswer = Static<typeof State>

export const Page = Type.Object({ before: Type.Optional(Type.String({ maxLength: 26, description: '`next` of the page before' })), limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|100)$', description: '1 to 100, 20 where left out' })) }, strict)
export const States = Type.Object({ documents: Type.Array(State), next: at('`before` of the next page; null on the last') })

export const Kinds = Type.Object({ kinds: Type.Array(Type.Object({ kind: Type.String(), title: Type.String(), language: Type.String(), price: Type.Integer({ description: 'fen; not charged to offices' }) })) })

export const Verify = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 60, description: 'As printed; case, spaces, dashes and look-alikes are forgiven' }),
  name_end: Type.Optional(Type.String({ minLength: 1, maxLength: 4, description: "The last character of the holder's name, as on the paper" })),
  sha256: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{64}$', description: 'Of the file, hex' })),
}, { ...strict, description: '`code` with at least one of the others; or send the PDF itself as application/pdf' })
export type VerifyBody = Static<typeof Verify>

export const Verdict = Type.Object({
  verdict: Type.String({ description: 'genuine; altered (bytes changed after sealing); revoked; mismatch (the register knows the code, but not with this name or file); unknown' }),
  findings: Type.Array(Type.Object({ finding: Type.String(), ok: Type.Union([Type.Boolean(), Type.Null()], { description: 'null: cannot be said' }), detail: Type.String() })),
  certified: Type.Union([Type.Object({
    kind: Type.String(), title: Type.String(), number: Type.String(), holder: Type.String({ description: 'masked' }), holder_number: Type.String({ description: 'masked' }),
    issued_on: Type.String(), revoked_on: at(''), reason: at('Why it was revoked'),
  }), Type.Null()], { description: 'Of what is genuine or revoked' }),
})
export type VerdictAnswer = Static<typeof Verdict>

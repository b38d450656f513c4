import type { TSchema } from 'typebox'
import { ById, Issue, IssueHeaders, Kinds, Page, RevocationBody, State, States, Verdict, Verify } from './schema.ts'

/** The scopes of a token, as the console calls them. */
export const scopes = { 'documents.verify': '核验证明文件', 'documents.issue': '代学生开具证明文件', 'documents.revoke': '作废自己开具的证明文件' }

type Scope = keyof typeof scopes
type Answer = { description: string; content: Record<string, { schema: object }> }

const LARGEST_FILE = 10 * 1024 * 1024

const json = (schema: TSchema, description = 'Done'): Answer => ({ description, content: { 'application/json': { schema } } })
const PROBLEM: Answer = { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } } }
const FILE: Answer = { description: 'The file', content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } } }

/** How a call is described to readers and checked by the door; every one may answer with a problem. */
function call(operationId: string, scope: Scope, summary: string, response: Record<number, Answer>, takes: Record<string, object> = {}) {
  return { config: { scope }, schema: { operationId, summary, tags: ['documents'], 'x-scope': scope, ...takes, response: { ...response, '4xx': PROBLEM } } }
}

export const kinds = call('listKinds', 'documents.issue', 'Kinds of documents that this token may have issued', { 200: json(Kinds) })
export const verify = {
  bodyLimit: LARGEST_FILE,
  ...call('verify', 'documents.verify', 'Verify a document by its code, or by the file itself', { 200: json(Verdict) }, { body: { content: { 'application/json': { schema: Verify }, 'application/pdf': { schema: {} } } } }),
}
export const list = call('listDocuments', 'documents.issue', 'What this token had issued, newest first', { 200: json(States) }, { querystring: Page })
export const issue = call('issue', 'documents.issue', "Have a document issued in a student's place; the student is told", { 200: json(State, 'This key had asked for it before'), 201: json(State) }, { body: Issue, headers: IssueHeaders })
export const look = call('getDocument', 'documents.issue', 'How a document stands (ETag, If-None-Match)', { 200: json(State) }, { params: ById })
export const file = call('getFile', 'documents.issue', 'The sealed PDF, once it is issued', { 200: FILE }, { params: ById })
export const credential = call('getCredential', 'documents.issue', 'The same facts as an Open Badges 3.0 credential (VC-JWT), once it is issued', { 200: { description: 'Compact JWS', content: { 'application/vc+jwt': { schema: { type: 'string' } } } } }, { params: ById })
export const revoke = call('revoke', 'documents.revoke', 'Revoke a document that this token had issued', { 200: json(State) }, { params: ById, body: RevocationBody })

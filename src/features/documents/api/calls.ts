import type { TSchema } from 'typebox'
import { ById, Issue, IssueHeaders, Kinds, Page, RevocationBody, State, States, Verdict, Verify } from './schema.ts'

/** The scopes of a token, as the console calls them. */
export const scopes = { 'documents.verify': '核验证明文件', 'documents.issue': '代学生开具证明文件', 'documents.revoke': '作废自己开具的证明文件' }

/** Codes of problems that these calls alone tell. */
export const problems = {
  'key-reused': { status: 422, title: '同一个 Idempotency-Key 要过别的文件' },
  'kind-not-allowed': { status: 403, title: '不能开具这种文件' },
  'student-unknown': { status: 404, title: '没有这名学生，或者不归这个接口管' },
  'not-possible': { status: 409, title: '现在不能给这名学生开具' },
  'not-issued': { status: 409, title: '还没有签章，或者已经作废' },
}

type Scope = keyof typeof scopes
type Answer = { description: string; content: Record<string, { schema: object }> }

const LARGEST_FILE = 10 * 1024 * 1024

const json = (schema: TSchema, description = '回答'): Answer => ({ description, content: { 'application/json': { schema } } })
const PROBLEM: Answer = { description: '出错（RFC 9457）', content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } } }
const FILE: Answer = { description: '签章以后的 PDF', content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } } }

/** How a call is described to readers and checked by the door; every one may answer with a problem. */
function call(operationId: string, scope: Scope, summary: string, response: Record<number, Answer>, takes: Record<string, object> = {}) {
  return { config: { scope }, schema: { operationId, summary, tags: ['documents'], 'x-scope': scope, ...takes, response: { ...response, '4xx': PROBLEM } } }
}

export const kinds = call('listKinds', 'documents.issue', '这个令牌可以开具的文件', { 200: json(Kinds) })
export const verify = {
  bodyLimit: LARGEST_FILE,
  ...call('verify', 'documents.verify', '用验证码或者文件本身核验', { 200: json(Verdict) }, { body: { content: { 'application/json': { schema: Verify }, 'application/pdf': { schema: {} } } } }),
}
export const list = call('listDocuments', 'documents.issue', '这个令牌开具过的文件，新的在前', { 200: json(States) }, { querystring: Page })
export const issue = call('issue', 'documents.issue', '代学生开具一份文件，学生会收到通知', { 200: json(State, '这个键以前要过，是同一份'), 201: json(State) }, { body: Issue, headers: IssueHeaders })
export const look = call('getDocument', 'documents.issue', '一份文件的进展（支持 ETag、If-None-Match）', { 200: json(State) }, { params: ById })
export const file = call('getFile', 'documents.issue', '签章以后的 PDF', { 200: FILE }, { params: ById })
export const credential = call('getCredential', 'documents.issue', '签章以后，同样内容的 Open Badges 3.0 数字凭证（VC-JWT）', { 200: { description: '紧凑格式的 JWS', content: { 'application/vc+jwt': { schema: { type: 'string' } } } } }, { params: ById })
export const revoke = call('revoke', 'documents.revoke', '作废这个令牌开具的文件', { 200: json(State) }, { params: ById, body: RevocationBody })

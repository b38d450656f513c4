import { type Static, Type } from 'typebox'

const at = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const strict = { additionalProperties: false }

export const IssueHeaders = Type.Object({ 'idempotency-key': Type.String({ minLength: 1, maxLength: 64, pattern: '^[\\x21-\\x7e]+$', description: '由调用方自己取，每要一份文件取一个。同一个键带同样的内容，不管发多少次都是同一份文件' }) })

export const Issue = Type.Object({
  kind: Type.String({ maxLength: 60, description: '见 GET /api/v1/kinds' }),
  student_number: Type.String({ minLength: 1, maxLength: 40 }),
  purpose: Type.String({ minLength: 1, maxLength: 100, description: '用途。学生会看到，长期保存；文件上有位置的，印在文件上' }),
  reference: Type.Optional(Type.String({ maxLength: 100, description: '调用方自己的编号，查询时原样返回' })),
}, strict)
export type IssueBody = Static<typeof Issue>

export const RevocationBody = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 200, description: '核验这份文件的人会看到' }) }, strict)

export const ById = Type.Object({ id: Type.String({ maxLength: 26 }) })

export const State = Type.Object({
  id: Type.String(), kind: Type.String(), title: Type.String(), number: Type.String({ description: '印在文件上的编号' }),
  state: Type.String({ description: 'reserved 正在生成，issued 已签章，impossible 不能生成，revoked 已作废' }),
  student_number: Type.String(), purpose: Type.String(), reference: at('调用方自己的编号'),
  created_at: Type.String({ description: '时间（RFC 3339）' }), issued_at: at('时间（RFC 3339）'), ended_at: at('作废的时间，或者发现不能生成的时间'),
  reason: at('作废或者不能生成的原因'), sha256: at('签章以后的文件的摘要，十六进制'), signature_level: at('签章的级别（PAdES）'),
  verify_url: at('给人看的核验地址'), file: at('PDF 的地址'), credential: at('Open Badges 3.0 数字凭证的地址'),
})
export type StateAnswer = Static<typeof State>

export const Page = Type.Object({ before: Type.Optional(Type.String({ maxLength: 26, description: '上一页的 next' })), limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|100)$', description: '1 到 100，不写是 20' })) }, strict)
export const States = Type.Object({ documents: Type.Array(State), next: at('下一页的 before；最后一页是 null') })

export const Kinds = Type.Object({ kinds: Type.Array(Type.Object({ kind: Type.String(), title: Type.String(), language: Type.String(), price: Type.Integer({ description: '单位是分；代开不收费' }) })) })

export const Verify = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 60, description: '印在文件上的验证码；大小写、空格、横线和形近的字都可以' }),
  name_end: Type.Optional(Type.String({ minLength: 1, maxLength: 4, description: '持有人姓名的最后一个字，照文件上写' })),
  sha256: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{64}$', description: '文件的摘要，十六进制' })),
}, { ...strict, description: 'code 和另外至少一项一起；或者以 application/pdf 直接发来文件' })
export type VerifyBody = Static<typeof Verify>

export const Verdict = Type.Object({
  verdict: Type.String({ description: 'genuine 真实有效，altered 签章以后被改动，revoked 已作废，mismatch 有这个验证码但和姓名或文件对不上，unknown 查无此件' }),
  findings: Type.Array(Type.Object({ finding: Type.String(), ok: Type.Union([Type.Boolean(), Type.Null()], { description: 'null：无从判断' }), detail: Type.String(), note: Type.Optional(Type.String()) })),
  certified: Type.Union([Type.Object({
    kind: Type.String(), title: Type.String(), number: Type.String(), holder: Type.String({ description: '隐去了一部分' }), holder_number: Type.String({ description: '隐去了一部分' }),
    issued_on: Type.String(), revoked_on: at(''), reason: at('作废的原因'),
  }), Type.Null()], { description: '真实有效或者已作废的，证明了什么' }),
})
export type VerdictAnswer = Static<typeof Verdict>

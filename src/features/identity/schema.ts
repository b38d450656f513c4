import { type Static, Type } from 'typebox'

const text = (max: number) => Type.String({ maxLength: max })

export const ToQuery = Type.Object({ to: Type.Optional(text(2000)) })
export const CallbackQuery = Type.Object({ code: Type.Optional(text(1000)), state: Type.Optional(text(200)) })
export const LoginForm = Type.Object({ account: Type.Optional(text(100)), password: Type.Optional(text(1000)), to: Type.Optional(text(2000)), bind: Type.Optional(text(5)) })
export const PasswordForm = Type.Object({ current: Type.Optional(text(1000)), password: Type.Optional(text(1000)), again: Type.Optional(text(1000)) })
export const PhoneForm = Type.Object({ phone: Type.Optional(text(40)), password: Type.Optional(text(1000)), consent: Type.Optional(text(64)) })
export const EmailForm = Type.Object({ email: Type.Optional(text(300)) })
export const TokenParam = Type.Object({ token: text(200) })
export const BeforeQuery = Type.Object({ before: Type.Optional(text(26)) })
export const CodeForm = Type.Object({ code: Type.Optional(text(30)) })
export const ResetForm = Type.Object({ number: Type.Optional(text(100)), phone: Type.Optional(text(40)) })
export const CampusQuery = Type.Object({ to: Type.Optional(text(2000)), bind: Type.Optional(text(5)), again: Type.Optional(text(5)) })
/** What the school's sign-in may send back (CAS: ticket; OpenID Connect: code, iss, error), and our state. */
export const CampusCallbackQuery = Type.Object({
  state: Type.Optional(text(200)), ticket: Type.Optional(text(300)), code: Type.Optional(text(4000)), iss: Type.Optional(text(500)),
  error: Type.Optional(text(100)), error_description: Type.Optional(text(1000)), session_state: Type.Optional(text(500)),
})
export const LanguageForm = Type.Object({ to: Type.Union([Type.Literal('zh'), Type.Literal('en')]), back: Type.Optional(text(2000)) })
export const UnbindForm = Type.Object({ password: Type.Optional(text(1000)), code: Type.Optional(text(30)) })
export const PeopleQuery = Type.Object({ q: Type.Optional(text(100)), kind: Type.Optional(text(20)), unit: Type.Optional(text(30)), after: Type.Optional(text(260)) })
export const IdParam = Type.Object({ id: text(64) })
export const ImportsQuery = Type.Object({ before: Type.Optional(text(26)) })
export const ImportQuery = Type.Object({ tab: Type.Optional(text(20)), unit: Type.Optional(text(30)), after: Type.Optional(text(64)) })
export const UploadForm = Type.Object({ kind: Type.Optional(text(20)), encoding: Type.Optional(text(20)) })
export const EncodingForm = Type.Object({ encoding: Type.Union([Type.Literal('utf-8'), Type.Literal('gb18030')]) })
export const StandingForm = Type.Object({ standing: Type.Optional(text(20)), reason: Type.Optional(text(2000)), unit: Type.Optional(text(30)) })
export const GrantForm = Type.Object({ role: Type.Optional(text(30)), scope: Type.Optional(text(80)), from: Type.Optional(text(10)), until: Type.Optional(text(10)), reason: Type.Optional(text(1000)) })
export const EndForm = Type.Object({ reason: Type.Optional(text(1000)) })
export const RenewalForm = Type.Object({ until: Type.Optional(text(10)), reason: Type.Optional(text(1000)) })
export const RolesQuery = Type.Object({ role: Type.Optional(text(30)), unit: Type.Optional(text(30)), soon: Type.Optional(text(1)), after: Type.Optional(text(30)) })
export const GroupForm = Type.Object({ word: Type.Optional(text(5000)), name: Type.Optional(text(5000)), purpose: Type.Optional(text(5000)) })
export const GroupQuery = Type.Object({ q: Type.Optional(text(100)) })
export const JoinForm = Type.Object({ q: Type.Optional(text(100)), person: Type.Optional(Type.Union([text(26), Type.Array(text(26), { maxItems: 50 })])) })
export const FactorForm = Type.Object({ code: Type.Optional(text(100)), to: Type.Optional(text(2000)) })
export const NumberForm = Type.Object({ number: Type.Optional(text(40)) })
export const MoveQuery = Type.Object({ number: Type.Optional(text(40)), to: Type.Optional(text(100)), other: Type.Optional(text(100)) })
export const MoveForm = Type.Object({ binding: text(40), to: text(40), reason: Type.Optional(text(1000)) })
export const ReasonForm = Type.Object({ reason: Type.Optional(text(500)) })
export const ApplyForm = Type.Object({ good_rows: Type.Optional(text(5)) })

export type CampusCallback = Static<typeof CampusCallbackQuery>
export type Login = Static<typeof LoginForm>
export type FactorInput = Static<typeof FactorForm>
export type PasswordChange = Static<typeof PasswordForm>

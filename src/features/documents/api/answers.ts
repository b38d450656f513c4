import { schoolTime } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import { maskName, maskNumber } from '../../identity/index.ts'
import { verifyUrl } from '../qr.ts'
import type { DocumentRow } from '../tables.ts'
import { readTrouble, troubleSentence } from '../trouble.ts'
import { registeredView } from '../pages/verdict.ts'
import { type Check, codeVerdict, fileVerdict } from '../shared/verdict.ts'
import type { FileVerification, Verification } from '../verify.ts'
import type { StateAnswer, VerdictAnswer, VerifyBody } from './schema.ts'
import type { Asked } from './store.ts'

const moment = (at: number | null) => at === null ? null : new Date(at).toISOString()

/** How a document stands, for the system that asked for it. */
export function stateOf({ asked, document }: Asked, publicUrl: string, t: T): StateAnswer {
  const { id, kind, title, number, status, person_number, sha256, level, code, reason } = document
  const [address, ready] = [`${publicUrl}/api/v1/documents/${id}`, status === 'issued' && sha256 !== null]
  return {
    id, kind, title, number, state: status, student_number: person_number, purpose: asked.purpose, reference: asked.reference,
    created_at: new Date(asked.created_at).toISOString(), issued_at: moment(document.issued_at), ended_at: moment(document.ended_at),
    reason: reason !== null && status === 'impossible' ? troubleSentence(readTrouble(reason), t) : reason,
    sha256, signature_level: level, verify_url: ready ? verifyUrl(publicUrl, code) : null,
    file: ready ? `${address}/file` : null, credential: ready ? `${address}/credential` : null,
  }
}

/** Of a code: whether the register knows it, and whether what else is printed or sent belongs to it. `held`: whose file it is, now or as it was before its seal was raised. */
export function verdictByCode({ verdict, document, replaced_by }: Verification, { name_end, sha256 }: VerifyBody, { held, t }: { held: DocumentRow | undefined; t: T }): VerdictAnswer {
  const [known, ...rest] = codeVerdict(document && registeredView(document, replaced_by, t), t).checks.map(asFinding)
  const matches = document ? [
    ...name_end === undefined ? [] : [{ finding: 'name', ok: (document.facts.name ?? '').endsWith(name_end.normalize('NFC').trim()), detail: t('姓名的最后一个字') }],
    ...sha256 === undefined ? [] : [{ finding: 'file', ok: held?.id === document.id, detail: t('文件的摘要') }],
  ] : []
  const agrees = matches.every(({ ok }) => ok)
  return { verdict: agrees ? verdict : 'mismatch', findings: [...known ? [known] : [], ...matches, ...rest], certified: document && agrees ? certifiedOf(document) : null }
}

/** Of a file: its bytes, whose key sealed it, what proves it, the register, each by itself, as a reader of the page is told. */
export function verdictByFile({ verdict, document, replaced_by, signature }: FileVerification, t: T): VerdictAnswer {
  return {
    verdict, findings: fileVerdict(signature, document && registeredView(document, replaced_by, t), t).checks.map(asFinding),
    certified: document && (verdict === 'genuine' || verdict === 'revoked') ? certifiedOf(document) : null,
  }
}

function asFinding({ finding, ok, text, note }: Check) {
  return { finding, ok, detail: text, ...note && { note } }
}

function certifiedOf({ kind, title, number, facts, person_number, created_at, status, ended_at, reason }: DocumentRow): VerdictAnswer['certified'] {
  const revoked = status === 'revoked'
  return {
    kind, title, number, holder: maskName(facts.name ?? ''), holder_number: maskNumber(person_number), issued_on: schoolTime(created_at).date,
    revoked_on: revoked && ended_at !== null ? schoolTime(ended_at).date : null, reason: revoked ? reason : null,
  }
}

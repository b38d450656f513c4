import { schoolTime } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import { maskName, maskNumber } from '../../identity/index.ts'
import { verifyUrl } from '../qr.ts'
import type { DocumentRow } from '../tables.ts'
import { readTrouble, troubleSentence } from '../trouble.ts'
import type { Verification } from '../verify.ts'
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
export function verdictByCode({ verdict, document }: Verification, { name_end, sha256 }: VerifyBody, { held, t }: { held: DocumentRow | undefined; t: T }): VerdictAnswer {
  if (!document) return { verdict, findings: [{ finding: 'registered', ok: false, detail: t('验证码不在学校的登记簿里') }], certified: null }
  const matches = [
    ...name_end === undefined ? [] : [{ finding: 'name', ok: (document.facts.name ?? '').endsWith(name_end.normalize('NFC').trim()), detail: t('姓名的最后一个字') }],
    ...sha256 === undefined ? [] : [{ finding: 'file', ok: held?.id === document.id, detail: t('文件的摘要') }],
  ]
  const agrees = matches.every(({ ok }) => ok)
  return {
    verdict: agrees ? verdict : 'mismatch',
    findings: [{ finding: 'registered', ok: true, detail: t('验证码在学校的登记簿里') }, ...matches, valid(document, t)],
    certified: agrees ? certifiedOf(document) : null,
  }
}

/** Of a file: its bytes, whose key sealed it, the register, each by itself. */
export function verdictByFile({ verdict, document, signature }: Verification, t: T): VerdictAnswer {
  const unchanged = signature ? signature.intact && signature.whole : null
  return {
    verdict,
    findings: [
      { finding: 'signed', ok: signature?.signed ?? false, detail: signature?.signed ? t('文件上有电子签章') : t('文件上没有电子签章') },
      ...signature?.signed ? [
        { finding: 'unchanged', ok: unchanged, detail: unchanged ? t('签章之后内容没有改动') : t('签章之后内容被改动过') },
        // Whose a broken signature is cannot be said.
        { finding: 'signer', ok: signature.intact || signature.trusted ? signature.trusted : null, detail: signature.trusted ? t('签章的证书属于学校') : t('签章的证书不属于学校') },
      ] : [],
      { finding: 'registered', ok: document !== undefined, detail: document ? t('文件在学校的登记簿里') : t('文件不在学校的登记簿里') },
      ...document ? [valid(document, t)] : [],
    ],
    certified: document && (verdict === 'genuine' || verdict === 'revoked') ? certifiedOf(document) : null,
  }
}

function valid({ status }: DocumentRow, t: T) {
  return { finding: 'valid', ok: status !== 'revoked', detail: status === 'revoked' ? t('已经作废') : t('没有作废') }
}

function certifiedOf({ kind, title, number, facts, person_number, created_at, status, ended_at, reason }: DocumentRow): VerdictAnswer['certified'] {
  const revoked = status === 'revoked'
  return {
    kind, title, number, holder: maskName(facts.name ?? ''), holder_number: maskNumber(person_number), issued_on: schoolTime(created_at).date,
    revoked_on: revoked && ended_at !== null ? schoolTime(ended_at).date : null, reason: revoked ? reason : null,
  }
}

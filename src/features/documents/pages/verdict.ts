import { dayParts } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import { maskName, maskNumber } from '../../identity/index.ts'
import type { Verdict } from '../rules.ts'
import type { DocumentRow } from '../tables.ts'
import type { Verification } from '../verify.ts'

const SENTENCES: Record<Verdict, string> = {
  genuine: '这份文件由学校出具，内容没有改动过，现在有效',
  altered: '这份文件在签章之后被改动过，内容不可信，不要采用',
  unknown: '登记簿里没有这份文件。请检查验证码是否输全，或者核验原始的 PDF',
  revoked: '这份文件确实由学校出具，但已经作废，不要再采用',
}

/** What a stranger reads: the verdict, each check by itself, and what was certified with the holder's name masked. */
export function verdictPage(found: Verification, t: T) {
  const { verdict, document, signature } = found
  return {
    title: t('真伪认证'),
    verdict: { state: verdict, sentence: t(sentenceOf(found)), checks: signature ? fileChecks(signature, document, t) : codeChecks(document, t) },
    certified: document && (verdict === 'genuine' || verdict === 'revoked') ? certifiedRows(document, t) : [],
    byCode: !signature,
  }
}

/** Of what is not known, why: a scan of a paper is no forgery. */
function sentenceOf({ verdict, signature, document }: Verification): string {
  if (verdict !== 'unknown' || !signature) return SENTENCES[verdict]
  if (signature.reasons.includes('not-pdf')) return '这不是 PDF 文件。学校出具的证明文件都是 PDF'
  if (!signature.signed) return '文件上没有电子签章，不是学校发出的原始文件。扫描件、照片和另存的文件请用验证码核验'
  if (document) return '这份文件在登记簿里，但是签章的证书不在学校公布的证书之列。请联系学校核实'
  if (!signature.trusted) return '文件上的签章不是学校的，不要当作学校出具的文件'
  return '签章属于学校，但登记簿里没有这份文件。请联系学校核实'
}

type Check = { ok: boolean | null; text: string; note?: string }

function codeChecks(document: DocumentRow | undefined, t: T): Check[] {
  if (!document) return [{ ok: false, text: t('验证码不在学校的登记簿里') }]
  return [{ ok: true, text: t('验证码在学校的登记簿里') }, stillValid(document, t)]
}

function fileChecks(signature: NonNullable<Verification['signature']>, document: DocumentRow | undefined, t: T): Check[] {
  if (signature.reasons.includes('not-pdf')) return [{ ok: false, text: t('不是 PDF 文件') }]
  if (!signature.signed) return [{ ok: false, text: t('文件上没有电子签章') }]
  const unchanged = signature.intact && signature.whole
  return [
    { ok: unchanged, text: unchanged ? t('签章之后内容没有改动') : t('签章之后内容被改动过') },
    signerCheck(signature, t),
    document ? { ok: true, text: t('文件在学校的登记簿里') } : { ok: unchanged ? false : null, text: t('文件不在学校的登记簿里') },
    ...(document ? [stillValid(document, t)] : []),
  ]
}

function signerCheck({ intact, trusted, signer }: NonNullable<Verification['signature']>, t: T): Check {
  // Whose a broken signature is cannot be said.
  if (!intact && !trusted) return { ok: null, text: t('内容已改动，无从核对签章的证书') }
  return { ok: trusted, text: trusted ? t('签章的证书属于学校') : t('签章的证书不属于学校'), ...(signer && { note: signer.name }) }
}

function stillValid(document: DocumentRow, t: T): Check {
  if (document.status !== 'revoked') return { ok: true, text: t('没有作废') }
  const at = document.ended_at ? dayOf(document.ended_at, t) : ''
  return { ok: false, text: t('已于 {date} 作废', { date: at }), ...(document.reason && { note: t('原因：{reason}', { reason: document.reason }) }) }
}

/** What a 办结单 tells a stranger: which matter, and how it ended; nothing that was filled in. */
function recordRows({ service = '', application_number = '', outcome = '' }: DocumentRow['facts'], t: T) {
  return [{ label: t('事项'), value: t(service) }, { label: t('申请编号'), value: application_number }, { label: t('办理结果'), value: t(outcome) }]
}

/** As the paper writes it. */
function dayOf(at: number, t: T): string {
  return t('{year}年{month}{day}日', dayParts(t, at))
}

function certifiedRows(document: DocumentRow, t: T) {
  const unit = document.facts.unit
  return [
    { label: t('文件'), value: t(document.title) },
    { label: t('文件编号'), value: document.number },
    { label: t('持有人'), value: maskName(document.facts.name ?? '') },
    { label: t('学号或工号'), value: maskNumber(document.person_number) },
    ...(unit ? [{ label: t('院系'), value: unit }] : []),
    ...(document.record_of ? recordRows(document.facts, t) : []),
    // As the paper says it: the day it was reserved.
    { label: t('出具日期'), value: dayOf(document.created_at, t) },
  ]
}

import { dayParts } from '../../../platform/dates.ts'
import type { Language, T } from '../../../platform/text.ts'
import { maskName, maskNumber } from '../../identity/index.ts'
import { linesOf, REST } from '../corrections/lines.ts'
import type { Template } from '../templates.ts'
import { codeVerdict, fileVerdict, type Registered, type VerdictView } from '../shared/verdict.ts'
import type { DocumentRow } from '../tables.ts'
import type { Verification } from '../verify.ts'

type Row = { label: string; value: string }

/** What is told of a code or a file: the verdict, each finding by itself, and what was certified. */
export type Answer = { verdict: VerdictView; certified: Row[] }

/** The answer as pages and programs give it. Who holds the file reads its holder's name in it anyway; who has a code alone reads it masked. */
export function answerOf({ verdict, document, signature, replaced_by }: Verification, t: T, language: Language): Answer {
  const registered = document && registeredView(document, replaced_by, t)
  const confirmed = document && (verdict === 'genuine' || verdict === 'revoked')
  return {
    verdict: signature ? fileVerdict(signature, registered, t) : codeVerdict(registered, t),
    certified: confirmed ? certifiedRows(document, t, { masked: !signature, language }) : [],
  }
}

export function verdictPage(found: Verification, t: T, language: Language) {
  return { title: t('真伪认证'), ...answerOf(found, t, language), byCode: !found.signature, passcode: found.passcode === true, code: !found.signature && found.document?.code }
}

/** What the register says of a document, as the browser's own check takes it. */
export function registeredView({ status, ended_at, reason }: DocumentRow, replaced_by: string | undefined, t: T): Registered {
  return { status, ...status === 'revoked' && ended_at !== null && { ended_on: dayOf(ended_at, t) }, ...status === 'revoked' && reason !== null && { reason }, ...replaced_by !== undefined && { replaced_by } }
}

/** What a 办结单 tells a stranger: which matter, and how it ended; nothing that was filled in. */
function recordRows({ service = '', application_number = '', outcome = '' }: DocumentRow['facts'], t: T): Row[] {
  return [{ label: t('事项'), value: t(service) }, { label: t('申请编号'), value: application_number }, { label: t('办理结果'), value: t(outcome) }]
}

/** As the paper writes it. */
function dayOf(at: number, t: T): string {
  return t('{year}年{month}{day}日', dayParts(t, at))
}

/** All that a paper says, as it was when it was issued. */
export function wholeRows(document: DocumentRow, template: Template, t: T): Row[] {
  if (document.record_of) return certifiedRows(document, t, { masked: false, language: 'zh' })
  const printed = linesOf(template, document.facts, t).filter(({ key }) => key !== REST)
  return [{ label: t('文件'), value: t(document.title) }, { label: t('文件编号'), value: document.number }, ...printed.map(({ label, value }) => ({ label, value })), { label: t('出具日期'), value: dayOf(document.created_at, t) }]
}

/** As it was when it was issued; in English by the names that a paper in English has. */
export function certifiedRows(document: DocumentRow, t: T, { masked, language }: { masked: boolean; language: Language }): Row[] {
  const { name = '', name_en, unit: own, unit_en, major: studied, major_en } = document.facts
  const english = language === 'en'
  const holder = (english && name_en) || name
  const [unit, major] = [(english && unit_en) || own, (english && major_en) || studied]
  return [
    { label: t('文件'), value: t(document.title) },
    { label: t('文件编号'), value: document.number },
    { label: t('持有人'), value: masked ? maskName(holder) : holder === name ? name : `${holder} (${name})` },
    { label: t('学号或工号'), value: masked ? maskNumber(document.person_number) : document.person_number },
    ...(unit ? [{ label: t('院系'), value: unit }] : []),
    ...(major && !masked ? [{ label: t('专业'), value: major }] : []),
    ...(document.record_of ? recordRows(document.facts, t) : []),
    // As the paper says it: the day it was reserved.
    { label: t('出具日期'), value: dayOf(document.created_at, t) },
  ]
}

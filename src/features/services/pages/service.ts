import type { T } from '../../../platform/text.ts'
import type { Service } from '../catalogue.ts'
import { flowPage } from './flow.ts'
import { minutesToFill } from '../rules/effort.ts'
import { applicantsPart } from '../rules/form.ts'
import { dueWords, promised, STATUS_TAGS, usualWords } from '../rules/standing.ts'
import { keptWords } from '../rules/keeping.ts'
import type { ApplicationRow, ShortRow } from '../store/applications.ts'
import type { UsualTime } from '../store/usual-times.ts'

/** A service as a grid or list shows it. */
export type ServiceLine = { key: string; title: string; summary: string; category: string; icon: string; href: string }

export function serviceLine(t: T, { key, definition }: Service): ServiceLine {
  const { title, summary, category, icon } = definition
  return { key, title: t(title), summary: t(summary), category: t(category), icon, href: `/services/${key}` }
}

/** 办事指南: rows of what one must know before starting, and the person's own applications of this service. `due`: by when (ms) what is sent now is promised; `usual`: how long it took, where it was measured; `stop`: what stands against applying now. */
export function guidePage(t: T, { key, definition, form }: Service, own: { draft: Pick<ApplicationRow, 'id'> | undefined; sent: readonly ApplicationRow[]; mayApply: boolean; stop: { title: string; text: string } | null; limits: readonly { label: string; value: string }[]; due: number; usual: UsualTime | undefined }) {
  const { who, materials, promise, steps, contact } = definition.guide
  return {
    key, title: t(definition.title), summary: t(definition.summary), apply: `/services/${key}/apply`, draft: own.draft, mayApply: own.mayApply, stop: own.stop,
    rows: [
      { label: t('谁可以办'), value: t(who) },
      ...own.limits,
      { label: t('填写用时'), value: t('约 {n} 分钟', { n: minutesToFill(applicantsPart(form)) }) },
      { label: t('承诺时限'), value: own.mayApply && !own.stop ? t('{promise}，现在提交{due}', { promise: promised(t, promise), due: dueWords(t, promise, own.due) }) : promised(t, promise) },
      { label: t('实际用时'), value: usualWords(t, own.usual) },
      { label: t('保存多久'), value: t('办结后保存 {time}，到期前两周告诉你，然后删除内容', { time: keptWords(t, definition) }) },
      { label: t('咨询部门'), value: t(contact.office) },
      ...(contact.phone ? [{ label: t('电话'), value: contact.phone, href: `tel:${contact.phone.replace(/[^\d+]/g, '')}` }] : []),
      ...(contact.place ? [{ label: t('地点'), value: t(contact.place) }] : []),
      ...(contact.hours ? [{ label: t('办公时间'), value: t(contact.hours) }] : []),
    ],
    materials: materials.map(line => t(line)),
    steps: steps.map(line => t(line)),
    flow: flowPage(t, definition.flow, BEFORE).map(step => ({ ...step, state: 'waiting' })),
    mine: own.sent.map(line => applicationCell(t, line)),
  }
}

/** The picture of a flow on which nothing has been sent. */
const BEFORE = { nodes: [], copies: [], choices: new Map<string, readonly number[]>(), status: 'running' } as const

/** One application in a list. */
export function applicationCell(t: T, { id, number, title, status, submitted_at }: ShortRow) {
  const { text, meaning } = STATUS_TAGS[status]
  return { title: t(title), note: t('编号 {number}', { number: number ?? '' }), href: `/applications/${id}`, tag: { text: t(text), meaning }, time: submitted_at }
}

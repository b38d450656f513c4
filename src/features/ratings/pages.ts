import { dayParts } from '../../platform/dates.ts'
import { can } from '../../platform/rights.ts'
import type { T } from '../../platform/text.ts'
import type { SignedIn } from '../../platform/web.ts'
import { maskNumber } from '../identity/index.ts'
import type { Offer } from '../services/index.ts'
import { type Asked, ASPECTS, CHANGED_WITHIN, LONGEST_ANSWER, LONGEST_WORDS, STEPS, stepText } from './rules.ts'
import type { FollowUp, Rating } from './store.ts'
import type { FollowUpsTable, FollowUpStatus } from './tables.ts'

export const PAGE = 30
export const STATUSES: readonly FollowUpStatus[] = ['open', 'answered', 'closed']
const TAGS: Record<FollowUpStatus, { text: string; meaning: 'amber' | 'green' | 'grey' }> = {
  open: { text: '待跟进', meaning: 'amber' }, answered: { text: '已答复', meaning: 'green' }, closed: { text: '已办结', meaning: 'grey' },
}
const LATE = { text: '已超时', meaning: 'red' } as const

/** What the page of an application asks its applicant; null where there is nothing to ask or to show. */
export function offerPage(t: T, { application_id, rating, open }: { application_id: string; rating: Rating | undefined; open: boolean }): Offer | null {
  const href = `/applications/${application_id}/rating`
  if (!rating) return open ? { title: t('这次办理怎么样'), links: STEPS.map(({ step, text }) => ({ label: t(text), href: `${href}?step=${step}` })) } : null
  const until = dayParts(t, rating.created_at + CHANGED_WITHIN)
  return {
    title: t('我的评价'), text: open ? t('{step}。{month}{day}日 {time} 以前可以修改', { ...until, step: t(stepText(rating.step)) }) : t(stepText(rating.step)),
    links: [{ label: open ? t('修改评价') : t('查看评价'), href }],
  }
}

type Page = {
  application: { id: string; title: string; number: string | null }
  rating: Rating | undefined
  followUp: Pick<FollowUpsTable, 'status' | 'answer' | 'answered_by' | 'answered_at' | 'due_at'> | undefined
  /** why it cannot be rated now */
  why: string | null
  typed: Asked | undefined
  errors: Record<string, string>
  /** the step that was tapped on the application's page */
  suggested: string | undefined
}

export function ratingPage(t: T, { application, rating, followUp, why, typed, errors, suggested }: Page) {
  const said = Object.fromEntries(Object.entries(errors).map(([field, sentence]) => [field, t(sentence)]))
  const value = typed ?? { step: suggested ?? String(rating?.step ?? ''), aspects: rating?.aspects.split(',') ?? [], words: rating?.words ?? '' }
  return {
    title: t('评价'), lead: t('{title}（{number}）', { title: t(application.title), number: application.number ?? '' }),
    back: { label: t('返回申请'), href: `/applications/${application.id}` }, action: `/applications/${application.id}/rating`, errors: said, closed: why && t(why),
    rows: rating ? [
      { label: t('满意程度'), value: t(stepText(rating.step)) }, ...rating.aspects ? [{ label: t('方面'), value: aspectsText(t, rating.aspects) }] : [],
      ...rating.words ? [{ label: t('意见'), value: rating.words, whole: true }] : [], { label: t('评价时间'), time: rating.changed_at },
    ] : [],
    step: { value: value.step, error: said['step'], options: STEPS.map(({ step, text }) => ({ value: String(step), text: t(text) })) },
    aspects: { value: value.aspects, options: ASPECTS.map(({ key, text }) => ({ value: key, text: t(text) })) },
    words: { value: value.words, error: said['words'], maxlength: LONGEST_WORDS },
    answer: followUp && answerOf(t, followUp),
  }
}

function answerOf(t: T, { status, answer, answered_by, answered_at, due_at }: NonNullable<Page['followUp']>) {
  if (answer !== null) return { events: [{ name: answered_by ?? '', role: t('部门答复'), comment: answer, at: answered_at ?? 0 }] }
  return status === 'closed' ? null : { waiting: t('部门会在 {month}{day}日前答复你', dayParts(t, due_at)) }
}

type List = { rows: readonly FollowUp[]; status: FollowUpStatus; onlyLate: boolean; counts: { open: number; late: number }; now: number }

export function followUpsPage(t: T, { rows, status, onlyLate, counts, now }: List) {
  const shown = rows.slice(0, PAGE)
  const address = (params: Record<string, string>) => `/admin/follow-ups?${new URLSearchParams(params)}`
  return {
    title: t('差评跟进'), next: rows.length > PAGE ? address({ status, ...onlyLate && { late: '1' }, before: shown.at(-1)?.id ?? '' }) : undefined,
    segments: [
      { label: t('待跟进'), href: '/admin/follow-ups', current: status === 'open' && !onlyLate, count: counts.open },
      { label: t('已超时'), href: '/admin/follow-ups?late=1', current: onlyLate, count: counts.late },
      { label: t('已答复'), href: address({ status: 'answered' }), current: status === 'answered' },
      { label: t('已办结'), href: address({ status: 'closed' }), current: status === 'closed' },
    ],
    empty: status === 'open' ? { icon: 'check', title: onlyLate ? t('没有超时的差评') : t('没有等待跟进的差评'), note: t('有人评价不满意时，会出现在这里') } : { icon: 'chat', title: t('这里还没有差评') },
    rows: shown.map(row => ({ id: row.id, href: `/admin/follow-ups/${row.id}`, cells: {
      title: { text: t(row.title), note: row.number }, step: stepTag(t, row.step), words: { text: row.words.slice(0, 60), note: aspectsText(t, row.aspects) }, person: row.person_name,
      due_at: { time: row.due_at, text: '' }, status: { tag: tagOf(t, row, now), text: '' },
    } })),
  }
}

function tagOf(t: T, { status, due_at }: Pick<FollowUp, 'status' | 'due_at'>, now: number) {
  const tag = status === 'open' && due_at < now ? LATE : TAGS[status]
  return { ...tag, text: t(tag.text) }
}

function stepTag(t: T, step: number) {
  return { tag: { text: t(stepText(step)), meaning: STEPS.find(each => each.step === step)?.meaning ?? 'grey' }, text: '' }
}

type One = { row: FollowUp; viewer: SignedIn; now: number; answer?: string; note?: string; errors?: Record<string, string> }

export function followUpPage(t: T, { row, viewer, now, answer = '', note = '', errors = {} }: One) {
  const said = Object.fromEntries(Object.entries(errors).map(([field, sentence]) => [field, t(sentence)]))
  const field = (name: string, label: string, value: string, help: string) => ({ name, label, value, help, type: 'textarea', rows: 4, required: true, maxlength: LONGEST_ANSWER, error: said[name] })
  return {
    title: t('{title}的差评', { title: t(row.title) }), back: { label: t('差评跟进'), href: '/admin/follow-ups' }, id: row.id, errors: said, tag: tagOf(t, row, now), closed: row.status === 'closed',
    better: row.step > 2 && t('本人后来改为“{step}”', { step: t(stepText(row.step)) }),
    rows: [
      { label: t('满意程度'), value: t(stepText(row.step)) }, ...row.aspects ? [{ label: t('方面'), value: aspectsText(t, row.aspects) }] : [],
      { label: t('意见'), value: row.words || t('没有写'), whole: true }, { label: t('评价时间'), time: row.changed_at },
    ],
    facts: [
      { label: t('申请编号'), value: row.number, ...can(viewer, 'applications.read') && { href: `/applications/${row.application_id}` } },
      ...row.person_number ? [{ label: t('申请人'), value: t('{name}（{number}）', { name: row.person_name, number: maskNumber(row.person_number) }) }] : [],
      { label: t('开始跟进'), time: row.opened_at }, { label: t('答复期限'), time: row.due_at },
    ],
    events: [
      ...row.answer === null ? [] : [{ name: row.answered_by ?? '', role: t('答复本人'), comment: row.answer, at: row.answered_at ?? 0 }],
      ...row.note === null ? [] : [{ name: row.closed_by ?? '', role: t('办结'), comment: row.note, at: row.closed_at ?? 0 }],
    ],
    answer: field('answer', t('答复本人'), answer, t('会发到本人的企业微信，评价页上也能看到。请写明查到了什么、怎样改')),
    note: field('note', t('处理情况'), note, t('给同事看的记录，本人看不到')),
  }
}

function aspectsText(t: T, aspects: string): string {
  return ASPECTS.filter(({ key }) => aspects.split(',').includes(key)).map(({ text }) => t(text)).join(t('、'))
}

type Statistics = { services: readonly { key: string; title: string }[]; counts: readonly { service_key: string; step: number; number: number }[] }

/** A row for each service, those with the lowest share of content people first. */
export function statisticsPage(t: T, { services, counts }: Statistics) {
  const lines = services.map(({ key, title }) => {
    const of = new Map(counts.filter(({ service_key }) => service_key === key).map(({ step, number }) => [step, number]))
    const all = [...of.values()].reduce((sum, number) => sum + number, 0)
    const content = [...of].filter(([step]) => step > 2).reduce((sum, [, number]) => sum + number, 0)
    return { key, title, of, all, share: all === 0 ? null : content / all }
  }).filter(({ all }) => all > 0).toSorted((a, b) => (a.share ?? 1) - (b.share ?? 1))
  return {
    title: t('满意度'), columns: [{ key: 'title', label: t('事项'), main: true }, ...STEPS.map(({ step, text }) => ({ key: String(step), label: t(text), align: 'end' })), { key: 'all', label: t('评价数'), align: 'end' }, { key: 'share', label: t('满意率'), align: 'end' }],
    rows: lines.map(({ key, title, of, all, share }) => ({ id: key, cells: {
      title: { text: t(title), href: `/services/${key}` }, ...Object.fromEntries(STEPS.map(({ step }) => [String(step), of.get(step) ?? 0])), all, share: `${((share ?? 0) * 100).toFixed(1)}%`,
    } })),
  }
}

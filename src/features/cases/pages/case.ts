import { can } from '../../../platform/rights.ts'
import type { JobRow } from '../../../platform/job-register.ts'
import type { T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import { type Call, endingText, type Interventions, type Picture } from '../../approvals/index.ts'
import type { Services } from '../../services/index.ts'
import type { Deps } from '../deps.ts'
import { ACTS, type ActName, actOf, isActName, isOffered } from './acts.ts'

type Case = Awaited<ReturnType<Services['caseOf']>>
type Facts = { found: Case; interventions: Interventions | null; jobs: readonly JobRow[]; calls: readonly Call[]; viewer: SignedIn; t: T; now: number }
type Words = Pick<Deps, 'jobTitle'> & { whyText: Deps['approvals']['whyText'] }

/** Everything of one application: where it stands, who decided what and why they were asked, what works behind it, and what may be done. */
export function casePage({ jobTitle, whyText }: Words, { found, interventions, jobs, calls, viewer, t, now }: Facts) {
  const { application, version, state, answers, timeline, steps, nodes, decisions } = found
  const { id, number, title, person_name, person_number, submitted_at, service_key, forgotten_at } = application
  const comments = new Map(decisions.map(decision => [decision.task_id, decision.comment]))
  const offered = (name: ActName) => isOffered(name, interventions, viewer)
  const mayMove = interventions?.refusals.move === null && can(viewer, 'cases.override')
  return {
    id, title: t(title), lead: t('编号 {number}', { number: number ?? '' }), state, timeline, steps,
    back: { label: t('申请'), href: '/admin/applications' },
    actions: can(viewer, 'applications.read') ? [{ label: t('申请人看到的页面'), href: `/applications/${id}`, small: true }] : [],
    acts: [
      ...Object.keys(ACTS).filter(isActName).filter(name => actOf(name).wants !== 'person' && offered(name)).map(name => ({ label: t(ACTS[name].title), href: `/admin/applications/${id}/${name}`, ...(actOf(name).danger && { kind: 'danger' }) })),
      ...mayMove ? [{ label: t('迁移到其他版本'), href: `/admin/moves/new?${new URLSearchParams({ service: service_key, id })}` }] : [],
    ],
    rows: [
      forgotten_at === null ? { label: t('申请人'), value: t('{name}（{number}）', { name: person_name, number: person_number }) } : { label: t('内容删除时间'), time: forgotten_at },
      { label: t('提交时间'), time: submitted_at },
      { label: t('事项版本'), value: t('第 {n} 版', { n: version.number }) },
      ...answers.map(({ label, text, lines }) => lines ? { label, grid: lines, value: text, key: label, whole: true } : { label, value: text }),
    ],
    tasks: nodes.flatMap(node => node.tasks.map(task => taskRow(t, { whyText, now, comments }, node, task, offered('reassignment') ? `/admin/applications/${id}/reassignment?task=${task.id}` : null))),
    jobs: jobs.map(({ name, status, due_at, finished_at, attempts, error }) => ({
      title: jobTitle(name), time: finished_at ?? due_at, tag: { text: t(JOB_TAGS[status].text), meaning: JOB_TAGS[status].meaning },
      note: [t('试了 {n} 次', { n: attempts }), ...error ? [t(error.replace(/^AppError: /, ''))] : []].join(' · '),
    })),
    calls: calls.map(call => callRow(t, call)), styles: ['css/pages/services.css', 'css/pages/forms.css'],
  }
}

const JOB_TAGS = {
  waiting: { text: '等待', meaning: 'amber' }, running: { text: '运行中', meaning: 'blue' }, done: { text: '完成', meaning: 'green' }, dead: { text: '失败', meaning: 'red' },
} as const

type Node = Picture['nodes'][number]
type Task = Node['tasks'][number]

function taskRow(t: T, { whyText, now, comments }: { whyText: Words['whyText']; now: number; comments: ReadonlyMap<string, string> }, { label, due_at }: Node, task: Task, reassign: string | null) {
  const { id, person_name, for_name, status, created_at, ended_at, ended_as, ended_by_name } = task
  const isOpen = status === 'open'
  const late = isOpen && due_at !== null && due_at < now
  const ending = ended_at !== null && ended_as !== null ? endingText(t, { at: ended_at, by_name: ended_by_name, as: ended_as }) : ''
  return { id, cells: {
    step: { text: t(label), note: late ? t('已超过时限') : '' },
    person: { text: for_name ? t('{name}（代 {other}）', { name: person_name, other: for_name }) : person_name, note: whyText(t, task) },
    outcome: isOpen ? { text: '', tag: { text: t(WAITING[task.wants]), meaning: late ? 'red' : 'amber' } } : { text: ending, note: comments.get(id) ?? '' },
    since: { text: '', time: created_at },
    act: isOpen && reassign ? { text: t('改派'), href: reassign } : '',
  } }
}

const WAITING = { decide: '等待审批', claim: '等待认领', reply: '等待回复' } as const

function callRow(t: T, { label, name, attempt, at, status, error, answer, ms }: Call) {
  const good = status !== null && status >= 200 && status < 300
  return {
    title: t('{step}：{connection}', { step: t(label), connection: name }), time: at,
    tag: { text: status === null ? t('没有应答') : String(status), meaning: good ? 'green' : 'red' },
    note: [t('第 {n} 次，用了 {ms} 毫秒', { n: attempt, ms }), ...error ? [t(error.phrase, error.params)] : [], ...answer ? [answer] : []].join(' · '),
  }
}

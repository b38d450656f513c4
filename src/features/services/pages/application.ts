import { eventsOf } from '../../../platform/events.ts'
import type { Db } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { can } from '../../../platform/rights.ts'
import type { T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import { LONGEST_COMMENT, type PictureNode } from '../../approvals/index.ts'
import type { Context, Offer } from '../deps.ts'
import { canCopy, canSee } from '../rules/application.ts'
import { knownIn } from '../known.ts'
import { REASONS } from '../rules/corrections.ts'
import { type Answer, answers, type Form, type Values } from '../rules/form.ts'
import { canSeeWhole, sightOf, writableBy } from '../rules/sight.ts'
import type { Right } from '../rules/steps.ts'
import { STATUS_TAGS, standingSentence } from '../rules/standing.ts'
import { type Application, formOfRevision } from '../store/applications.ts'
import { type Attachment, attachmentsOf } from '../store/attachments.ts'
import { type Correction, correctionsOf } from '../store/corrections.ts'
import type { Version } from '../versions.ts'
import { openTask, recalls } from './acts.ts'
import type { Asked } from './asked.ts'
import { flowPage, NOTES } from './flow.ts'
import { filePage } from './controls.ts'
import { SOURCES } from './form.ts'
import { resultsPage, type SaidFile, saidIn, type Signature, timelinePage } from './timeline.ts'

/** Throws `forbidden` for whom the application is none of their business. Returns the visits of its flow. */
export async function demandSight({ approvals }: Context, db: Db, application: Application, viewer: SignedIn): Promise<PictureNode[]> {
  const nodes = application.instance_id ? await approvals.nodesOf(db, application.instance_id) : []
  const holders = nodes.flatMap(node => node.tasks.map(task => task.person_id))
  // Copies are asked for only where nothing else gives sight.
  const copied = async () => application.instance_id ? (await approvals.copiesOf(db, application.instance_id)).map(copy => copy.person_id) : []
  if (!canSee(application, viewer, holders) && !canSee(application, viewer, await copied())) throw new AppError('forbidden', '这份申请只有申请人、办理人和管理员能看。需要了解时，请联系申请人')
  return nodes
}

/** Everything that the page of a sent application shows to this viewer. */
export async function applicationPage(context: Context, t: T, application: Application, viewer: SignedIn, asked?: Asked) {
  const { approvals, clock, versions, database: { db } } = context
  const nodes = await demandSight(context, db, application, viewer)
  const { id, instance_id, status } = application
  const version = await versions.get(db, application.version_id)
  const events = await eventsOf(db, id)
  const decisions = instance_id ? await approvals.decisionsOf(db, instance_id) : []
  const own = application.person_id === viewer.person_id
  const running = status === 'running'
  const suspended = running && instance_id !== null && ((await approvals.instanceOf(db, instance_id))?.suspended_at ?? null) !== null
  const sight = sightOf({ person_id: application.person_id, flow: version.definition.flow, form: version.form, nodes }, viewer)
  const holding = nodes.map(node => ({ label: node.label, since: node.started_at, names: node.tasks.filter(task => task.status === 'open').map(task => task.person_name) })).filter(node => node.names.length > 0)
  const [remarks, copies] = instance_id ? [await approvals.remarksOf(db, instance_id), await approvals.copiesOf(db, instance_id)] : [[], []]
  const why = reasonOf(t, status, { nodes, decisions, remarks })
  const names = new Map((await context.identity.peopleByIds(db, [...new Set(events.flatMap(event => event.actor_id ?? []))])).map(person => [person.id, person.name]))
  return {
    title: t(application.title), number: application.number, id, now: clock.now(),
    state: {
      sentence: standingSentence(t, status, { holding, promise: version.definition.guide.promise, now: clock.now(), own, suspended, until: delayIn(nodes) }),
      ...(why !== null && { note: why }), meaning: suspended ? 'grey' : STATUS_TAGS[status].meaning,
    },
    rows: await rowsOf(context, t, application, version, { nodes, viewer, sight }),
    changed: await changesOf(db, t, application, version, sight),
    filling: running ? fillingPage(t, application, version.form, writableBy({ flow: version.definition.flow, form: version.form, nodes }, viewer)) : null,
    timeline: timelinePage(t, { events, decisions, remarks, copies, nodes, now: clock.now(), labels: context.labels(), names, drawn: await drawnSignatures(db, t, id, { decisions, viewer }), said: await saidFiles(db, t, id, { words: [...decisions, ...remarks.filter(({ act }) => act === 'comment')], viewer }) }),
    results: own || can(viewer, 'applications.read') ? resultsPage(t, events, context.labels()) : [],
    steps: flowPage(t, version.definition.flow, { nodes, copies, status, choices: await choicesOf(context, db, instance_id, version), next: running && instance_id ? await approvals.foreseeRest(db, t, instance_id) : [], now: clock.now() }),
    back: backTo(t, { own, reads: can(viewer, 'applications.read') && !nodes.some(node => node.tasks.some(task => task.person_id === viewer.person_id)) }),
    task: await openTask(context, db, t, nodes, application, viewer, asked), longest: LONGEST_COMMENT,
    recalls: await recalls(context, db, nodes, application, viewer), mayTalk: status !== 'draft',
    offers: await offersFor(context, t, application, viewer),
    ...await ownActs(context, t, application, viewer),
  }
}

type Said = Pick<Awaited<ReturnType<Context['approvals']['remarksOf']>>[number], 'act' | 'person_name' | 'text'>
type Decided = Pick<Awaited<ReturnType<Context['approvals']['decisionsOf']>>[number], 'decision' | 'person_name' | 'comment'>

/** Why it ended without an approval or came back, in the words of whoever decided so; where nobody did, the step says it. */
function reasonOf(t: T, status: Application['status'], { nodes, decisions, remarks }: { nodes: readonly PictureNode[]; decisions: readonly Decided[]; remarks: readonly Said[] }): string | null {
  const told = (name: string | null, comment: string) => t('{name}：{comment}', { name: name ?? '', comment })
  if (status === 'ended') {
    const stopped = remarks.findLast(({ act }) => act === 'end')
    return stopped ? told(stopped.person_name, stopped.text) : null
  }
  if (status !== 'rejected' && status !== 'returned') return null
  const fallen = status === 'rejected' ? nodes.findLast(node => node.status === 'rejected' && node.note !== null) : undefined
  if (fallen?.note) return told(t(fallen.label), t(NOTES[fallen.note]))
  const last = decisions.findLast(({ decision }) => decision !== 'reply')
  return last && last.decision !== 'approve' ? told(last.person_name, last.comment) : null
}

/** Each handwritten signature as it is shown, by what its decision keeps. */
async function drawnSignatures(db: Db, t: T, id: string, { decisions, viewer }: { decisions: readonly { signature: string | null }[]; viewer: SignedIn }): Promise<ReadonlyMap<string, Signature>> {
  const signed = new Set(decisions.flatMap(decision => decision.signature ?? []))
  const files = signed.size > 0 ? await attachmentsOf(db, id) : []
  return new Map(files.filter(file => signed.has(file.id)).map(file => {
    const { href, tag } = filePage(t, file, viewer.person_id)
    return [file.id, href ? { src: href, text: t('已手写签名') } : { text: t('已手写签名（{state}）', { state: tag?.text ?? '' }) }]
  }))
}

/** What was sent along with comments and decisions, under what it is kept by. */
async function saidFiles(db: Db, t: T, id: string, { words, viewer }: { words: readonly unknown[]; viewer: SignedIn }): Promise<ReadonlyMap<string, SaidFile[]>> {
  return saidIn(words.length > 0 ? await attachmentsOf(db, id) : [], file => {
    const { label, href, tag } = filePage(t, file, viewer.person_id)
    return { label: tag ? t('{label}（{state}）', { label, state: tag.text }) : label, href }
  })
}

async function offersFor({ offers, database: { db } }: Context, t: T, application: Application, viewer: SignedIn): Promise<Offer[]> {
  const found = await Promise.all((offers?.() ?? []).map(offer => offer(db, t, application, viewer)))
  return found.filter(offer => offer !== null)
}

/** The list that the viewer most likely came from. */
export function backTo(t: T, { own, reads }: { own: boolean; reads: boolean }): { label: string; href: string } {
  if (own) return { label: t('我发出的'), href: '/sent' }
  return reads ? { label: t('申请'), href: '/admin/applications' } : { label: t('我收到的'), href: '/received' }
}

/** The delay that everything waits for, where nobody holds anything. */
function delayIn(nodes: readonly PictureNode[]): { label: string; at: number } | undefined {
  const delay = nodes.find(node => node.kind === 'delay' && node.status === 'open')
  return delay && delay.due_at !== null ? { label: delay.label, at: delay.due_at } : undefined
}

type Sight = ReadonlyMap<string, Right>
type Seen = { nodes: readonly PictureNode[]; viewer: SignedIn; sight: Sight }

async function rowsOf(context: Context, t: T, application: Application, { form, definition: { flow } }: Version, { nodes, viewer, sight }: Seen) {
  const { db } = context.database
  const { id, person_id } = application
  const values = application.form ?? {}
  const files = await attachmentsOf(db, id)
  const marks = await marksOf(db, application)
  const known = await knownIn(context, db, form, values)
  const drawn = new Set(form.fields.filter(({ control }) => control.kind === 'signature').map(({ definition: { key } }) => key))
  const masked = new Set(form.fields.filter(field => field.mask && canSeeWhole({ person_id, flow, form, nodes }, viewer, field.definition.key)).map(field => field.definition.key))
  return [
    { label: t('申请人'), value: t('{name}（{number}）', { name: application.person_name, number: application.person_number }) },
    { label: t('提交时间'), time: application.submitted_at },
    ...application.expires_at !== null ? [{ label: t('内容保存到'), time: application.expires_at }] : [],
    ...answers(form, values, t, known).filter(({ key }) => sight.get(key) !== 'hidden').map(answer => ({
      ...answerRow(answer, filesOf(files, values[answer.key]).map(file => filePage(t, file, viewer.person_id))),
      key: answer.key, isDrawn: drawn.has(answer.key), show: masked.has(answer.key) ? `/applications/${id}/whole` : undefined,
      source: sourceOf(t, application, answer.key), marks: marks.filter(mark => mark.field === answer.key).map(({ reason, note }) => note ? t('{name}：{comment}', { name: t(REASONS[reason]), comment: note }) : t(REASONS[reason])),
    })),
  ]
}

function answerRow({ label, text, lines }: Answer, files: readonly ReturnType<typeof filePage>[]) {
  if (lines) return { label, grid: lines, value: text, whole: true }
  return files.length > 0 ? { label, files } : { label, value: text }
}

function filesOf(files: readonly Attachment[], value: unknown): Attachment[] {
  const ids: unknown[] = Array.isArray(value) ? value : typeof value === 'object' && value !== null && 'file' in value ? [value.file] : []
  return files.filter(file => ids.includes(file.id))
}

/** Where an answer came from that was filled in already; what the applicant changed of it is said as such. */
function sourceOf(t: T, { sources }: Application, key: string): { text: string; changed: boolean } | undefined {
  const source = sources && Object.hasOwn(sources, key) ? sources[key] : undefined
  if (!source) return undefined
  return { changed: !source.same, text: t(source.same ? '来自{source}' : '申请人改过，与{source}不同', { source: t(SOURCES[source.from]) }) }
}

/** What is to be corrected now, or was asked about the submission before this one. */
async function marksOf(db: Db, { id, status, revision }: Application): Promise<Correction[]> {
  const asked = status === 'returned' ? revision : revision - 1
  return asked > 0 ? correctionsOf(db, id, asked) : []
}

/** What the viewer is to fill in at a step that gives it into their hands. */
function fillingPage(t: T, { id, form: values }: Application, { fields }: Form, writable: ReadonlySet<string>) {
  const mine = fields.filter(field => writable.has(field.definition.key))
  if (mine.length === 0) return null
  const open = mine.filter(({ definition: { key, required } }) => required && values?.[key] === undefined)
  return { href: `/applications/${id}/filling`, labels: mine.map(field => t(field.definition.label)).join(t('、')), isOpen: open.length > 0, isEmpty: mine.every(field => values?.[field.definition.key] === undefined) }
}

/** After a correction: the labels whose answers differ from the submission before. */
async function changesOf(db: Db, t: T, { id, revision }: Application, { form }: Version, sight: Sight): Promise<{ revision: number; labels: string } | null> {
  if (revision < 2) return null
  // As it was sent: what approvers entered since is no change of the applicant's.
  const now: Values = await formOfRevision(db, id, revision) ?? {}
  const before: Values = await formOfRevision(db, id, revision - 1) ?? {}
  const changed = form.fields.filter(({ definition: { key } }) => sight.get(key) !== 'hidden' && JSON.stringify(before[key]) !== JSON.stringify(now[key]))
  return { revision, labels: changed.map(field => t(field.definition.label)).join(t('、')) }
}

/** Which branches hold; asked only of flows that have any. */
async function choicesOf({ approvals }: Context, db: Db, instance_id: string | null, { definition }: Version): Promise<ReadonlyMap<string, readonly number[]>> {
  const isPlain = definition.flow.nodes.every(step => step.kind === 'approval')
  return isPlain || instance_id === null ? new Map() : (await approvals.pictureOf(db, instance_id)).choices
}

async function ownActs({ approvals, clock, database: { db } }: Context, t: T, application: Application, viewer: SignedIn) {
  const refusals = application.instance_id ? await approvals.refusalsOf(db, application.instance_id, viewer.person_id, clock.now()) : null
  const own = application.person_id === viewer.person_id
  const { urge } = refusals ?? {}
  return {
    mayWithdraw: refusals !== null && refusals.withdraw === null,
    mayCorrect: refusals !== null && refusals.resubmit === null,
    mayUrge: refusals !== null && urge === null,
    urgeLater: own && application.status === 'running' && urge ? t(urge.sentence, urge.params) : null,
    mayCopy: canCopy(application, viewer),
    mayRevoke: refusals !== null && refusals.revoke === null,
  }
}

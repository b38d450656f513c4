import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Files } from '../../../integrations/files/index.ts'
import type { CellError, Sources } from '../../../integrations/sources/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import { schoolTime } from '../../../platform/dates.ts'
import type { Database, Db } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Upload, uploadIn } from '../../../platform/web.ts'
import type { Hindrance } from '../hindrances.ts'
import type { Identity } from '../index.ts'
import { fileNameHeader } from '../notices.ts'
import { reasonTyped, LONGEST_REASON } from '../rules.ts'
import type { Template } from '../templates.ts'
import { batchArchive } from './archive.ts'
import { peopleOf, readList } from './list-file.ts'
import { batchCell, batchPage, batchRevocationPage, newPage, stopPage, type Typed, VIEWS } from './pages.ts'
import { MOST } from './rules.ts'
import { countItems, getBatch, listBatches, listFiled } from './store.ts'
import type { BatchRow } from './tables.ts'
import type { BatchVerbs, Chosen } from './verbs.ts'

type ById = { Params: { id: string } }
type Deps = {
  database: Database; clock: Clock; files: Files; sources: Sources; identity: Identity; batches: BatchVerbs
  templates: ReadonlyMap<string, Template>
  hindrances(): Promise<Hindrance[]>
}

const SHOWN = 30
const PAGE = 50

/** 批量出具: who is to get what, a check, then the course of it, and at the end everything in one file. */
export function batchRoutes(deps: Deps): FastifyPluginAsync {
  const { database: { db, write }, clock, templates, batches, hindrances } = deps
  const kinds = [...templates.values()].filter(({ about }) => about === 'person')

  async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed, { error, faults = [] }: { error?: AppError; faults?: readonly CellError[] } = {}): Promise<FastifyReply> {
    const { t } = request
    const said = (field: string) => error?.fields?.[field] && t(error.fields[field], error.params)
    const units = (await deps.identity.listUnits(db)).filter(({ kind }) => kind === 'school')
    return reply.console('documents/batch-new', newPage({ t, typed, kinds, units, said, faults }))
  }

  return async app => {
    app.get<{ Querystring: { before?: string } }>('/documents/batches', async (request, reply) => {
      const { t } = request
      const rows = await listBatches(db, { before: request.query.before, limit: SHOWN + 1 })
      const last = rows.length > SHOWN ? rows[SHOWN - 1] : undefined
      return reply.console('documents/batches', { title: t('批量出具'), back: { label: t('证明文件'), href: '/admin/documents' }, actions: [{ label: t('新的一批'), href: '/admin/documents/batches/new', kind: 'main', icon: 'plus' }], items: rows.slice(0, SHOWN).map(row => batchCell(t, templates, row)), next: last && `?before=${last.id}` })
    })

    app.get('/documents/batches/new', async (request, reply) => show(request, reply, { ...readTyped({}), by: 'group', deliver: 'wecom' }))

    app.post('/documents/batches', async (request, reply) => {
      const typed = readTyped(request.body)
      try {
        const { errors: faults, ...chosen } = typed.by === 'file' ? { ...await chooseFile(deps, db, uploadIn(request.body, 'file')), strangers: [] } : { ...await choose(deps.identity, db, typed), errors: [] }
        if (faults.length > 0) return await show(request, reply.code(422), typed, { faults })
        const { name, kind, purpose, again } = typed
        const id = await write(tx => batches.prepare(tx, request.actor, { name, kind, purpose, again, deliver: deliveryIn(typed), by_name: request.person.name, ...chosen }))
        return await reply.redirect(`/admin/documents/batches/${id}`, 303)
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return show(request, reply.code(422), typed, { error })
      }
    })

    app.get<ById & { Querystring: { view?: string; after?: string } }>('/documents/batches/:id', async (request, reply) => {
      const { t, query: { view = '', after } } = request
      const batch = await getBatch(db, request.params.id)
      const counts = await countItems(db, batch.id)
      const items = await listFiled(db, batch.id, { outcomes: VIEWS[view]?.outcomes, after, limit: PAGE + 1 })
      const held = (await hindrances()).map(({ text, params }) => t(text, params))
      return reply.console('documents/batch', batchPage({ t, batch, kinds: templates, counts, items, view: view in VIEWS ? view : '', page: PAGE, now: clock.now(), held }))
    })

    for (const [noun, act] of Object.entries({ beginning: batches.begin, pause: batches.pause, resumption: batches.resume, retry: batches.retry, stop: batches.stop })) {
      app.post<ById>(`/documents/batches/:id/${noun}`, async (request, reply) => {
        const { id } = request.params
        await write(tx => act(tx, request.actor, id))
        return reply.redirect(`/admin/documents/batches/${id}`, 303)
      })
    }

    app.get<ById>('/documents/batches/:id/stop', async (request, reply) => {
      const batch = await getBatch(db, request.params.id)
      return reply.console('documents/revocation', stopPage(batch, await countItems(db, batch.id), request.t))
    })

    app.get<ById>('/documents/batches/:id/archive', async (request, reply) => {
      const batch = await getBatch(db, request.params.id)
      const { issued } = await countItems(db, batch.id)
      if (issued === 0) throw new AppError('not-found', '这一批还没有签章的文件')
      // Where files cannot be fetched, a page says so instead of a file that breaks off.
      const [first] = await listFiled(db, batch.id, { outcomes: ['issued'], limit: 1 })
      if (first?.document?.sha256) await deps.files.get(first.document.sha256)
      await write(tx => batches.recordFetch(tx, request.actor, batch.id, issued))
      return reply.type('application/zip').header('content-disposition', fileNameHeader(`${request.t(batch.name)}-${schoolTime(clock.now()).date}.zip`)).send(batchArchive({ ...deps, db }, batch.id, request.t))
    })

    app.get<ById>('/documents/batches/:id/revocation', async (request, reply) => {
      const batch = await getBatch(db, request.params.id)
      return reply.console('documents/revocation', batchRevocationPage(batch, await countItems(db, batch.id), request.t, LONGEST_REASON))
    })

    app.post<ById>('/documents/batches/:id/revocation', async (request, reply) => {
      const { id } = request.params
      const typed = fieldIn(request.body, 'reason')
      try {
        await write(tx => batches.revoke(tx, request.actor, id, reasonTyped(typed)))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return reply.code(422).console('documents/revocation', batchRevocationPage(await getBatch(db, id), await countItems(db, id), request.t, LONGEST_REASON, typed, request.t(error.message)))
      }
      return reply.redirect(`/admin/documents/batches/${id}`, 303)
    })
  }
}

/** Whom the form means. */
async function choose(identity: Identity, db: Db, { by, unit, class_name, entered, all, numbers }: Typed): Promise<{ people: Chosen[]; strangers: string[] }> {
  if (by === 'numbers') return chooseNumbers(identity, db, numbers)
  if (by !== 'group') throw wrong('by', '请选择给谁出具')
  if (entered !== '' && !/^(19|20)\d\d$/.test(entered)) throw wrong('entered', '请填写四位数的年份，例如 2023')
  const unit_ids = await identity.unitTree(db, unit || undefined)
  const people = await identity.studentsOf(db, { unit_ids, class_name: class_name || undefined, entered: entered || undefined, all, limit: MOST + 1 })
  return { people, strangers: [] }
}

async function chooseNumbers(identity: Identity, db: Db, text: string): Promise<{ people: Chosen[]; strangers: string[] }> {
  const typed = [...new Set(text.normalize('NFKC').split(/[\s,;、，；]+/).filter(Boolean))]
  if (typed.length === 0) throw wrong('numbers', '请填写学号')
  const tooLong = typed.find(number => number.length > 32)
  if (tooLong) throw wrong('numbers', '“{what}”不像学号，请用空格、逗号或换行隔开', { what: `${tooLong.slice(0, 20)}…` })
  const known = await peopleOf(identity, db, typed.slice(0, MOST + 1))
  return { people: [...known.values()].toSorted((one, other) => one.number < other.number ? -1 : 1), strangers: typed.filter(number => !known.has(number)) }
}

/** Whom an uploaded list means, with what is wrong with it; a file that is no table is said at its field. */
async function chooseFile(deps: Parameters<typeof readList>[0], db: Db, file: Upload | undefined): ReturnType<typeof readList> {
  if (!file || file.data.length === 0) throw wrong('file', '请选择学号名单（.xlsx 或 .csv）')
  if (file.truncated) throw wrong('file', '文件太大')
  try {
    return await readList(deps, db, file.data)
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
    throw new AppError('invalid', error.message, { fields: { file: error.message }, params: error.params ?? {} })
  }
}

function deliveryIn({ deliver }: Typed): BatchRow['deliver'] {
  if (deliver !== 'none' && deliver !== 'wecom' && deliver !== 'mail') throw wrong('deliver', '请选择出具以后怎么通知')
  return deliver
}

function wrong(field: string, sentence: string, params: Record<string, string> = {}): AppError {
  return new AppError('invalid', sentence, { fields: { [field]: sentence }, params })
}

function readTyped(body: unknown): Typed {
  const text = (name: string) => fieldIn(body, name).trim()
  return {
    name: text('name'), kind: text('kind'), purpose: text('purpose'), again: text('again') !== '', deliver: text('deliver'), by: text('by'),
    unit: text('unit'), class_name: text('class_name').normalize('NFKC'), entered: text('entered').normalize('NFKC'), all: text('all') !== '', numbers: fieldIn(body, 'numbers'),
  }
}

function fieldIn(body: unknown, name: string): string {
  const value: unknown = typeof body === 'object' && body !== null ? new Map(Object.entries(body)).get(name) : undefined
  return typeof value === 'string' ? value : ''
}

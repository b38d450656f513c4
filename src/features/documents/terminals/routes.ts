import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { PAGE_SIZE } from '../pages/list.ts'
import { listOfPerson } from '../store.ts'
import { choosingPage, printPage, printsPage } from './pages.ts'
import { yearStart } from './rules.ts'
import { copiesSince, getPrint, getTerminal, type ListedPrint, listPrints } from './store.ts'
import type { Print, Terminal } from './tables.ts'
import type { TerminalVerbs } from './verbs.ts'

type Deps = { database: Database; clock: Clock; terminals: TerminalVerbs }
type ById = { Params: { id: string } }

const text = Type.String({ maxLength: 100 })
const CodeForm = Type.Object({ code: text })
const HandForm = Type.Object({ terminal: text, code: text, document: Type.Optional(text) })

const REFUSALS = { wrong: '数字不对或者已经换了，请看终端上现在的六位数字', wait: '试了太多次，请十分钟以后再试' }
const STALE = '终端上的二维码已经换了，请再扫一次。选好的文件没有变'
/** papers to choose from, the newest */
const PAPERS = 100

/** What the six digits are, however they were typed. */
function digitsIn(typed: string): string {
  return typed.normalize('NFKC').replace(/\D/g, '')
}

/** 自助打印, on a person's own phone: which terminal, which paper, and what became of it. */
export function printRoutes({ database: { db, write }, clock, terminals }: Deps): FastifyPluginAsync {
  async function showList(request: FastifyRequest, reply: FastifyReply, typed?: { typed: string; error: string }, before?: string) {
    const rows = await listPrints(db, { person_id: request.person.person_id }, { before, limit: PAGE_SIZE + 1 })
    const shown = rows.slice(0, PAGE_SIZE)
    return reply.page('documents/prints', printsPage(shown, { t: request.t, now: clock.now(), next: rows.length > PAGE_SIZE ? `?before=${shown.at(-1)?.id ?? ''}` : undefined, ...typed }))
  }

  async function showPapers(request: FastifyRequest, reply: FastifyReply, terminal: Terminal, given: { code: string; chosen?: string; error?: string }) {
    const { person_id } = request.person
    const now = clock.now()
    const papers = await listOfPerson(db, person_id, { limit: PAPERS, status: 'issued' })
    return reply.page('documents/print-new', choosingPage({ terminal, papers, printed: await copiesSince(db, { terminal_id: terminal.id, person_id }, yearStart(now)), now, t: request.t, ...given }))
  }

  async function own({ person, params: { id } }: FastifyRequest<ById>): Promise<Print> {
    const print = await getPrint(db, id)
    // As if it did not exist: whether somebody printed is nobody else's business.
    if (print.person_id !== person.person_id) throw new AppError('not-found', '没有找到这次打印')
    return print
  }

  async function listed({ id, document_id }: Print): Promise<ListedPrint> {
    const found = (await listPrints(db, { document_id }, { limit: PAPERS })).find(each => each.id === id)
    if (!found) throw new AppError('not-found', '没有找到这次打印')
    return found
  }

  return async app => {
    app.get<{ Querystring: { before?: string } }>('/prints', async (request, reply) => showList(request, reply, undefined, request.query.before))

    app.post('/prints/terminal', async (request, reply) => {
      const { code: typed } = fits<Static<typeof CodeForm>>(CodeForm, request.body) ? request.body : { code: '' }
      const code = digitsIn(typed)
      const found = await write(tx => terminals.tryCode(tx, request.person.person_id, code))
      if (typeof found === 'string') return showList(request, reply.code(found === 'wait' ? 429 : 422), { typed, error: request.t(REFUSALS[found]) })
      return reply.redirect(`/prints/new?${new URLSearchParams({ terminal: found.id, code })}`, 303)
    })

    // Where the QR of a terminal leads. The digits are looked at when a paper is handed over: looking changes nothing and proves nothing.
    app.get<{ Querystring: { terminal?: string; code?: string } }>('/prints/new', async (request, reply) => {
      const { terminal = '', code = '' } = request.query
      const found = await getTerminal(db, String(terminal))
      if (found.status !== 'on') throw new AppError('conflict', '这台终端已经停用')
      return showPapers(request, reply, found, { code: digitsIn(String(code)) })
    })

    app.post('/prints', async (request, reply) => {
      const { person, t } = request
      const { terminal: terminal_id, code, document: chosen = '' } = fits<Static<typeof HandForm>>(HandForm, request.body) ? request.body : { terminal: '', code: '' }
      const terminal = await getTerminal(db, terminal_id)
      const again = (status: number, error: string) => showPapers(request, reply.code(status), terminal, { code, chosen, error })
      if (chosen === '') return again(422, t('请选择一份文件'))
      const found = await write(tx => terminals.tryCode(tx, person.person_id, code, terminal_id))
      if (typeof found === 'string') return again(found === 'wait' ? 429 : 422, t(found === 'wait' ? REFUSALS.wait : STALE))
      try {
        return await reply.redirect(`/prints/${await write(tx => terminals.hand(tx, request.actor, { terminal_id, document_id: chosen }))}`, 303)
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
        return again(409, t(error.message, error.params))
      }
    })

    app.get<ById>('/prints/:id', async (request, reply) => {
      const print = await own(request)
      return reply.page('documents/print', printPage(await listed(print), await getTerminal(db, print.terminal_id), clock.now(), request.t))
    })

    app.post<ById>('/prints/:id/cancellation', async (request, reply) => {
      const { id } = await own(request)
      await write(tx => terminals.cancel(tx, request.actor, id))
      return reply.redirect(`/prints/${id}`, 303)
    })

    app.post<ById>('/prints/:id/failure', async (request, reply) => {
      const { id } = await own(request)
      await write(tx => terminals.fail(tx, request.actor, id))
      return reply.redirect(`/prints/${id}`, 303)
    })
  }
}

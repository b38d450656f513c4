import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { type ContactsQuery, contactsPage, differencePage, questionPage } from '../pages/contacts.ts'
import { type Decision, decisionsFor, isDifferenceField } from '../rules/differences.ts'
import { latestRuns } from '../store/contact-runs.ts'
import { countDifferences, countFiltered, type DifferenceFilter, type DifferenceRow, differencesByIds, differencesOf, listDifferences } from '../store/differences.ts'
import { countDue, countMembers } from '../store/members.ts'
import { personByNumber } from '../store/people.ts'
import { beginDeciding, beginPull, beginPush } from '../verbs/contact-runs.ts'
import { decide } from '../verbs/differences.ts'

const PAGE = 50
const text = (max: number) => Type.Optional(Type.String({ maxLength: max }))
const Query = Type.Object({ show: text(10), field: text(30), q: text(60), after: text(26) })
const One = Type.Object({ decision: Type.String({ maxLength: 10 }) })
const Id = Type.String({ maxLength: 26 })
const Chosen = Type.Object({ decision: Type.String({ maxLength: 10 }), ids: Type.Optional(Type.Union([Id, Type.Array(Id, { maxItems: 200 })])) })
const All = Type.Object({ decision: Type.String({ maxLength: 10 }), field: Type.String({ maxLength: 30 }) })

type ById = { Params: { id: string } }
const decisions: readonly Decision[] = ['ours', 'theirs', 'ignore', 'reopen']

/** WeCom's address book beside ours. */
export function contactRoutes({ database: { db, write }, contacts: { writesContacts }, contactSettings }: Context): FastifyPluginAsync {
  const how = { leavers: contactSettings.leavers, writes: writesContacts }

  async function getDifference(id: string): Promise<DifferenceRow> {
    const [row] = await differencesByIds(db, [id])
    if (!row) throw new AppError('not-found', '这处差异已经没有了')
    return row
  }

  async function decideAll(tx: Tx, request: FastifyRequest, rows: readonly DifferenceRow[], decision: Decision): Promise<{ done: number; failed: number }> {
    let done = 0
    for (const row of rows) done += Number(await decide(tx, request.actor, row, decision, how).then(() => true, unlessApp))
    if (decision === 'ours' && done > 0) await beginPush(tx, request.actor, { marking: false })
    return { done, failed: rows.length - done }
  }

  return async app => {
    app.get('/contacts', async (request, reply) => {
      const query: ContactsQuery = fits<ContactsQuery>(Query, request.query) ? request.query : {}
      const filter: DifferenceFilter = { decision: query.show === 'ours' || query.show === 'ignore' ? query.show : 'open', fields: query.field && isDifferenceField(query.field) ? [query.field] : undefined, q: query.q }
      const [rows, counts, members, due, pulls, pushes, bulk] = await Promise.all([
        listDifferences(db, filter, { after: query.after, limit: PAGE + 1 }), countDifferences(db), countMembers(db), countDue(db),
        latestRuns(db, 'pull', 2), latestRuns(db, 'push', 1), latestRuns(db, 'decide', 1),
      ])
      return await reply.console('identity/contacts', contactsPage({
        t: request.t, query, filter, rows: rows.slice(0, PAGE), more: rows.length > PAGE, counts, members, due, pulls, pushes, bulk, writes: writesContacts, settings: contactSettings,
      }))
    })

    app.post('/contacts/reading', async (request, reply) => {
      await write(tx => beginPull(tx, request.actor))
      return reply.redirect('/admin/contacts', 303)
    })

    app.post('/contacts/writing', async (request, reply) => {
      if (!writesContacts) throw new AppError('invalid', '没有配置通讯录同步的 Secret，不能写通讯录')
      await write(tx => beginPush(tx, request.actor, { marking: true }))
      return reply.redirect('/admin/contacts', 303)
    })

    app.get<ById>('/contacts/differences/:id', async (request, reply) => {
      const row = await getDifference(request.params.id)
      const [others, person] = [await differencesOf(db, [row.subject]), row.number === null ? null : await personByNumber(db, row.number)]
      return await reply.console('identity/contacts-difference', differencePage({ t: request.t, reader: request.person, row, others, person, writes: writesContacts, settings: contactSettings }))
    })

    app.post<ById>('/contacts/differences/:id/decision', async (request, reply) => {
      const decision = decisionIn(fits<Static<typeof One>>(One, request.body) ? request.body.decision : '')
      const row = await getDifference(request.params.id)
      await write(async tx => {
        await decide(tx, request.actor, row, decision, how)
        if (decision === 'ours') await beginPush(tx, request.actor, { marking: false })
      })
      request.session.flash = { meaning: 'done', text: request.t(SAID[decision]) }
      return reply.redirect('/admin/contacts', 303)
    })

    app.post('/contacts/decisions', async (request, reply) => {
      const sent = fits<Static<typeof Chosen>>(Chosen, request.body) ? request.body : { decision: '' }
      const decision = decisionIn(sent.decision)
      const rows = await differencesByIds(db, [sent.ids ?? []].flat())
      const { done, failed } = await write(tx => decideAll(tx, request, rows, decision))
      const words = rows.length === 0 ? '还没有选择任何一项' : failed === 0 ? '已处理 {done} 项' : '已处理 {done} 项，{failed} 项不能这样处理'
      request.session.flash = { meaning: rows.length === 0 || failed > 0 ? 'warn' : 'done', text: request.t(words, { done, failed }) }
      return reply.redirect('/admin/contacts', 303)
    })

    app.get('/contacts/decisions/all', async (request, reply) => {
      const { field, decision } = allIn(request.query)
      const count = await countFiltered(db, { decision: 'open', fields: [field] })
      return await reply.console('identity/confirm', questionPage(request.t, { field, decision, count, settings: contactSettings }))
    })

    app.post('/contacts/decisions/all', async (request, reply) => {
      const { field, decision } = allIn(request.body)
      await write(tx => beginDeciding(tx, request.actor, { field, decision }))
      return reply.redirect('/admin/contacts', 303)
    })
  }

  function allIn(sent: unknown) {
    const { field, decision: word } = fits<Static<typeof All>>(All, sent) ? sent : { field: '', decision: '' }
    const decision = decisionIn(word)
    if (!isDifferenceField(field) || !decisionsFor(field, how).includes(decision)) throw new AppError('invalid', '不能这样处理')
    return { field, decision }
  }
}

const SAID: Readonly<Record<Decision, string>> = {
  ours: '已记下，正在写入企业微信', theirs: '已采用企业微信里的内容', ignore: '已忽略，以后不再提示这一项', reopen: '已恢复到待处理',
}

function decisionIn(word: string): Decision {
  const found = decisions.find(each => each === word)
  if (!found) throw new AppError('invalid', '请选择怎样处理')
  return found
}

function unlessApp(error: unknown): false {
  if (error instanceof AppError) return false
  throw error
}

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { eventsOf } from '../../../platform/events.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import type { GroupsTable } from '../group-tables.ts'
import { EMPTY_GROUP, groupPage, groupsPage, newGroupPage, removalPage } from '../pages/groups.ts'
import type { GroupForm } from '../rules/groups.ts'
import { standings } from '../rules/standing.ts'
import { GroupForm as GroupShape, GroupQuery, IdParam, JoinForm } from '../schema.ts'
import { groupById, listGroups, membersOf } from '../store/groups.ts'
import { peopleByNumbers } from '../store/people.ts'
import { searchPeople } from '../store/search.ts'
import { changeGroup, joinGroup, leaveGroup, makeGroup, removeGroup } from '../verbs/groups.ts'
import type { ById } from './show-person.ts'

const FOUND = 20
type Errors = Readonly<Record<string, string>>
type Typed = { q?: string; form?: Pick<GroupForm, 'name' | 'purpose'>; errors?: Errors }

/** The 工作组 that flows call: making and removing them, who is in them. */
export function groupRoutes({ database: { db, write }, groupUses = async () => [] }: Context): FastifyPluginAsync {
  async function getGroup(id: string): Promise<GroupsTable> {
    const group = await groupById(db, id)
    if (!group) throw new AppError('not-found', '没有找到这个工作组，可能已经删除')
    return group
  }

  async function show(request: FastifyRequest, reply: FastifyReply, id: string, { q = '', form, errors = {} }: Typed = {}): Promise<FastifyReply> {
    const group = await getGroup(id)
    const [members, uses, events] = await Promise.all([membersOf(db, id), groupUses(db, group.word), eventsOf(db, id)])
    const { people, next } = q.trim() === '' ? { people: [], next: null } : await searchPeople(db, { q, limit: FOUND })
    const numbers = [...new Set(events.flatMap(({ actor_number, data }) => [actor_number, data['number']]).filter(number => typeof number === 'string'))]
    const names = new Map((await peopleByNumbers(db, numbers)).map(({ number, name }) => [number, name]))
    return await reply.console('identity/group', groupPage({
      t: request.t, reader: request.person, group, members, uses, events, names, q, found: people.filter(({ standing }) => standings[standing].current), more: next !== null, form: form ?? group, errors,
    }))
  }

  /** What the page says again; anything that it cannot mend goes on. */
  async function again(request: FastifyRequest, reply: FastifyReply, id: string, error: unknown, typed: Typed): Promise<FastifyReply> {
    if (!(error instanceof AppError) || (error.kind !== 'invalid' && error.kind !== 'conflict')) throw error
    return await show(request, reply.code(error.kind === 'conflict' ? 409 : 422), id, { ...typed, errors: sentences(request, error) })
  }

  const done = (request: FastifyRequest, reply: FastifyReply, id: string, text: string) => {
    request.session.flash = { meaning: 'done', text }
    return reply.redirect(`/admin/groups/${id}`, 303)
  }

  return async app => {
    app.get('/groups', async (request, reply) => {
      const groups = await Promise.all((await listGroups(db)).map(async group => ({ ...group, uses: await groupUses(db, group.word) })))
      return await reply.console('identity/groups', groupsPage(request.t, groups))
    })

    app.get('/groups/new', async (request, reply) => await reply.console('identity/group-new', newGroupPage(request.t, EMPTY_GROUP, {})))

    app.post('/groups', async (request, reply) => {
      const form = readForm(request.body)
      try {
        const id = await write(tx => makeGroup(tx, request.actor, form))
        return done(request, reply, id, request.t('已新建，接着加入成员'))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return await reply.code(422).console('identity/group-new', newGroupPage(request.t, form, sentences(request, error)))
      }
    })

    app.get<ById>('/groups/:id', { schema: { params: IdParam } }, async (request, reply) =>
      await show(request, reply, request.params.id, { q: fits<{ q?: string }>(GroupQuery, request.query) ? request.query.q ?? '' : '' }))

    app.post<ById>('/groups/:id/name', { schema: { params: IdParam } }, async (request, reply) => {
      const { id } = request.params
      const { name, purpose } = readForm(request.body)
      try {
        await write(tx => changeGroup(tx, request.actor, { group_id: id, name, purpose }))
        return done(request, reply, id, request.t('已保存'))
      } catch (error) {
        return await again(request, reply, id, error, { form: { name, purpose } })
      }
    })

    app.post<ById>('/groups/:id/members', { schema: { params: IdParam } }, async (request, reply) => {
      const { id } = request.params
      const { person = [], q = '' } = fits<{ person?: string | string[]; q?: string }>(JoinForm, request.body) ? request.body : {}
      const people = [person].flat()
      if (people.length === 0) return await show(request, reply.code(422), id, { q, errors: { person: request.t('请选择要加入的人') } })
      try {
        const n = await write(tx => joinGroup(tx, request.actor, { group_id: id, people }))
        return done(request, reply, id, request.t('已加入 {n} 人', { n }))
      } catch (error) {
        return await again(request, reply, id, error, { q })
      }
    })

    app.post<ById & { Params: { person: string } }>('/groups/:id/members/:person/removal', { schema: { params: IdParam } }, async (request, reply) => {
      const { id, person } = request.params
      try {
        await write(tx => leaveGroup(tx, groupUses, request.actor, { group_id: id, person_id: person }))
        return done(request, reply, id, request.t('已移出。已经分派给这个人的待办不会消失，需要时可以改派'))
      } catch (error) {
        return await again(request, reply, id, error, {})
      }
    })

    app.get<ById>('/groups/:id/removal', { schema: { params: IdParam } }, async (request, reply) => await askRemoval(request, reply, request.params.id))

    app.post<ById>('/groups/:id/removal', { schema: { params: IdParam } }, async (request, reply) => {
      try {
        await write(tx => removeGroup(tx, groupUses, request.actor, request.params.id))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
        return await askRemoval(request, reply.code(409), request.params.id)
      }
      request.session.flash = { meaning: 'done', text: request.t('已删除') }
      return reply.redirect('/admin/groups', 303)
    })
  }

  async function askRemoval(request: FastifyRequest, reply: FastifyReply, id: string): Promise<FastifyReply> {
    const group = await getGroup(id)
    return await reply.console('identity/group-removal', removalPage(request.t, group, (await membersOf(db, id)).length, await groupUses(db, group.word)))
  }
}

function readForm(body: unknown): GroupForm {
  const { word = '', name = '', purpose = '' } = fits<Partial<GroupForm>>(GroupShape, body) ? body : {}
  return { word: word.trim(), name: name.trim(), purpose: purpose.trim() }
}

/** At its fields; what belongs to none is the page's `problem`. */
function sentences({ t }: FastifyRequest, { fields, message, params }: AppError): Errors {
  return fields ? Object.fromEntries(Object.entries(fields).map(([name, sentence]) => [name, t(sentence)])) : { problem: t(message, params) }
}

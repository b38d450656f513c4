import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../deps.ts'
import { newId } from '../../../platform/ids.ts'
import { announcementForm, announcementRemoval, blankAnnouncement, consoleList, PAGE, readCursor, typedOf } from '../pages/announcements.ts'
import { readAnnouncement, type TypedAnnouncement } from '../rules/announcement.ts'
import { getAnnouncement, listAnnouncements } from '../store/announcements.ts'
import { type ById, done, faultsOf, newIdIn, textIn } from './requests.ts'

const LIST = '/admin/announcements'

/** The console's desk for announcements: write, look, change, take away. */
export function announcementConsole({ database: { db, write }, clock, verbs }: Context): FastifyPluginAsync {
  const styles = ['css/pages/hall.css']
  type Shown = { id: string; typed: TypedAnnouncement; isNew: boolean; faults?: Record<string, string>; preview?: { at: number } }

  function form(request: FastifyRequest, reply: FastifyReply, { isNew, id, ...shown }: Shown): FastifyReply | Promise<FastifyReply> {
    return reply.console('hall/announcement-form', { ...announcementForm(request.t, { ...shown, id, isNew, action: isNew ? LIST : `${LIST}/${id}` }), styles })
  }

  /** Looks at it where that was asked, else does it; what is wrong comes back with everything typed. */
  async function take(request: FastifyRequest, reply: FastifyReply, { id, isNew }: { id: string; isNew: boolean }): Promise<FastifyReply> {
    const typed = typedIn(request.body)
    if (textIn(request.body, 'intent') === 'preview') {
      const { written, faults } = readAnnouncement(typed, clock.now())
      return form(request, reply.code(Object.keys(faults).length > 0 ? 422 : 200), { id, isNew, typed, faults, preview: { at: written.starts_at } })
    }
    try {
      await write(tx => isNew ? verbs.publishAnnouncement(tx, request.actor, id, typed) : verbs.changeAnnouncement(tx, request.actor, id, typed))
    } catch (error) {
      return form(request, reply.code(422), { id, isNew, typed, faults: faultsOf(error) })
    }
    return done(request, reply, isNew ? '公告已发布' : '公告已修改', LIST)
  }

  return async app => {
    app.get<{ Querystring: { before?: string } }>('/announcements', async ({ t, query }, reply) =>
      reply.console('hall/announcement-list', consoleList(t, await listAnnouncements(db, { before: readCursor(query.before), limit: PAGE + 1 }), clock.now())))

    app.get('/announcements/new', async (request, reply) => form(request, reply, { id: newId(), isNew: true, typed: blankAnnouncement(request.person.unit_name) }))

    app.post('/announcements', async (request, reply) => take(request, reply, { id: newIdIn(request.body), isNew: true }))

    app.get<ById>('/announcements/:id', async (request, reply) => {
      const announcement = await getAnnouncement(db, request.params.id)
      return form(request, reply, { id: announcement.id, isNew: false, typed: typedOf(announcement) })
    })

    app.post<ById>('/announcements/:id', async (request, reply) => take(request, reply, { id: request.params.id, isNew: false }))

    app.get<ById>('/announcements/:id/removal', async ({ t, params }, reply) => reply.console('hall/removal', announcementRemoval(t, await getAnnouncement(db, params.id))))

    app.post<ById>('/announcements/:id/removal', async (request, reply) => {
      await write(tx => verbs.removeAnnouncement(tx, request.actor, request.params.id))
      return done(request, reply, '公告已删除', LIST)
    })
  }
}

function typedIn(body: unknown): TypedAnnouncement {
  const text = (name: keyof TypedAnnouncement) => textIn(body, name)
  return { title: text('title'), text: text('text'), title_en: text('title_en'), text_en: text('text_en'), office: text('office'), audience: text('audience'), starts: text('starts'), ends: text('ends'), pinned: text('pinned') }
}

import type { FastifyInstance } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { can } from '../../../platform/rights.ts'
import type { Context } from '../deps.ts'
import { announcementPage, announcementsPage, PAGE, readCursor } from '../pages/announcements.ts'
import { audienceOf, isShownTo } from '../rules/showing.ts'
import { getAnnouncement, listAnnouncements } from '../store/announcements.ts'
import { readerOf } from '../store/readers.ts'
import type { ById } from './requests.ts'

/** What the school has to say, for readers. */
export async function announcementRoutes(app: FastifyInstance, { context: { database: { db, write }, clock, verbs } }: { context: Context }): Promise<void> {
  app.get<{ Querystring: { before?: string } }>('/announcements', async ({ t, language, person, query }, reply) => {
    const now = clock.now()
    const rows = await listAnnouncements(db, { before: readCursor(query.before), limit: PAGE + 1, shown: { audience: audienceOf(person.kind), now } })
    const { seen } = await readerOf(db, person.person_id)
    return reply.page('hall/announcements', { ...announcementsPage(t, rows, { language, seen, now }), styles: ['css/pages/hall.css'], manages: can(person, 'hall.manage') })
  })

  app.get<ById>('/announcements/:id', async ({ t, language, person, params: { id } }, reply) => {
    const announcement = await getAnnouncement(db, id)
    if (!isShownTo(announcement, person.kind, clock.now())) throw new AppError('not-found', '这条公告不在显示时间内，或者不是发给当前身份的')
    const { seen } = await readerOf(db, person.person_id)
    if (!seen.includes(id)) await write(tx => verbs.see(tx, person.person_id, announcement))
    return reply.page('hall/announcement', { ...announcementPage(language, announcement), back: { label: t('公告'), href: '/announcements' }, styles: ['css/pages/hall.css'] })
  })
}

import type { FastifyPluginAsync } from 'fastify'
import { emit, type EventRow } from '../../platform/events.ts'
import { brokenLink, lastLink, listEvents } from '../../platform/event-register.ts'
import type { ConsoleGroup } from '../../platform/feature.ts'
import { jobFigures, type JobStatus, listJobs, reviveJob } from '../../platform/job-register.ts'
import { can } from '../../platform/rights.ts'
import { jobRevived } from './events.ts'
import type { AdminDeps } from './index.ts'
import { COUNTED, eventsPage, jobsPage, overviewPage, PAGE_SIZE } from './pages.ts'
import { NEWS } from './words.ts'

const STATUSES: readonly JobStatus[] = ['waiting', 'running', 'dead', 'done']
const RECENT = 8
const limit = PAGE_SIZE + 1
type Query<Names extends string> = { Querystring: Partial<Record<Names, string>> }

/** The console's own pages, each behind the right that its menu entry names. */
export function consoleGroups(deps: AdminDeps): ConsoleGroup[] {
  return [
    { right: 'console.open', routes: overviewRoutes(deps) },
    { right: 'jobs.run', routes: jobRoutes(deps) },
    { right: 'audit.read', routes: trailRoutes(deps) },
  ]
}

/** What waits, counted for who may look into it; nothing of the rest is even read. */
function overviewRoutes({ database: { db }, clock, identity, services, labels, warnings }: AdminDeps): FastifyPluginAsync {
  return async app => {
    app.get('/', async (request, reply) => {
      const { person, t } = request
      const [running, latest] = can(person, 'applications.read')
        ? [(await services.listApplications(db, { status: 'running', limit: COUNTED })).length, await services.listApplications(db, { limit: RECENT })] : [null, null]
      const events = can(person, 'audit.read') ? await news() : null
      return reply.console('admin/overview', overviewPage({
        figures: can(person, 'jobs.run') ? await jobFigures(db, clock.now()) : null, warnings: can(person, 'jobs.run') ? await warnings() : [],
        endingRoles: can(person, 'roles.grant') ? await identity.rolesEndingSoon(db) : null, running, latest, events, names: await namesOf(identity, db, events ?? []), labels: labels(), person, t, now: clock.now(),
      }))
    })
  }

  async function news(): Promise<EventRow[]> {
    const found: EventRow[] = []
    for (const name of NEWS) found.push(...await listEvents(db, { name, limit: RECENT }))
    return found.toSorted((one, other) => other.at - one.at).slice(0, RECENT)
  }
}

function jobRoutes({ database, clock }: AdminDeps): FastifyPluginAsync {
  const { db } = database
  return async app => {
    app.get<Query<'status' | 'before'>>('/jobs', async (request, reply) => {
      const status = STATUSES.find(each => each === request.query.status) ?? 'dead'
      const rows = await listJobs(db, { status, before: request.query.before, limit })
      return reply.console('admin/jobs', jobsPage({ rows, status, figures: await jobFigures(db, clock.now()), t: request.t }))
    })

    app.post<{ Params: { id: string } }>('/jobs/:id/retry', async (request, reply) => {
      const { id } = request.params
      await database.write(async tx => {
        await reviveJob(tx, id)
        await emit(tx, jobRevived, { job_id: id }, { subject: id, actor: request.actor })
      })
      request.session.flash = { meaning: 'done', text: request.t('已重新排队，马上会再试') }
      return reply.redirect('/admin/jobs?status=dead', 303)
    })
  }
}

function trailRoutes({ database: { db }, identity, labels }: AdminDeps): FastifyPluginAsync {
  return async app => {
    app.get<Query<'name' | 'subject' | 'actor' | 'before'>>('/events', async (request, reply) => {
      const { name, subject, actor, before } = request.query
      const rows = await listEvents(db, { name: name || undefined, subject: subject || undefined, actor: actor?.trim() || undefined, before, limit })
      return reply.console('admin/events', eventsPage({ rows, names: await namesOf(identity, db, rows), query: request.query, labels: labels(), person: request.person, t: request.t }))
    })

    app.post('/events/check', async (request, reply) => {
      const broken = await brokenLink(db)
      request.session.flash = broken
        ? { meaning: 'error', text: request.t('从记录 {id} 起对不上：有记录被改动、删除或插入', { id: broken }) }
        : { meaning: 'done', text: request.t('{n} 条记录首尾相接，没有改动过。最后一环 {hash}，与日志里记下的对照，可知末尾有没有删去', await summary()) }
      return reply.redirect('/admin/events', 303)
    })
  }

  async function summary(): Promise<{ n: number; hash: string }> {
    const last = await lastLink(db)
    return { n: last?.chain ?? 0, hash: last?.hash.slice(0, 16) ?? '—' }
  }
}

async function namesOf(identity: AdminDeps['identity'], db: AdminDeps['database']['db'], events: readonly EventRow[]): Promise<Map<string, string>> {
  const people = await identity.peopleByIds(db, [...new Set(events.flatMap(event => event.actor_id ?? []))])
  return new Map(people.map(({ id, name }) => [id, name]))
}

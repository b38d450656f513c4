import type { FastifyPluginAsync } from 'fastify'
import type { Feed } from '../../../../integrations/sources/index.ts'
import type { Database } from '../../../../platform/db.ts'
import { AppError } from '../../../../platform/errors.ts'
import { type Names, runPage } from './pages.ts'
import { type GradeRun, getRun } from './store.ts'
import { adoptRun, beginRun, leaveRun } from './verbs.ts'

type Deps = { database: Database; feed: Feed | null; namesOf(runs: readonly GradeRun[]): Promise<Names> }

type ById = { Params: { id: string } }

/** Grades from the school's own system, at once instead of by night: how far, what came of it, what is wrong with which row. */
export function gradeRunRoutes({ database: { db, write }, feed, namesOf }: Deps): FastifyPluginAsync {
  return async app => {
    app.post('/grades/runs', async (request, reply) => {
      if (!feed) throw new AppError('not-found', '没有配置成绩数据源（GRADES_SOURCE）')
      return reply.redirect(`/admin/grades/runs/${await write(tx => beginRun(tx, request.actor, feed.place))}`, 303)
    })

    app.post<ById>('/grades/runs/:id/adoption', async (request, reply) => {
      await write(tx => adoptRun(tx, request.actor, request.params.id))
      return reply.redirect(`/admin/grades/runs/${request.params.id}`, 303)
    })

    app.post<ById>('/grades/runs/:id/leaving', async (request, reply) => {
      await write(tx => leaveRun(tx, request.actor, request.params.id))
      return reply.redirect(`/admin/grades/runs/${request.params.id}`, 303)
    })

    app.get<ById>('/grades/runs/:id', async (request, reply) => {
      const run = await getRun(db, request.params.id)
      return reply.console('documents/grade-run', runPage(request.t, run, await namesOf([run])))
    })
  }
}

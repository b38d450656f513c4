import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Feed } from '../../../integrations/sources/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import { schoolInstant, schoolTime } from '../../../platform/dates.ts'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { T } from '../../../platform/text.ts'
import { uploadIn } from '../../../platform/web.ts'
import type { Identity } from '../index.ts'
import type { GradeReport, ImportOptions } from './import.ts'
import { type Names, sourceCard } from './runs/pages.ts'
import { gradeRunRoutes } from './runs/routes.ts'
import { type GradeRun, listRuns } from './runs/store.ts'

type Deps = { database: Database; clock: Clock; feed: Feed | null; review: boolean; identity: Pick<Identity, 'peopleByNumbers'>; importGrades(bytes: Uint8Array, options: ImportOptions): Promise<GradeReport> }

const RUNS_SHOWN = 10

const Form = Type.Object({ data_on: Type.String({ maxLength: 20 }) })

/** Grades enter as a spreadsheet, or from the school's own system; what is wrong is told by row and column. */
export function gradeRoutes({ database, clock, feed, review, identity, importGrades }: Deps): FastifyPluginAsync {
  const today = () => schoolTime(clock.now()).date
  async function namesOf(runs: readonly GradeRun[]): Promise<Names> {
    const people = await identity.peopleByNumbers(database.db, [...new Set(runs.flatMap(({ asked_by, differences }) => [...asked_by === null ? [] : [asked_by], ...differences.map(({ number }) => number)]))])
    return new Map(people.map(({ number, name }) => [number, name]))
  }

  async function show(request: FastifyRequest, reply: FastifyReply, model: object = {}) {
    const runs = feed ? await listRuns(database.db, RUNS_SHOWN) : []
    return reply.console('documents/grades', { title: request.t('导入成绩'), dataOn: today(), today: today(), source: sourceCard(request.t, feed && { ...feed, review }, runs, await namesOf(runs)), ...model })
  }

  return async app => {
    await app.register(gradeRunRoutes({ database, feed, namesOf }))

    app.get('/grades', async (request, reply) => show(request, reply))

    app.post('/grades', async (request, reply) => {
      const { t } = request
      const file = uploadIn(request.body, 'file')
      const dataOn = fits<Static<typeof Form>>(Form, request.body) ? request.body.data_on.trim() : ''
      const wrong = (model: object) => show(request, reply.code(422), { dataOn, ...model })
      if (!/^\d{4}-\d{2}-\d{2}$/.test(dataOn) || schoolInstant(dataOn) === null || dataOn > today()) return wrong({ dateError: t('请填写成绩表的日期，不晚于今天') })
      if (!file || file.data.length === 0) return wrong({ error: t('请选择成绩表（.xlsx 或 .csv）') })
      if (file.truncated) return wrong({ error: t('文件太大') })
      const found = await importGrades(file.data, { actor: request.actor, data_on: dataOn }).catch(refused)
      if (found instanceof AppError) return wrong({ error: t(found.message, found.params) })
      return show(request, reply.code(found.errors.length > 0 ? 422 : 200), { dataOn, ...resultOf(found, t) })
    })
  }
}

function refused(error: unknown): AppError {
  if (error instanceof AppError && error.kind === 'invalid') return error
  throw error
}

function resultOf({ rows, created, changed, unchanged, errors }: GradeReport, t: T) {
  if (errors.length === 0) return { done: t('共 {rows} 行：新增 {created}，更新 {changed}，没有变化 {unchanged}', { rows, created, changed, unchanged }) }
  return {
    wrong: t('有 {n} 处错误，一行也没有写入。请改好后重新上传', { n: errors.length }),
    rows: errors.slice(0, 200).map(({ row, column, value, sentence, params }) => ({ cells: { row, column: column || '—', value: value ?? '', sentence: t(sentence, params) } })),
  }
}

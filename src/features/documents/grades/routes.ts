import type { FastifyPluginAsync } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { T } from '../../../platform/text.ts'
import { uploadIn } from '../../../platform/web.ts'
import type { GradeReport, ImportOptions } from './import.ts'

/** Grades enter as a spreadsheet; what is wrong is told by row and column. */
export function gradeRoutes(importGrades: (bytes: Uint8Array, options: ImportOptions) => Promise<GradeReport>): FastifyPluginAsync {
  return async app => {
    app.get('/grades', async (request, reply) => reply.console('documents/grades', { title: request.t('导入成绩') }))

    app.post('/grades', async (request, reply) => {
      const { t } = request
      const file = uploadIn(request.body, 'file')
      if (!file || file.data.length === 0) return reply.code(422).console('documents/grades', { title: t('导入成绩'), error: t('请选择成绩表（.xlsx）') })
      if (file.truncated) return reply.code(422).console('documents/grades', { title: t('导入成绩'), error: t('文件太大') })
      const found = await importGrades(file.data, { actor: request.actor }).catch(refused)
      if (found instanceof AppError) return reply.code(422).console('documents/grades', { title: t('导入成绩'), error: t(found.message, found.params) })
      return reply.code(found.errors.length > 0 ? 422 : 200).console('documents/grades', { title: t('导入成绩'), ...resultOf(found, t) })
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

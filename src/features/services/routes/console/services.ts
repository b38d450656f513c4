import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../../../../platform/errors.ts'
import { fits } from '../../../../platform/schema.ts'
import { uploadIn } from '../../../../platform/web.ts'
import { checkText, type Service } from '../../catalogue.ts'
import type { Context } from '../../deps.ts'
import { servicesPage, type ServicesQuery, uploadFaults } from '../../pages/console/list.ts'
import { listProposals } from '../../store/proposals.ts'
import { listStandings } from '../../store/publications.ts'
import { underWay } from '../../store/versions.ts'
import type { Verbs } from '../../verbs/index.ts'
import { fieldIn } from '../requests.ts'

const text = Type.Optional(Type.String({ maxLength: 100 }))
const Query = Type.Object({ q: text, state: text, office: text, after: text })

/** The list of services, and what is uploaded for one of them. */
export async function servicesRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { catalogue, database: { db, write } } = context

  app.get('/services', async (request, reply) => show(request, reply))

  app.post('/services/proposals', async (request, reply) => {
    const upload = readUpload(context, request, fieldIn(request.body, 'key').trim())
    if ('faults' in upload) return show(request, reply.code(422), upload)
    return keep(request, reply, upload, refusal => show(request, reply.code(409), { file: refusal, faults: [], key: upload.service.key }))
  })

  async function keep(request: FastifyRequest, reply: FastifyReply, { service, file_name }: { service: Service; file_name: string }, refused: (sentence: string) => Promise<FastifyReply>): Promise<FastifyReply> {
    try {
      await write(tx => verbs.propose(tx, request.person, { service, file_name }))
    } catch (error) {
      if (error instanceof AppError && error.kind === 'conflict') return refused(request.t(error.message, error.params))
      throw error
    }
    request.session.flash = { meaning: 'done', text: request.t('已存为草稿。检查并发布以后才会生效') }
    return reply.redirect(`/admin/services/${service.key}`, 303)
  }

  async function show(request: FastifyRequest, reply: FastifyReply, refused?: { file: string; faults: readonly string[]; key: string }): Promise<FastifyReply> {
    const { t } = request
    const query = fits<ServicesQuery>(Query, request.query) ? request.query : {}
    const [standings, proposals, running] = [await listStandings(db), await listProposals(db), await underWay(db)]
    return reply.console('services/console/list', {
      ...servicesPage(t, { catalogue, standings, proposals, underWay: running, units: await context.identity.listUnits(db), query }),
      refused: refused && { file: refused.file, key: refused.key, ...uploadFaults(t, refused.faults) }, styles: ['css/pages/services.css'],
    })
  }
}

export type Upload = { service: Service; file_name: string } | { file: string; faults: readonly string[]; key: string }

/** What came, read; or the sentence at the file's field with every wrong place. `key`: of the service, or '' for what the file is called. */
export function readUpload({ flowFaults }: Context, { body, t }: FastifyRequest, wanted: string): Upload {
  const upload = uploadIn(body, 'file')
  const key = wanted || (upload?.filename ?? '').replace(/(?:\.v\d+)?\.json$/i, '')
  const refuse = (file: string, faults: readonly string[] = []): Upload => ({ file, faults, key })
  if (!upload?.filename) return refuse(t('请选择一个 .json 文件'))
  if (upload.truncated) return refuse(t('文件不能超过 {mb} MB', { mb: 20 }))
  const read = checkText(key, textOf(upload.data), flowFaults)
  if ('service' in read) return { service: read.service, file_name: upload.filename }
  return refuse(t('文件有 {n} 处不对，没有导入', { n: read.faults.length }), read.faults)
}

/** Bytes that are no UTF-8 are no JSON either. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return ''
  }
}

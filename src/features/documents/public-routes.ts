import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { fits } from '../../platform/schema.ts'
import { type Upload, uploadIn } from '../../platform/web.ts'
import { verdictPage } from './pages/verdict.ts'
import { Code } from './schema.ts'
import type { VerifyFeature } from './verify.ts'

const LARGEST = 10 * 1024 * 1024
const TOO_LARGE = '文件超过 10 MB，不是学校出具的证明文件'

/** /verify, for anyone. The address holds the code: it is not logged, and no page it leads to hears of it. */
export function publicRoutes(verification: VerifyFeature): FastifyPluginAsync {
  return async app => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('referrer-policy', 'no-referrer').header('x-robots-tag', 'noindex')
    })

    app.get('/verify', async (request, reply) => {
      const { query } = request
      if (fits<Static<typeof Code>>(Code, query) && query.code.trim() !== '') return reply.redirect(`/verify/${encodeURIComponent(query.code.trim())}`, 303)
      return reply.page('documents/verify', { title: request.t('真伪认证') })
    })

    app.get<{ Params: { code: string } }>('/verify/:code', async (request, reply) => {
      const found = await verification.byCode(request.params.code, request.ip)
      return reply.code(found.document ? 200 : 404).page('documents/verdict', verdictPage(found, request.t))
    })

    const options = { config: { withoutToken: true, largestUpload: LARGEST + 1024 * 1024 }, errorHandler: backToForm }
    app.post('/verify/file', options, async (request, reply) => {
      const file = uploadIn(request.body, 'file')
      const fault = faultOf(file)
      if (!file || fault) return form(request, reply.code(422), fault ?? '')
      return reply.page('documents/verdict', verdictPage(await verification.byFile(file.data), request.t))
    })
  }
}

function form(request: FastifyRequest, reply: FastifyReply, fault: string): Promise<FastifyReply> {
  return reply.page('documents/verify', { title: request.t('真伪认证'), error: request.t(fault) })
}

/** What was too large to be read at all is told at the form as well. */
function backToForm(error: FastifyError, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (error.statusCode !== 413) throw error
  return form(request, reply.code(413), TOO_LARGE)
}

function faultOf(file: Upload | undefined): string | null {
  if (!file || (file.filename === '' && file.data.length === 0)) return '请选择要核验的 PDF 文件'
  if (file.data.length === 0) return '这个文件是空的，请重新选择'
  return file.truncated || file.data.length > LARGEST ? TOO_LARGE : null
}

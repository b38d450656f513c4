import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Browser } from '../../../integrations/browser/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Messages } from '../index.ts'
import { fileNameHeader } from '../notices.ts'
import { canGiveAway, canSee } from '../rules.ts'
import { getDocument } from '../store.ts'
import { type Part, readPart } from '../templates.ts'
import { logPage, logPaper } from './pages.ts'
import { lifeOf } from './read.ts'

type Deps = {
  database: Database; clock: Clock; browser: Pick<Browser, 'pdf'>; messages: Pick<Messages, 'deliveriesOf'>
  school: { name: string; nameEn: string }
  specimen: boolean
  /** folder of the document kinds and their parts */
  catalogue: string
}
type ById = { Params: { id: string } }

/** 文件日志: what became of a paper, for its owner and whoever manages papers, on a page and to take along. */
export function logRoutes({ database: { db }, clock, browser, messages, school, specimen, catalogue }: Deps): FastifyPluginAsync {
  const paper: Part = readPart(catalogue, 'log')

  async function asked({ person, params: { id }, t }: FastifyRequest<ById>) {
    const document = await getDocument(db, id)
    if (!canSee(person, document)) throw new AppError('not-found', '没有找到这份文件')
    const own = canGiveAway(person, document)
    return { life: await lifeOf(db, messages, document, own), reader: { own, t } }
  }

  return async app => {
    app.get<ById>('/documents/:id/log', async (request, reply) => {
      const { life, reader } = await asked(request)
      return reply.page('documents/log', logPage(life, reader, clock.now()))
    })

    app.get<ById>('/documents/:id/log.pdf', async (request, reply) => {
      const { life, reader } = await asked(request)
      const pdf = await browser.pdf(paper({ ...logPaper(life, reader, clock.now()), language: request.language, t: request.t, school, specimen }))
      return reply.type('application/pdf').header('content-disposition', fileNameHeader(`${request.t('文件日志')}-${life.document.number}.pdf`)).send(Buffer.from(pdf))
    })
  }
}

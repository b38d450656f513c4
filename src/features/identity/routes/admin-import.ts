import { setTimeout } from 'node:timers/promises'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Encoding } from '../../../integrations/sources/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { T } from '../../../platform/text.ts'
import { type Upload, uploadIn } from '../../../platform/web.ts'
import type { Context } from '../deps.ts'
import { fileFaults, kindLabels } from '../pages/import-words.ts'
import { IMPORTS_SHOWN, importsPage } from '../pages/imports.ts'
import { templateOf } from '../pages/import-files.ts'
import { describe, readRoster } from '../roster/read.ts'
import { ImportsQuery, UploadForm } from '../schema.ts'
import { getImport, listImports } from '../store/imports.ts'
import type { ImportKind } from '../tables.ts'
import { receiveImport } from '../verbs/import/receive.ts'
import { importFileRoutes, sendTable } from './admin-import-files.ts'
import { oneImportRoutes } from './admin-import-one.ts'

type Sent = { kind?: string; encoding?: string }

/** Rosters as .xlsx or .csv: upload, look at what would change, take or drop. */
export function importRoutes(context: Context): FastifyPluginAsync {
  const { database: { db, write }, sources, vault } = context

  async function list(request: FastifyRequest, reply: FastifyReply, errors: Record<string, string> = {}, { kind = '', encoding = '' }: Sent = {}): Promise<FastifyReply> {
    const { before } = fits<{ before?: string }>(ImportsQuery, request.query) ? request.query : {}
    const columns = (['units', 'staff', 'students'] as const).map(each => ({ kind: each, columns: describe(sources, each) }))
    const imports = await listImports(db, { before, limit: IMPORTS_SHOWN + 1 })
    return await reply.console('identity/imports', importsPage({ t: request.t, imports, columns, errors, kind, encoding, before }))
  }

  /** What can be told at once: bytes that are no table, columns that are not there. */
  async function refuseAtOnce(t: T, kind: ImportKind, { data, truncated }: Upload, encoding: Encoding | undefined): Promise<void> {
    if (truncated) throw new AppError('invalid', '文件不能超过 {mb} MB', { params: { mb: 20 } })
    for await (const { faults } of readRoster(sources, kind, data, encoding)) {
      if (faults.length > 0) throw new AppError('invalid', fileFaults(t, faults).join(t('；')))
      return
    }
  }

  async function receive(request: FastifyRequest, kind: ImportKind, file: Upload, encoding: Encoding | undefined): Promise<string> {
    await refuseAtOnce(request.t, kind, file, encoding)
    const id = await write(tx => receiveImport(tx, vault, request.actor, { kind, file_name: file.filename, bytes: file.data, encoding }))
    await waitFor(async () => (await getImport(db, id)).status !== 'reading')
    return id
  }

  return async app => {
    app.get('/import', async (request, reply) => await list(request, reply))

    app.get<{ Params: { name: string } }>('/import/template/:name', async (request, reply) => {
      const [kind = '', ending = ''] = request.params.name.split('.')
      if (!isKind(kind) || (ending !== 'xlsx' && ending !== 'csv')) throw new AppError('not-found', '没有这种名单')
      return await sendTable(sources, reply, { ending, ...templateOf(request.t, kind, describe(sources, kind)) })
    })

    app.post('/import', async (request, reply) => {
      const sent = fits<Sent>(UploadForm, request.body) ? request.body : {}
      const { kind = '', encoding: asked } = sent
      const encoding = asked === 'utf-8' || asked === 'gb18030' ? asked : undefined
      const file = uploadIn(request.body, 'file')
      const chosen = isKind(kind) ? kind : null
      const errors = { ...(!chosen && { kind: request.t('请选择名单的种类') }), ...(!file?.filename && { file: request.t('请选择一个 .xlsx 或 .csv 文件') }) }
      if (!chosen || !file?.filename) return await list(request, reply.code(422), errors, sent)
      try {
        return reply.redirect(`/admin/import/${await receive(request, chosen, file, encoding)}`, 303)
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return await list(request, reply.code(422), { file: request.t(error.message, error.params) }, sent)
      }
    })

    await app.register(oneImportRoutes(context))
    await app.register(importFileRoutes(context))
  }
}

const LOOKS = 12
const BETWEEN = 100

/** A short file is checked while the page waits; of a long one the page tells how far it is. */
async function waitFor(ready: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < LOOKS && !await ready(); look++) await setTimeout(BETWEEN)
}

function isKind(word: string): word is ImportKind {
  return Object.hasOwn(kindLabels, word)
}

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import writeXlsxFile, { type Row } from 'write-excel-file/node'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Upload } from '../../../platform/web.ts'
import type { Context } from '../deps.ts'
import { errorRows, importPage, importsPage, kindLabels } from '../pages/import.ts'
import { checkRoster } from '../roster/apply.ts'
import { headsOf, readRoster } from '../roster/read.ts'
import { ApplyForm, IdParam } from '../schema.ts'
import { findImport, type Import, listImports, progressOf } from '../store/imports.ts'
import type { ImportKind } from '../tables.ts'
import { beginImport, dropImport, queueSlice, receiveImport } from '../verbs/import.ts'

type ById = { Params: { id: string } }
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Rosters as .xlsx: upload, look at what would change, take or drop. */
export function importRoutes({ database: { db, write }, sources, vault }: Context): FastifyPluginAsync {
  async function list(request: FastifyRequest, reply: FastifyReply, errors: Record<string, string> = {}, kind = ''): Promise<FastifyReply> {
    const heads = (['units', 'staff', 'students'] as const).map(each => ({ kind: each, heads: headsOf(sources, each) }))
    return await reply.console('identity/imports', importsPage({ t: request.t, imports: await listImports(db, 30), heads, errors, kind }))
  }

  async function getImport(id: string): Promise<Import> {
    const found = await findImport(db, id)
    if (!found) throw new AppError('not-found', '没有找到这次导入')
    return found
  }

  async function receive(request: FastifyRequest, kind: ImportKind, file: Upload): Promise<string> {
    if (file.truncated) throw new AppError('invalid', '文件不能超过 {mb} MB', { params: { mb: 20 } })
    const checked = await checkRoster(db, vault, await readRoster(sources, kind, file.data))
    return await write(tx => receiveImport(tx, vault, request.actor, { ...checked, file_name: file.filename }))
  }

  async function send(reply: FastifyReply, name: string, rows: Row[]): Promise<FastifyReply> {
    const bytes = await writeXlsxFile(rows, { columns: (rows[0] ?? []).map(() => ({ width: 18 })) }).toBuffer()
    reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}.xlsx`)
    return await reply.type(XLSX).send(bytes)
  }

  return async app => {
    app.get('/import', async (request, reply) => await list(request, reply))

    app.get<{ Params: { kind: string } }>('/import/template/:kind', async (request, reply) => {
      const { kind } = request.params
      if (!isKind(kind)) throw new AppError('not-found', '没有这种名单')
      return await send(reply, `${kindLabels[kind]}名单`, [headsOf(sources, kind).map(({ head, required }) => ({ value: required ? `${head}*` : head, type: String, fontWeight: 'bold', format: '@' }))])
    })

    app.post('/import', async (request, reply) => {
      const { kind, file } = formOf(request.body)
      const errors = { ...(!kind && { kind: request.t('请选择名单的种类') }), ...(!file && { file: request.t('请选择一个 .xlsx 文件') }) }
      if (!kind || !file) return await list(request, reply.code(422), errors, kind ?? '')
      try {
        return reply.redirect(`/admin/import/${await receive(request, kind, file)}`, 303)
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return await list(request, reply.code(422), { file: request.t(error.message, error.params) }, kind)
      }
    })

    app.get<ById>('/import/:id', { schema: { params: IdParam } }, async (request, reply) => {
      const found = await getImport(request.params.id)
      return await reply.console('identity/import', importPage(request.t, found, await progressOf(db, found.id)))
    })

    app.get<ById>('/import/:id/errors', { schema: { params: IdParam } }, async (request, reply) => {
      const found = await getImport(request.params.id)
      return await send(reply, '名单错误', errorRows(request.t, found, await progressOf(db, found.id)))
    })

    app.post<ById>('/import/:id/application', { schema: { params: IdParam } }, async (request, reply) => {
      const { id } = request.params
      const goodRows = fits<{ good_rows?: string }>(ApplyForm, request.body) && request.body.good_rows === '1'
      await write(async tx => {
        await beginImport(tx, request.actor, id, { goodRows })
        await queueSlice(tx, id, 0)
      })
      return reply.redirect(`/admin/import/${id}`, 303)
    })

    app.post<ById>('/import/:id/removal', { schema: { params: IdParam } }, async (request, reply) => {
      await write(tx => dropImport(tx, request.actor, request.params.id))
      request.session.flash = { meaning: 'done', text: request.t('已放弃，没有写入任何内容') }
      return reply.redirect('/admin/import', 303)
    })
  }
}

function formOf(body: unknown): { kind: ImportKind | null; file: Upload | null } {
  const form = typeof body === 'object' && body !== null ? body : {}
  const kind = 'kind' in form && typeof form.kind === 'string' && isKind(form.kind) ? form.kind : null
  const file = 'file' in form && isUpload(form.file) && form.file.data.length > 0 ? form.file : null
  return { kind, file }
}

function isKind(word: string): word is ImportKind {
  return Object.hasOwn(kindLabels, word)
}

function isUpload(value: unknown): value is Upload {
  return typeof value === 'object' && value !== null && 'data' in value && Buffer.isBuffer(value.data)
}

import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { Sheet, Sources } from '../../../integrations/sources/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { rosterRowsFetched } from '../events-roster.ts'
import { correctionTable, listTable, missingTable } from '../pages/import-files.ts'
import { IdParam, ImportQuery } from '../schema.ts'
import { listMissing, type MissingRow } from '../store/import-missing.ts'
import { findSlice, type ImportRow, listRows, listSlices } from '../store/import-rows.ts'
import { getImport, type Import } from '../store/imports.ts'
import { unitTree } from '../store/units.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const PORTION = 500

export type TableFile = { ending: 'xlsx' | 'csv'; name: string; sheets: readonly Sheet[] }

/** The first sheet as CSV, or all of them as a workbook; written while it is read, however long it is. */
export async function sendTable({ writeCsv, writeXlsx }: Sources, reply: FastifyReply, { ending, name, sheets }: TableFile): Promise<FastifyReply> {
  reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}.${ending}`)
  if (ending === 'xlsx') return await reply.type(XLSX).send(writeXlsx(sheets))
  const [first] = sheets
  return await reply.type('text/csv; charset=utf-8').send(writeCsv(first ? lines(first) : []))
}

async function* lines({ head, rows }: Sheet): AsyncGenerator<readonly string[]> {
  yield head
  yield* rows
}

/** The lists of an import as files; the refused rows as they came, with why, to be corrected and sent again. Fetching those leaves a trail. */
export function importFileRoutes({ database: { db, write }, sources, vault }: Context): FastifyPluginAsync {
  async function* rowsOf(id: string, outcome: ImportRow['outcome'], unit_ids: readonly string[] | undefined): AsyncGenerator<ImportRow> {
    for (let after = 0; ;) {
      const rows = await listRows(db, id, { outcome, unit_ids, after, limit: PORTION })
      yield* rows
      after = rows.at(-1)?.line ?? 0
      if (rows.length < PORTION) return
    }
  }

  async function* missingOf({ id, kind }: Import, unit_ids: readonly string[] | undefined): AsyncGenerator<MissingRow> {
    for (let after = ''; ;) {
      const rows = await listMissing(db, id, kind, { unit_ids, after, limit: PORTION })
      yield* rows
      after = rows.at(-1)?.key ?? ''
      if (rows.length < PORTION) return
    }
  }

  /** Refused rows with their cells, which stand in the slices; slices without one are not opened twice. */
  async function* cellsOf(id: string, outcome: 'refused' | 'conflict'): AsyncGenerator<{ row: ImportRow; cells: readonly string[] }> {
    const waiting = rowsOf(id, outcome, undefined)
    const told = new Map<number, ImportRow>()
    for await (const row of waiting) told.set(row.line, row)
    for (const { position } of await listSlices(db, id)) {
      for (const kept of (await findSlice(db, vault, id, position))?.rows ?? []) {
        const row = told.get(kept.row)
        if (row && told.delete(kept.row)) yield { row, cells: kept.cells ?? [] }
      }
    }
    for (const row of told.values()) yield { row, cells: [] } // their cells are forgotten by now
  }

  return async app => {
    app.get<{ Params: { id: string; name: string } }>('/import/:id/:name', { schema: { params: IdParam } }, async (request, reply) => {
      const found = await getImport(db, request.params.id)
      const [, name = '', ending] = /^([a-z-]{1,20})\.(xlsx|csv)$/.exec(request.params.name) ?? []
      if (ending !== 'xlsx' && ending !== 'csv') throw new AppError('not-found', '没有这个文件')
      const { unit } = fits<{ unit?: string }>(ImportQuery, request.query) ? request.query : {}
      const unit_ids = await unitTree(db, unit)
      const { t } = request
      if (name === 'refused-rows' || name === 'conflict-rows') {
        await write(tx => emit(tx, rosterRowsFetched, { import_id: found.id }, { subject: found.id, actor: request.actor }))
        return await sendTable(sources, reply, { ending, ...correctionTable(t, found, cellsOf(found.id, name === 'refused-rows' ? 'refused' : 'conflict')) })
      }
      if (name === 'missing') return await sendTable(sources, reply, { ending, ...missingTable(t, found, missingOf(found, unit_ids)) })
      if (name !== 'created' && name !== 'changed' && name !== 'unchanged' && name !== 'left') throw new AppError('not-found', '没有这个文件')
      return await sendTable(sources, reply, { ending, ...listTable(t, found, name, rowsOf(found.id, name, unit_ids)) })
    })
  }
}

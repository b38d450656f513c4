import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { importPage, markOptions, type Tab, TABS } from '../pages/import.ts'
import { listPage, type Query, ROWS_SHOWN } from '../pages/import-lists.ts'
import { ApplyForm, EncodingForm, IdParam, ImportQuery, StandingForm } from '../schema.ts'
import { countMissing, listMarks, listMissing } from '../store/import-missing.ts'
import { countRows, listRows, progressOf } from '../store/import-rows.ts'
import { getImport, type Import, peopleBehind, whoseTurn } from '../store/imports.ts'
import { listUnits, unitTree } from '../store/units.ts'
import { queueSlice } from '../verbs/import/apply.ts'
import { beginImport, continueImport, endImport, stopImport } from '../verbs/import/decide.ts'
import { askMark } from '../verbs/import/mark.ts'
import { dropImport, rereadImport } from '../verbs/import/receive.ts'

type ById = { Params: { id: string } }
type Sent = { tab?: string; unit?: string; after?: string }
type Marking = { standing?: string; reason?: string; unit?: string }

const schema = { params: IdParam }

/** One import: what it would change, its writing, its report. */
export function oneImportRoutes({ database: { db, write }, clock }: Context): FastifyPluginAsync {
  async function lists(request: FastifyRequest, found: Import, counts: Awaited<ReturnType<typeof countRows>>) {
    const { id, kind, status, preview } = found
    if (!['checked', 'stopped', 'done'].includes(status)) return null
    const query = queryOf(request.query, found, counts)
    const page = { unit_ids: await unitTree(db, query.unit), limit: ROWS_SHOWN + 1 }
    const rows = query.tab === 'missing' ? await listMissing(db, id, kind, { ...page, after: query.after }) : await listRows(db, id, { ...page, outcome: query.tab, after: Number(query.after ?? 0) || 0 })
    return listPage({ t: request.t, id, kind, query, counts, missing: preview.missing ?? 0, units: await listUnits(db), rows, markable: status === 'checked' || status === 'done' })
  }

  async function show(request: FastifyRequest, reply: FastifyReply, id: string): Promise<FastifyReply> {
    const found = await getImport(db, id)
    const counts = await countRows(db, id)
    const seen = { t: request.t, now: clock.now(), found, counts, progress: await progressOf(db, id), behind: await peopleBehind(db, found), marks: await listMarks(db, id), other: await whoseTurn(db, id) }
    return await reply.console('identity/import', { ...importPage(seen), list: await lists(request, found, counts) })
  }

  async function ask(request: FastifyRequest, reply: FastifyReply, id: string, unit: string | undefined, fields: Record<string, string> = {}, sent: Marking = {}): Promise<FastifyReply> {
    const found = await getImport(db, id)
    if (found.kind === 'units') throw new AppError('not-found', '部门没有状态可以更改')
    const { t } = request
    const count = await countMissing(db, id, found.kind, await unitTree(db, unit))
    const error = (name: string) => (fields[name] ? { error: t(fields[name]) } : {})
    return await reply.console('identity/import-standing', {
      title: t('更改不在名单里的人的状态'), heading: false, id, unit, errors: Object.fromEntries(Object.entries(fields).map(([name, words]) => [name, t(words)])),
      sentence: t('{n} 人在系统里，但不在“{file}”里', { n: count, file: found.file_name }),
      effects: [t('他们会改成下面选择的状态：不再出现在待办、搜索和选人里；离职和退学的人不能再登录'), t('已经在办的申请和记录都会保留，状态可以用下一份名单改回来'), t('你自己不会被更改')],
      standing: { name: 'standing', label: t('改成'), type: 'radio', required: true, value: sent.standing, options: markOptions(t, found.kind), ...error('standing') },
      reason: { name: 'reason', label: t('原因'), type: 'textarea', required: true, rows: 3, maxlength: 500, value: sent.reason, help: t('会和操作人一起留在每个人的记录里'), ...error('reason') },
      label: t('更改 {n} 人的状态', { n: count }), back: `/admin/import/${id}?tab=missing#rows`,
    })
  }

  return async app => {
    app.get<ById>('/import/:id', { schema }, async (request, reply) => await show(request, reply, request.params.id))

    app.post<ById>('/import/:id/application', { schema }, async (request, reply) => {
      const { id } = request.params
      const goodRows = fits<{ good_rows?: string }>(ApplyForm, request.body) && request.body.good_rows === '1'
      await write(async tx => await queueSlice(tx, id, await beginImport(tx, request.actor, id, { goodRows })))
      return reply.redirect(`/admin/import/${id}`, 303)
    })

    app.post<ById>('/import/:id/pause', { schema }, async (request, reply) => {
      await write(tx => stopImport(tx, request.actor, request.params.id))
      return reply.redirect(`/admin/import/${request.params.id}`, 303)
    })

    app.post<ById>('/import/:id/continuation', { schema }, async (request, reply) => {
      const { id } = request.params
      await write(async tx => await queueSlice(tx, id, await continueImport(tx, request.actor, id)))
      return reply.redirect(`/admin/import/${id}`, 303)
    })

    app.post<ById>('/import/:id/end', { schema }, async (request, reply) => {
      await write(tx => endImport(tx, request.actor, request.params.id))
      return reply.redirect(`/admin/import/${request.params.id}`, 303)
    })

    app.post<ById>('/import/:id/encoding', { schema }, async (request, reply) => {
      const { encoding } = fits<{ encoding: 'utf-8' | 'gb18030' }>(EncodingForm, request.body) ? request.body : {}
      if (!encoding) throw new AppError('invalid', '请选择一种编码')
      await write(tx => rereadImport(tx, request.actor, request.params.id, encoding))
      return reply.redirect(`/admin/import/${request.params.id}`, 303)
    })

    app.post<ById>('/import/:id/removal', { schema }, async (request, reply) => {
      await write(tx => dropImport(tx, request.actor, request.params.id))
      request.session.flash = { meaning: 'done', text: request.t('已放弃，没有写入任何内容') }
      return reply.redirect('/admin/import', 303)
    })

    app.get<ById>('/import/:id/standing', { schema }, async (request, reply) => {
      const { unit } = fits<Sent>(ImportQuery, request.query) ? request.query : {}
      return await ask(request, reply, request.params.id, unit || undefined)
    })

    app.post<ById>('/import/:id/standing', { schema }, async (request, reply) => {
      const { id } = request.params
      const sent = fits<Marking>(StandingForm, request.body) ? request.body : {}
      const { standing = '', reason = '', unit = '' } = sent
      try {
        await write(tx => askMark(tx, request.actor, { import_id: id, unit_id: unit || undefined, standing, reason }))
      } catch (error) {
        if (!(error instanceof AppError) || !error.fields) throw error
        return await ask(request, reply.code(422), id, unit || undefined, error.fields, sent)
      }
      return reply.redirect(`/admin/import/${id}?tab=missing#rows`, 303)
    })
  }
}

/** The list that is asked for; else what needs a decision most. */
function queryOf(sent: unknown, { kind, preview }: Import, counts: ReadonlyMap<string, number>): Query {
  const { tab = '', unit, after } = fits<Sent>(ImportQuery, sent) ? sent : {}
  const first = (['refused', 'conflict', 'changed', 'created'] as const).find(each => (counts.get(each) ?? 0) > 0) ?? ((preview.missing ?? 0) > 0 ? 'missing' : 'unchanged')
  return { tab: isTab(tab) ? tab : first, ...(unit && kind !== 'units' && { unit }), ...(after && { after }) }
}

function isTab(word: string): word is Tab {
  return Object.hasOwn(TABS, word)
}

import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events.ts'
import { contentOf } from '../content.ts'
import type { Schemes } from '../grades/schemes.ts'
import type { Identity } from '../index.ts'
import { previewPicture, type PreviewDeps } from '../requests/preview.ts'
import { canHold, inOrder } from '../requests/rules.ts'
import { canTryOnPeople } from '../rules.ts'
import type { Template } from '../templates.ts'
import { whyNotDraw } from '../trouble.ts'
import { difference, hunksOf } from './difference.ts'
import { templateTried } from './events.ts'
import { type Candidate, differencePage, kindsPage, versionPage, versionsPage } from './pages.ts'
import { readSample, sampleFacts } from './samples.ts'
import { papersOf, usedAt } from './store.ts'
import { allVersions, getVersion, titleOf, type Version, versionsOf } from './versions.ts'

type Deps = PreviewDeps & { database: Database; identity: Pick<Identity, 'factsOf' | 'numbersOf' | 'personById' | 'searchPeople'>; schemes: Schemes; templates: ReadonlyMap<string, Template> }
type OfKind = { Params: { kind: string } }
type OfVersion = { Params: { kind: string; version: string } }
type Viewing = { Querystring: { data?: string; sample?: string; q?: string; person?: string; at?: string } }

/** of one search */
const NAMESAKES = 10

/** 文件模板: the kinds, the texts that each had, how they look, and what differs between two. */
export function templateRoutes(deps: Deps): FastifyPluginAsync {
  const { database: { db, write }, identity, templates } = deps

  async function listed(versions: readonly Version[]) {
    const papers = await papersOf(db, versions.map(({ hash }) => hash))
    return Promise.all(versions.map(async version => ({ ...version, papers: papers.get(version.hash) ?? 0, used: await usedAt(db, version.hash) })))
  }

  /** Those whose grades a preview may be made with: every number under which somebody found studied. */
  async function candidates(q: string): Promise<Candidate[]> {
    if (q === '') return []
    const { people } = await identity.searchPeople(db, { q, limit: NAMESAKES })
    return (await Promise.all(people.map(({ id, name }) => numbersOf(id, name)))).flat()
  }

  async function numbersOf(person_id: string, name: string): Promise<Candidate[]> {
    const numbers = await identity.numbersOf(db, person_id)
    return numbers.flatMap((each, at) => canHold(each) ? [{ person_id, at, name, number: each.number, note: each.unit_name }] : [])
  }

  /** Whom an address means: a person and which of their numbers, so that no number stands in it. */
  async function candidate({ person, at }: { person?: unknown; at?: unknown }): Promise<Candidate | null> {
    if (typeof person !== 'string' || person === '') return null
    const known = await identity.personById(db, person)
    return (known ? await numbersOf(person, known.name) : []).find(each => String(each.at) === at) ?? null
  }

  async function content(template: Template, { person_id, number }: Candidate) {
    return contentOf(db, deps, template, { person_id, person_number: number })
  }

  function picture(reply: FastifyReply, bytes: Buffer): FastifyReply {
    return reply.type('image/jpeg').header('cache-control', 'no-store').send(bytes)
  }

  return async app => {
    app.get('/documents/templates', async (request, reply) => {
      const kinds = await allVersions(db, templates)
      const papers = await papersOf(db, [...kinds.values()].flat().map(({ hash }) => hash))
      const listing = [...inOrder([...templates.values()]).map(({ kind }) => kind), ...[...kinds.keys()].filter(kind => !templates.has(kind))]
      return reply.console('documents/templates', kindsPage(request.t, await Promise.all(listing.map(async kind => {
        const versions = kinds.get(kind) ?? []
        return { kind, title: await titleOf(db, templates, kind, versions), template: templates.get(kind), versions, papers: versions.reduce((sum, { hash }) => sum + (papers.get(hash) ?? 0), 0) }
      }))))
    })

    app.get<OfKind>('/documents/templates/:kind', async (request, reply) => {
      const { kind } = request.params
      const versions = await versionsOf(db, templates, kind)
      if (versions.length === 0) throw new AppError('not-found', '没有这种文件')
      return reply.console('documents/template', versionsPage(request.t, { kind, title: await titleOf(db, templates, kind, versions), versions: await listed(versions) }))
    })

    app.get<OfKind & { Querystring: { from?: string; until?: string } }>('/documents/templates/:kind/difference', async (request, reply) => {
      const { kind } = request.params
      const { from = '', until = '' } = request.query
      const [one, other] = [await getVersion(db, templates, kind, from), await getVersion(db, templates, kind, until)]
      const lines = difference(one.template.source, other.template.source)
      return reply.console('documents/template-difference', differencePage(request.t, { kind, title: other.template.title, versions: await versionsOf(db, templates, kind), from: one.version, until: other.version, lines, hunks: hunksOf(lines) }))
    })

    app.get<OfVersion & Viewing>('/documents/templates/:kind/:version', async (request, reply) => {
      const { params: { kind }, query } = request
      const { version, template } = await getVersion(db, templates, kind, request.params.version)
      const mayTry = canTryOnPeople(request.person) && template.about === 'person'
      const onPeople = mayTry && query.data === 'person'
      const q = onPeople && typeof query.q === 'string' ? query.q.normalize('NFKC').trim().slice(0, 60) : ''
      const person = onPeople ? await candidate(query) : null
      const [shown] = await listed([version])
      return reply.console('documents/template-version', versionPage(request.t, {
        kind, template, version: shown ?? { ...version, papers: 0, used: null }, drawing: await deps.browser.available(), sample: onPeople ? null : readSample(query.sample ?? ''), person,
        trouble: person && whyNotDraw(template, await content(template, person)), mayTry, q, found: await candidates(q),
      }))
    })

    app.get<OfVersion & { Querystring: { of?: string } }>('/documents/templates/:kind/:version/sample.jpg', async (request, reply) => {
      const { template } = await getVersion(db, templates, request.params.kind, request.params.version)
      return picture(reply, await previewPicture(deps, template, sampleFacts(template, readSample(request.query.of ?? ''))))
    })

    app.get<OfVersion & Viewing>('/documents/templates/:kind/:version/person.jpg', async (request, reply) => {
      const { template, version } = await getVersion(db, templates, request.params.kind, request.params.version)
      if (!canTryOnPeople(request.person)) throw new AppError('forbidden', '用真实数据预览，要有查看成绩的权限')
      const person = template.about === 'person' ? await candidate(request.query) : null
      if (!person) throw new AppError('not-found', '没有找到这个学生')
      // Written before anything is shown: who looked at whose grades is known also where the drawing fails.
      await write(tx => emit(tx, templateTried, { kind: template.kind, version: version.n }, { subject: person.person_id, actor: request.actor }))
      return picture(reply, await previewPicture(deps, template, await content(template, person)))
    })
  }
}

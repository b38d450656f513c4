import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { type SharedModules, sharedModules, sharedName } from '../../platform/shared-modules.ts'
import { fits } from '../../platform/schema.ts'
import { textIn } from '../../platform/text.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Upload, uploadIn } from '../../platform/web.ts'
import { certifiedRows, registeredView, verdictPage, wholeRows } from './pages/verdict.ts'
import type { Credentials } from './credentials/sign.ts'
import type { TemplateOf } from './jobs.ts'
import { Asker, Badge, Code, Passcode, Revisions } from './schema.ts'
import { credentialIn, credentialVerdict } from './shared/credential.ts'
import type { Verification, VerifyFeature } from './verify.ts'

const LARGEST = 30 * 1024 * 1024
const TOO_LARGE = '文件超过 30 MB，不是学校出具的证明文件'

const REFUSALS = { wrong: { status: 422, sentence: '口令不对，或者分享已经结束，请核对后再输' }, wait: { status: 429, sentence: '口令输错太多次，请十分钟以后再试' } } as const

const WORKER = 'src/features/documents/shared/check-worker.ts'
const VERDICT = 'src/features/documents/shared/verdict.ts'
const CREDENTIAL = 'src/features/documents/shared/credential.ts'
const FACTS = 'src/features/documents/shared/facts.ts'
/** Modules whose phrases a browser says. */
const SPEAKING = [VERDICT, CREDENTIAL, FACTS]

type Deps = { verification: VerifyFeature; credentials: Pick<Credentials, 'issuer' | 'check'>; templateOf: TemplateOf; roots: readonly string[]; clock: Clock }

/** /verify, for anyone. The address holds the code: it is not logged, and no page it leads to hears of it. */
export function publicRoutes({ verification, credentials, templateOf, roots, clock }: Deps): FastifyPluginAsync {
  // Read when the first reader asks: most processes never need them.
  let modules: SharedModules | undefined
  const shared = () => modules ??= sharedModules([WORKER, VERDICT, CREDENTIAL])

  function formPage(request: FastifyRequest, reply: FastifyReply, fault?: string): Promise<FastifyReply> {
    const { version, sources } = shared()
    return reply.page('documents/verify', {
      title: request.t('真伪认证'), error: fault && request.t(fault), largest: LARGEST,
      modules: { worker: `/verify/modules/${version}/${sharedName(WORKER)}`, verdict: `/verify/modules/${version}/${sharedName(VERDICT)}`, credential: `/verify/modules/${version}/${sharedName(CREDENTIAL)}` },
      // For the check in the reader's own browser: whom to trust, what time it is, and its words.
      given: { roots, issuer: credentials.issuer, at: clock.now(), words: request.language === 'en' ? englishIn(SPEAKING.map(each => sources.get(sharedName(each))).join('\n')) : {} },
    })
  }

  const answered = (found: Verification, request: FastifyRequest) => ({ ...verdictPage(found, request.t, request.language), at: clock.now() })

  return async app => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('referrer-policy', 'no-referrer').header('x-robots-tag', 'noindex')
    })

    app.get('/verify', async (request, reply) => {
      const { query } = request
      if (fits<Static<typeof Code>>(Code, query) && query.code.trim() !== '') return reply.redirect(`/verify/${encodeURIComponent(query.code.trim())}`, 303)
      return formPage(request, reply)
    })

    // Who guesses waits longer and longer. A limit by address would be used up by guesses, and refuse the honest behind the same one.
    const slowed = { rateLimit: false } as const

    app.get<{ Params: { code: string } }>('/verify/:code', { config: slowed }, async (request, reply) => {
      const found = await verification.byCode(request.params.code, request.ip)
      return reply.code(found.document ? 200 : 404).page('documents/verdict', answered(found, request))
    })

    /** For whom the asker asks, told after the answer. */
    app.post<{ Params: { code: string } }>('/verify/:code', { config: { ...slowed, withoutToken: true } }, async (request, reply) => {
      const organisation = fits<Static<typeof Asker>>(Asker, request.body) ? request.body.organisation.trim() : ''
      const found = await verification.byCode(request.params.code, request.ip, organisation)
      const thanked = found.document && organisation !== ''
      return reply.code(found.document ? 200 : 404).page('documents/verdict', { ...answered(found, request), thanked })
    })

    /** All that it certifies, for who has a passcode of its owner. */
    app.post<{ Params: { code: string } }>('/verify/:code/content', { config: { withoutToken: true } }, async (request, reply) => {
      const found = await verification.byCode(request.params.code, request.ip)
      if (!found.document || !found.passcode) return reply.code(found.document ? 200 : 404).page('documents/verdict', answered(found, request))
      const typed = fits<Static<typeof Passcode>>(Passcode, request.body) ? request.body.passcode : ''
      const outcome = await verification.tryPasscode(found.document, typed, request.ip)
      if (outcome !== 'right') return reply.code(REFUSALS[outcome].status).page('documents/verdict', { ...answered(found, request), refusal: request.t(REFUSALS[outcome].sentence) })
      const certified = wholeRows(found.document, await templateOf(found.document), request.t)
      return reply.page('documents/verdict', { ...answered(found, request), certified, passcode: false, whole: true })
    })

    app.get<{ Params: { version: string; name: string } }>('/verify/modules/:version/:name', async (request, reply) => {
      const { version, sources } = shared()
      const source = sources.get(request.params.name)
      if (source === undefined) return reply.callNotFound()
      // While an old and a new version run side by side, one is asked for what the other has.
      const lasting = request.params.version === version
      return reply.type('text/javascript; charset=utf-8').header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache').send(source)
    })

    /** What the register says of a file that was checked in the reader's browser: its hash, or a credential's random id, is all that comes here. */
    app.post('/verify/register', { config: { withoutToken: true } }, async (request, reply) => {
      if (fits<Static<typeof Badge>>(Badge, request.body)) {
        await verification.noteCredential(request.body.credential, request.body.organisation)
        return reply.send({})
      }
      if (!fits<Static<typeof Revisions>>(Revisions, request.body)) return reply.code(422).send({})
      const { revisions, organisation = '' } = request.body
      const found = await verification.byRevisions(revisions.split(','), organisation)
      return reply.send(found ? { registered: registeredView(found.document, found.replaced_by, request.t), certified: certifiedRows(found.document, request.t, { masked: false, language: request.language }) } : {})
    })

    const options = { config: { withoutToken: true, largestUpload: LARGEST + 1024 * 1024 }, errorHandler: backToForm }
    app.post('/verify/file', options, async (request, reply) => {
      const file = uploadIn(request.body, 'file')
      const fault = faultOf(file)
      if (!file || fault) return formPage(request, reply.code(422), fault ?? '')
      const credential = credentialIn(file.data)
      const organisation = fits<Static<typeof Asker>>(Asker, request.body) ? request.body.organisation : ''
      if (credential !== null) {
        const found = await credentials.check(credential)
        if (found.kind === 'ours') await verification.noteCredential(found.id, organisation)
        return reply.page('documents/verdict', { title: request.t('真伪认证'), ...credentialVerdict(found, request.t), at: clock.now() })
      }
      return reply.page('documents/verdict', answered(await verification.byFile(file.data, organisation), request))
    })

    /** What was too large to be read at all is told at the form as well. */
    function backToForm(error: FastifyError, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      if (error.statusCode !== 413) throw error
      return formPage(request, reply.code(413), TOO_LARGE)
    }
  }
}

const inEnglish = textIn('en')

/** The English of every Chinese phrase in a module. */
function englishIn(source: string): Record<string, string> {
  return Object.fromEntries(Array.from(source.matchAll(/'([^'\n]*\p{Script=Han}[^'\n]*)'/gu), ([, phrase = '']) => [phrase, inEnglish(phrase)]))
}

function faultOf(file: Upload | undefined): string | null {
  if (!file || (file.filename === '' && file.data.length === 0)) return '请选择要核验的 PDF 文件'
  if (file.data.length === 0) return '这个文件是空的，请重新选择'
  return file.truncated || file.data.length > LARGEST ? TOO_LARGE : null
}

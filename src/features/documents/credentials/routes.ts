import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { Template } from '../templates.ts'
import { achievementOf, addresses, CONTEXT, type Issuer, markOf, profileOf } from './credential.ts'
import { type Credentials, FRESH } from './sign.ts'

type Deps = { credentials: Credentials; issuer: Issuer; templates: ReadonlyMap<string, Template> }

const KEYS_FRESH = 3600

/** What whoever holds a credential looks up, from anywhere: issuer, keys, status. Nothing here is about one person. */
export function credentialRoutes({ credentials, issuer, templates }: Deps): FastifyPluginAsync {
  const at = addresses(issuer.publicUrl)
  const open = (reply: FastifyReply, seconds: number) => reply.headers({ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin', 'cache-control': `public, max-age=${seconds}` })
  const methods = async (controller: string) => (await credentials.keys()).map(({ id, jwk }) => ({ id: at.key(id), type: 'JsonWebKey', controller, publicKeyJwk: jwk }))
  const nowhere = () => new AppError('not-found', '这个地址没有内容。可能是链接不完整，或者内容已经移走')

  return async app => {
    app.get('/.well-known/jwks.json', async (_request, reply) => open(reply, KEYS_FRESH).send({ keys: (await credentials.keys()).map(({ jwk }) => jwk) }))

    app.get('/.well-known/did.json', async (_request, reply) => {
      // did:web: a port is percent-encoded, so that its colon is no path.
      const id = `did:web:${encodeURIComponent(new URL(issuer.publicUrl).host)}`
      const verificationMethod = await methods(id)
      return open(reply, KEYS_FRESH).type('application/did+json').send(JSON.stringify({ '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'], id, alsoKnownAs: [at.issuer], verificationMethod, assertionMethod: verificationMethod.map(method => method.id) }))
    })

    app.get('/credentials/issuer', async (_request, reply) => {
      const verificationMethod = await methods(at.issuer)
      return open(reply, KEYS_FRESH).send({ '@context': [CONTEXT, 'https://www.w3.org/ns/cid/v1'], ...profileOf(issuer), verificationMethod, assertionMethod: verificationMethod.map(method => method.id) })
    })

    app.get<{ Params: { id: string } }>('/credentials/keys/:id', async (request, reply) => {
      const key = (await credentials.keys()).find(({ id }) => id === request.params.id)
      if (!key) throw nowhere()
      return open(reply, KEYS_FRESH).type('application/jwk+json').send(JSON.stringify(key.jwk))
    })

    app.get<{ Params: { list: string } }>('/credentials/status/:list', async (request, reply) => {
      const { list } = request.params
      const jwt = /^\d{1,6}$/.test(list) ? await credentials.statusList(Number(list)) : undefined
      if (jwt === undefined) throw nowhere()
      const etag = markOf(jwt)
      open(reply, FRESH / 1000).header('etag', etag)
      return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type('application/vc+jwt').send(jwt)
    })

    app.get<{ Params: { kind: string } }>('/credentials/achievements/:kind', async (request, reply) => {
      const template = templates.get(request.params.kind)
      if (!template || template.about !== 'person') throw nowhere()
      return open(reply, KEYS_FRESH).send({ '@context': [CONTEXT], ...achievementOf(issuer, template) })
    })
  }
}

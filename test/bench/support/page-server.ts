import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import fastifyView from '@fastify/view'
import { fastify, type FastifyInstance } from 'fastify'
import { createTemplates } from '../../../src/edges/http/page.ts'
import { startTestApp, type TestApp } from '../../support/app.ts'
import { applyForCertificate } from '../../support/certificate.ts'
import type { Client } from '../../support/client.ts'

/** Where the pages are served, and the people who may ask for them. */
export type Door = { origin: string; cookies: string[] }

const PEOPLE = 400
const templates = createTemplates()
type Drawn = { name: string; model: object; layout: string; html: string }

// hall: the product. bare: the same, until every person's page was drawn once; then only a Fastify that draws those pages again.
const cleanUps: (() => unknown)[] = []
const hall = await startTestApp({ after: cleanUp => void cleanUps.unshift(cleanUp) })
const cookies = await people(hall)
const clean = async () => { for (const cleanUp of cleanUps.splice(0)) await cleanUp() }
if (process.argv[2] === 'hall') {
  tell({ origin: hall.origin, cookies })
} else {
  const drawn = await pagesOf(hall, cookies)
  await clean()
  tell({ origin: await serveBare(drawn), cookies })
}
await once(process, 'message')
await clean()
process.exit()

function tell(door: Door): void {
  process.send?.(door)
}

/** Students with an application under way and a draft; among the rest are those who have to decide on them. */
async function people({ app: { database: { db } }, phone, drain }: TestApp): Promise<string[]> {
  const members = await db.selectFrom('identity_bindings as binding').innerJoin('identity_numbers as number', 'number.number', 'binding.number')
    .select(['binding.userid', 'number.kind', 'number.standing']).where('number.standing', 'in', ['enrolled', 'employed'])
    .orderBy('binding.userid').limit(PEOPLE).execute()
  const clients: Client[] = []
  for (const { userid, kind } of members) {
    const client = await phone(userid)
    if (kind === 'student') await applyForCertificate(client)
    clients.push(client)
  }
  await drain()
  return clients.map(({ cookies: own }) => [...own].map(pair => pair.join('=')).join('; '))
}

/** Every person's page with what it was drawn from. */
async function pagesOf({ app }: TestApp, asking: readonly string[]): Promise<Drawn[]> {
  const http = await app.http()
  let last: Omit<Drawn, 'html'> | undefined
  http.addHook('onRequest', async (_request, reply) => {
    const draw = reply.drawn.bind(reply)
    reply.drawn = (name, model, options) => {
      // The token is of one request; from here on it is a text.
      const own = { ...model, csrf: 'csrf' in model ? String(model.csrf) : '', part }
      last = { name, model: own, layout: options.layout }
      // A bare server keeps nothing that it drew: what the hall draws once for its inputs is drawn for each page again.
      function part(component: string, inputs: object): string {
        return templates.render(component.startsWith('@') ? component : `@components/${component}`, { ...own, ...inputs })
      }
      return draw(name, last.model, options)
    }
  })
  const drawn: Drawn[] = []
  for (const cookie of asking) {
    const { statusCode, body } = await http.inject({ url: '/', headers: { cookie, accept: 'text/html' } })
    if (statusCode !== 200 || !last) throw new Error(`the hall answers ${statusCode}`)
    drawn.push({ ...last, html: body })
  }
  await http.close()
  return drawn
}

async function serveBare(drawn: readonly Drawn[]): Promise<string> {
  const server: FastifyInstance = fastify()
  await server.register(fastifyView, { engine: { eta: templates }, root: join(import.meta.dirname, '../../../views'), production: true })
  let asked = 0
  server.get('/', (_request, reply) => {
    const page = drawn[asked++ % drawn.length]
    return page ? reply.view(page.name, page.model, { layout: page.layout }) : reply.callNotFound()
  })
  for (const { html } of drawn) {
    const { body } = await server.inject('/')
    if (body !== html) throw new Error('the bare page is not the hall\'s')
  }
  await server.listen({ port: 0, host: 'localhost' })
  const address: AddressInfo | string | null = server.server.address()
  return `http://localhost:${typeof address === 'object' ? address?.port : ''}`
}

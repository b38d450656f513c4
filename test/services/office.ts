import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Settings } from '../support/app.ts'
import type { Client, Fields, Page } from '../support/client.ts'
import { actionOf, type Campus, startCampus } from './campus.ts'

/** The campus with the services of the catalogue, each story in its own service. */
export type Desk = Campus & {
  /** Fills the form of the service in and sends it; people are looked up by the form's own search. */
  send(client: Client, service: string, fields: Fields, people?: Record<string, string>): Promise<Page>
  /** Sends what was returned again, with these changes. */
  correct(client: Client, path: string, fields: Fields): Promise<Page>
  /** Opens the newest 待办 of this person that has these words. */
  todo(person: string, words: string): Promise<Held>
  /** Opens it and agrees. */
  agree(person: string, words: string): Promise<Page>
  /** id of a department */
  unit(name: string): Promise<string>
  /** Time goes by, and what is due is done. */
  wait(ms: number): Promise<void>
}

export type Held = { client: Client; page: Page; decide(decision: 'approve' | 'reject' | 'return', comment?: string): Promise<Page>; claim(): Promise<Held>; enter(fields: Fields): Promise<Held> }

export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export async function openDesk(t: TestContext, settings: Settings = {}): Promise<Desk> {
  const campus = await startCampus(t, settings)
  const { db } = campus.app.database

  async function find(client: Client, apply: string, field: string, name: string): Promise<string> {
    const found = await client.submit(await client.get(apply), apply, { [`${field}.q`]: name, act: `${field}.find` })
    return found.root.querySelector(`input[name="${field}.id"]`)?.getAttribute('value') ?? assert.fail(`${name} is not found: ${found.text.slice(0, 400)}`)
  }

  function held(client: Client, page: Page): Held {
    const again = async () => held(client, await client.get(page.path))
    return {
      client, page,
      decide: (decision, comment = '') => client.submit(page, actionOf(page), { ...firstChosen(page), decision, comment }),
      async claim() {
        await client.submit(page, actionOf(page))
        return await again()
      },
      async enter(fields) {
        const path = `${page.path.split('?', 1)[0]}/filling`
        const form = await client.get(path)
        const saved = await client.submit(form, path, { ...fields, intent: 'submit' })
        assert.equal(saved.status, 200, saved.text.slice(0, 600))
        return await again()
      },
    }
  }

  const desk: Desk = {
    ...campus,
    async send(client, service, fields, people = {}) {
      const apply = `/services/${service}/apply`
      const ids: Record<string, string> = {}
      for (const [field, name] of Object.entries(people)) ids[`${field}.id`] = await find(client, apply, field, name)
      const form = await client.get(apply)
      return client.submit(form, apply, { ...filledIn(form), ...firstChosen(form), ...Object.fromEntries(Object.keys(people).map(field => [`${field}.q`, ''])), ...ids, ...fields, intent: 'submit' })
    },
    async correct(client, path, fields) {
      const form = await client.get(`${path}/correction`)
      return client.submit(form, form.path, { ...filledIn(form), ...firstChosen(form), ...fields, intent: 'submit' })
    },
    async todo(person, words) {
      const client = await campus.as(person)
      return held(client, await client.get((await client.get('/received')).link(words)))
    },
    async agree(person, words) {
      const done = await (await desk.todo(person, words)).decide('approve')
      assert.equal(done.status, 200, done.text.slice(0, 600))
      return done
    },
    async unit(name) {
      return (await db.selectFrom('identity_units').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id
    },
    async wait(ms) {
      campus.clock.advance(ms)
      await campus.drain()
    },
  }
  return desk
}

/** What a browser sends without being told: the lines that are filled in already. */
function filledIn(page: Page): Fields {
  const lines = page.root.querySelectorAll('#form input').filter(input => ['text', 'tel', 'email'].includes(input.getAttribute('type') ?? 'text') && input.getAttribute('value'))
  return Object.fromEntries(lines.map(input => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']))
}

/** Everything that a browser sends of the form as it stands, but its buttons. */
export function asItStands(page: Page): Record<string, string[]> {
  const told = page.root.querySelectorAll('#form input, #form textarea, #form option').flatMap((control): [string, string][] => {
    const of = control.tagName === 'OPTION' ? control.closest('select') : control
    const asked = control.tagName === 'OPTION' ? control.hasAttribute('selected') : !['radio', 'checkbox', 'file'].includes(control.getAttribute('type') ?? '') || control.hasAttribute('checked')
    return asked ? [[of?.getAttribute('name') ?? '', control.getAttribute('value') ?? control.text]] : []
  })
  return Object.fromEntries([...Map.groupBy(told, ([name]) => name)].filter(([name]) => name !== '').map(([name, pairs]) => [name, pairs.map(([, value]) => value)]))
}

/** Where the page asks whom to choose for a later step: the first who is offered. */
function firstChosen(page: Page): Fields {
  const offers = page.root.querySelectorAll('input[type=radio]').filter(input => /^chosen__.*\.id$/.test(input.getAttribute('name') ?? ''))
  return Object.fromEntries(offers.toReversed().map(input => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']))
}

/** The people who hold something of the application now, as its page says. */
export function holders(page: Page): string {
  return page.root.querySelector('.state')?.structuredText.replace(/\s+/g, ' ').trim() ?? ''
}

import { addressesIn, type Address } from './routing-tree.ts'
import type { TestApp } from '../support/app.ts'
import type { Client } from '../support/client.ts'
import { holderOf } from '../support/desks.ts'
import { cast } from '../support/people.ts'
import { columns, type Column } from './access.ts'

/** Every address of the running hall, from Fastify itself. */
export async function allAddresses({ app }: TestApp): Promise<Address[]> {
  const http = await app.http()
  await http.ready()
  const addresses = addressesIn(http.printRoutes({ commonPrefix: false }))
  await http.close()
  return addresses.filter(({ path }) => path !== '/admin/') // the same page as without the stroke
}

/** Somebody for each column, signed in. */
export async function peopleOf(hall: TestApp): Promise<ReadonlyMap<Column, Client>> {
  const { student } = await cast(hall.app)
  const plain = await hall.app.database.db.selectFrom('identity_bindings as b').innerJoin('identity_numbers as n', 'n.number', 'b.current_number')
    .select('b.userid').where('n.title', '=', '副院长').orderBy('n.number').limit(1).executeTakeFirstOrThrow()
  const made = new Map<Column, Client>()
  for (const column of columns) {
    if (column === 'stranger') made.set(column, hall.stranger())
    else made.set(column, await hall.phone(column === 'student' ? student.userid : column === 'staff' ? plain.userid : (await holderOf(hall, column)).userid))
  }
  return made
}

const SOME_ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

const filled = (path: string) => path.replace(/:[a-zA-Z_]+|\*/g, SOME_ID)

/** What the guards of an address say to who asks: nothing is sent that would change anything, and no token. */
export async function answerOf({ origin }: TestApp, { cookies }: Client, { method, path }: Address): Promise<{ status: number; location: string; detail: string }> {
  const answer = await fetch(new URL(filled(path), origin), {
    method, redirect: 'manual', headers: { accept: 'application/json', cookie: [...cookies].map(pair => pair.join('=')).join('; ') }, ...(method !== 'GET' && { body: new URLSearchParams({}) }),
  })
  const words = await answer.text()
  return { status: answer.status, location: answer.headers.get('location') ?? '', detail: answer.status === 403 ? words : '' }
}

/** Does a guard stand before it? What the page behind it says of one thing or another is its own business. */
export function isRefused({ path }: Address, { status, location, detail }: { status: number; location: string; detail: string }): boolean {
  if (status === 303) return /^\/(login|auth\/wecom)$/.test(location.split('?')[0] ?? '') && new URL(location, 'http://hall').searchParams.get('to') === filled(path)
  return status === 403 && /登录已经过期|的权限，现在的角色里没有/.test(detail)
}

import { hash, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Keyring } from '../../platform/keys.ts'
import { typedNumber } from './store/accounts.ts'

const COOKIE = 'device'
const DAYS = 400
/** accounts that one browser is remembered for */
const MOST = 5

export type KnownDevices = ReturnType<typeof createKnownDevices>

/**
 * A browser in which an account was once signed in counts its failures by itself (OWASP's device cookies): a stranger who guesses
 * at somebody's password locks strangers out, not the owner. The cookie opens nothing. For each account it holds a signature over
 * device and number, so it cannot be made up and does not say which accounts they are.
 */
export function createKnownDevices({ keyring, secure }: { keyring: Pick<Keyring, 'sign' | 'verify'>; secure: boolean }) {
  const claim = (id: string, number: string): string => `${id} ${typedNumber(number)}`

  return {
    /** Under what a try at this number counts from this browser: by number and device where they know each other, else by number alone. */
    subjectOf(request: FastifyRequest, typed: string): string {
      const { id, marks } = read(request)
      const known = marks.some(mark => keyring.verify('identity.device', claim(id, typed), mark))
      return known ? `d:${digest(claim(id, typed))}` : typedNumber(typed)
    },
    /** The number has just been proved in this browser. */
    remember(request: FastifyRequest, reply: FastifyReply, number: string): void {
      const { id, marks } = read(request)
      const own = id === '' ? randomBytes(16).toString('base64url') : id
      const mark = keyring.sign('identity.device', claim(own, number))
      const value = [own, mark, ...marks.filter(other => other !== mark)].slice(0, MOST + 1).join('.')
      reply.setCookie(COOKIE, value, { path: '/', maxAge: DAYS * 86_400, sameSite: 'lax', httpOnly: true, secure })
    },
  }
}

/** Who is signed in and asked for the password once more: counted apart from strangers, who must not be able to lock this. */
export function presentSubject(number: string): string {
  return `s:${digest(number)}`
}

function read(request: FastifyRequest): { id: string; marks: string[] } {
  const [id = '', ...marks] = (request.cookies[COOKIE] ?? '').slice(0, 400).split('.')
  return /^[\w-]{22}$/.test(id) ? { id, marks: marks.filter(mark => /^[\w-]{43}$/.test(mark)).slice(0, MOST) } : { id: '', marks: [] }
}

// A subject has 64 characters at most; what people type is upper case, so none of it looks like this.
function digest(text: string): string {
  return hash('sha256', text).slice(0, 60)
}

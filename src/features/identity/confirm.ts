import type { FastifyRequest } from 'fastify'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Campus } from './campus.ts'
import { presentSubject } from './known-device.ts'
import { typedNumber } from './store/accounts.ts'
import { admitAttempt, forgiveAttempts, takeBackAttempt } from './verbs/sign-in.ts'

declare module 'fastify' {
  interface Session {
    /** proved once more at the school's own sign-in */
    confirmed?: { number: string; at: number }
  }
}

const CONFIRMED_FOR = 5 * 60_000

/** Is it really this person at the keys? Asked before what an unlocked phone must not be enough for. */
export type Confirm = {
  /** `password`: the form asks for it; `school`: a link leads to the school's sign-in and back to the form, which then needs nothing more */
  readonly way: 'password' | 'school'
  /** Has the person come back from the school's sign-in just now? Never where the form asks for the password. */
  isConfirmed(request: FastifyRequest): boolean
  /**
   * Right where the password is, or the school has just vouched for the person again. Counted like a sign-in but apart from it, so that
   * an unlocked phone is no place for guessing; throws `forbidden` (`identity:locked`) after too many, `upstream` where nobody can check it.
   */
  confirms(request: FastifyRequest, password: string | undefined): Promise<boolean>
  /** where the link leads */
  address(to: string): string
}

export function createConfirm({ campus, clock, database: { write } }: { campus: Campus; clock: Clock; database: Pick<Database, 'write'> }): Confirm {
  function isConfirmed(request: FastifyRequest): boolean {
    const { confirmed } = request.session
    return campus.way === 'redirect' && confirmed?.number === request.person.number && clock.now() - confirmed.at < CONFIRMED_FOR
  }

  return {
    way: campus.way === 'password' ? 'password' : 'school',
    isConfirmed,
    address: to => `/auth/campus?again=1&to=${encodeURIComponent(to)}`,
    async confirms(request, password) {
      if (campus.way === 'redirect') return isConfirmed(request)
      if (!password) return false
      const { number } = request.person
      const admitted = await write(tx => admitAttempt(tx, { subject: presentSubject(number), number }))
      try {
        const answer = await campus.verify(request.session.campus?.account ?? number, password)
        const right = answer !== null && typedNumber(answer.account) === typedNumber(number)
        if (right) await write(tx => forgiveAttempts(tx, admitted.subject))
        return right
      } catch (error) {
        await write(tx => takeBackAttempt(tx, admitted))
        throw error
      }
    },
  }
}

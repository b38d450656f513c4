import type { Corp } from './corp.ts'
import type { Member } from './types.ts'

/** Host label of the one phone whose WeChat is in no corporation yet. */
export const NEWCOMER = 'wechat'

export type Phone = {
  /** what its host is called before `.localhost` */
  label: string
  origin: string
  /** whose it is; null for a WeChat that has not joined */
  member: Member | null
}

export type PhoneBook = {
  /** Whose phone a host such as `zhangsan.localhost:4000` is; undefined for every other host. */
  at(host: string): Phone | undefined
  /** The newcomer followed the join code: from now on the phone is this member's. */
  joined(userid: string): void
  /** Somebody else takes the phone up, who has not joined. */
  newcomer(): void
}

/** All phones: one of each member, and one of somebody who is about to join. */
export function createPhoneBook(corp: Corp): PhoneBook {
  let joined: string | null = null
  return {
    at(host) {
      const label = /^([a-z0-9-]+)\.localhost(?::\d+)?$/i.exec(host)?.[1]?.toLowerCase()
      if (label === undefined) return undefined
      const member = label === NEWCOMER ? corp.find(joined ?? '') ?? null : corp.memberOf(label)
      return member === undefined ? undefined : { label, origin: `http://${host.toLowerCase()}`, member }
    },
    joined: (userid) => { joined = userid },
    newcomer: () => { joined = null },
  }
}

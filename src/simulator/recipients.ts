import { fold, type Corp } from './corp.ts'
import { WecomError } from './errors.ts'
import type { Member } from './types.ts'

export type Recipients = { members: Member[]; invaliduser: string; invalidparty: string; invalidtag: string; unlicenseduser: string }

function parts(list: string | undefined): string[] {
  return (list ?? '').split('|').map((part) => part.trim()).filter((part) => part !== '')
}

function everyone(corp: Corp): Member[] {
  return [...corp.members.values()].filter((member) => corp.reachable(member))
}

function ofParties(corp: Corp, ids: string[]): Member[] {
  const below = ids.flatMap((id) => [...corp.subtree(Number(id))])
  return everyone(corp).filter((member) => member.department.some((id) => below.includes(id)))
}

/** Who gets a message (§4.1): the invalid ones are named, lower-cased; none left is 81013. The corporation has no tags. */
export function resolveRecipients(corp: Corp, to: { touser?: string; toparty?: string; totag?: string }): Recipients {
  if (to.touser === '@all') return sortLicensed(everyone(corp), '', '', '')
  const users = parts(to.touser)
  const parties = parts(to.toparty)
  const tags = parts(to.totag)
  if (users.length + parties.length + tags.length === 0) throw new WecomError(82001)
  if (users.length > 1000) throw new WecomError(40032)
  if (parties.length > 100) throw new WecomError(82002)
  if (tags.length > 100) throw new WecomError(82003)
  const invaliduser = users.filter((userid) => !corp.reachable(corp.find(userid))).map(fold).join('|')
  const goodParties = parties.filter((id) => corp.departments.has(Number(id)))
  const invalidparty = parties.filter((id) => !goodParties.includes(id)).join('|')
  const named = users.map((userid) => corp.find(userid)).filter((member) => member !== undefined).filter((member) => corp.reachable(member))
  if (named.length + goodParties.length === 0) {
    throw new WecomError(81013, '', { invaliduser, invalidparty, invalidtag: tags.join('|') })
  }
  return sortLicensed([...named, ...ofParties(corp, goodParties)], invaliduser, invalidparty, tags.join('|'))
}

function sortLicensed(members: Member[], invaliduser: string, invalidparty: string, invalidtag: string): Recipients {
  const once = [...new Set(members)]
  const unlicenseduser = once.filter((member) => !member.licensed).map((member) => fold(member.userid)).join('|')
  return { members: once.filter((member) => member.licensed), invaliduser, invalidparty, invalidtag, unlicenseduser }
}

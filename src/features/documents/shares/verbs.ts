import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import type { Keyring } from '../../../platform/keys.ts'
import { move } from '../../../platform/machine.ts'
import type { Messages } from '../../messages/index.ts'
import { getDocument } from '../store.ts'
import type { DocumentRow } from '../tables.ts'
import type { Template } from '../templates.ts'
import { shareMailed, shareOpened, shareProlonged } from './events.ts'
import { LINK_MAIL, linkMail, passcodeMail, PASSCODE_MAIL } from './notices.ts'
import { DAY, MAILS_A_DAY, shareMachine, SHARES_A_DAY, type Standing, standingOf, TRIES, TRIES_OF_ALL, TRY_WINDOW } from './rules.ts'
import { hashOf, isPasscode, newToken, passcodeOf, tokenOf } from './secrets.ts'
import { countTry, findByHash, findShare, getShare, insertOpening, insertShare, madeSince, openWithPasscode, setShare, takeView, uncountTry } from './store.ts'
import type { Share } from './tables.ts'

export type Wanted = {
  /** epoch ms */
  expires_at: number
  /** how often it may be opened; null: no limit */
  views: number | null
  passcode: boolean
  /** link and passcode are mailed to the address; its owner's consent is kept by whoever calls, in the same transaction */
  to: { name: string; address: string | null } | null
  purpose?: string | null
  /** it comes with a new document, of which there are not many: the day's limit is for links that are opened by hand */
  withDocument?: boolean
}

type Deps = { keyring: Pick<Keyring, 'deriveAll'>; messages: Pick<Messages, 'mail' | 'resend' | 'deliveriesOf'>; school: { name: string; nameEn: string }; publicUrl: string; templates: ReadonlyMap<string, Template> }

/** What can be done with links to documents. Each takes the open transaction first. */
export function createShareVerbs(deps: Deps) {
  const { keyring, messages, school, publicUrl, templates } = deps

  /** A new link; where somebody is named, it goes to them by mail, the passcode in a second one. */
  async function open(tx: Tx, actor: Actor, document_id: string, { expires_at, views, passcode, to, purpose = null, withDocument = false }: Wanted): Promise<{ share_id: string }> {
    const document = await getDocument(tx, document_id)
    const now = tx.bus.clock.now()
    if (document.status !== 'issued') throw new AppError('conflict', document.status === 'revoked' ? '文件已经作废，不能分享' : '文件还没有签章，不能分享')
    if (!withDocument && await madeSince(tx, document.person_id, now - DAY, SHARES_A_DAY) >= SHARES_A_DAY) throw new AppError('conflict', '今天开通的分享太多，请明天再试')
    const id = newId()
    const share: Share = {
      id, document_id, person_id: document.person_id, token_hash: hashOf(newToken(keyring, id)), passcode: passcode ? 1 : 0, recipient: to?.name ?? null, address: to?.address ?? null,
      purpose, views: 0, views_most: views, status: 'open', created_at: now, expires_at, ended_at: null,
    }
    await insertShare(tx, share)
    await emit(tx, shareOpened, ...about(share, actor))
    if (to?.address) await send(tx, actor, share, document, to.address)
    return { share_id: id }
  }

  /** Mails a link that there is to somebody named now. */
  async function mailTo(tx: Tx, actor: Actor, share_id: string, to: { name: string; address: string }): Promise<void> {
    const { share, document } = await usable(tx, share_id)
    await demandRoom(tx, share)
    await setShare(tx, share_id, { recipient: to.name, address: to.address })
    await send(tx, actor, { ...share, recipient: to.name }, document, to.address)
  }

  async function send(tx: Tx, actor: Actor, share: Share, document: DocumentRow, address: string): Promise<void> {
    const told = { share, document, address, school, language: templates.get(document.kind)?.language ?? 'zh' }
    await messages.mail(tx, linkMail(told))
    if (share.passcode) await messages.mail(tx, passcodeMail(told))
    await emit(tx, shareMailed, ...about(share, actor))
  }

  async function resend(tx: Tx, actor: Actor, share_id: string, delivery_id: string): Promise<void> {
    const { share } = await usable(tx, share_id)
    await demandRoom(tx, share)
    await messages.resend(tx, actor, delivery_id)
  }

  async function demandRoom(tx: Tx, { id }: Share): Promise<void> {
    const today = (await messages.deliveriesOf(tx, id)).filter(({ created_at }) => created_at > tx.bus.clock.now() - DAY)
    if (today.length >= MAILS_A_DAY) throw new AppError('conflict', '这个分享今天寄出的邮件太多，请明天再试，或者自己把链接发给对方')
  }

  async function usable(tx: Tx, share_id: string): Promise<{ share: Share; document: DocumentRow }> {
    const share = await getShare(tx, share_id)
    const document = await getDocument(tx, share.document_id)
    if (standingOf(share, document, tx.bus.clock.now()) !== 'open') throw new AppError('conflict', '这个分享已经不能用了，请新开一个')
    return { share, document }
  }

  /** Whoever opens it from now on, or looks at it now, reads that it is over. */
  async function end(tx: Tx, actor: Actor, share_id: string): Promise<void> {
    const share = await getShare(tx, share_id)
    const { data, subject } = namesOf(share)
    await move(tx, shareMachine, share, 'end', { actor, data, subject, set: { ended_at: tx.bus.clock.now() } })
  }

  async function prolong(tx: Tx, actor: Actor, share_id: string, expires_at: number): Promise<void> {
    const share = await getShare(tx, share_id)
    if (share.status === 'ended') throw new AppError('conflict', '这个分享已经结束了')
    await setShare(tx, share_id, { expires_at })
    await emit(tx, shareProlonged, ...about(share, actor))
  }

  /** A stranger comes by the link: what becomes of it. Here alone a view is counted. */
  async function enter(tx: Tx, token: string, typed: string): Promise<'entered' | 'wrong' | 'wait' | Exclude<Standing, 'open'> | 'unknown'> {
    const found = await lookUp(tx, token, tx.bus.clock.now())
    if (!found) return 'unknown'
    const { share, standing } = found
    if (standing !== 'open') return standing
    if (share.passcode) {
      const refusal = await refusalOf(tx, share, typed)
      if (refusal) return refusal
    }
    if (!await takeView(tx, share.id)) return 'used-up'
    await insertOpening(tx, share.id, 'opened')
    return 'entered'
  }

  async function refusalOf(tx: Tx, share: Share, typed: string): Promise<'wrong' | 'wait' | null> {
    const window = Math.floor(tx.bus.clock.now() / TRY_WINDOW)
    const slot = `share-${share.id}-${window}`
    const tries = await countTry(tx, slot, (window + 2) * TRY_WINDOW)
    if (tries > TRIES) return 'wait'
    if (isPasscode(keyring, share, typed)) {
      await uncountTry(tx, slot)
      return null
    }
    if (tries === TRIES) await insertOpening(tx, share.id, 'refused')
    return 'wrong'
  }

  /**
   * A stranger who has a document's code types a passcode: is it that of a link that is open? Its owner sees that somebody read by it.
   * `asker`: a mark of who is counted as one, with this document.
   */
  async function tryPasscode(tx: Tx, document_id: string, typed: string, asker: string): Promise<'right' | 'wrong' | 'wait'> {
    const now = tx.bus.clock.now()
    const window = Math.floor(now / TRY_WINDOW)
    const slots = [{ slot: `${window}-${asker}`, most: TRIES }, { slot: `facts-${document_id}-${window}`, most: TRIES_OF_ALL }]
    for (const { slot, most } of slots) if (await countTry(tx, slot, (window + 2) * TRY_WINDOW) > most) return 'wait'
    const share = (await openWithPasscode(tx, document_id, now)).find(each => isPasscode(keyring, each, typed))
    if (!share) return 'wrong'
    for (const { slot } of slots) await uncountTry(tx, slot)
    await insertOpening(tx, share.id, 'verified')
    return 'right'
  }

  async function downloaded(tx: Tx, share_id: string): Promise<void> {
    await insertOpening(tx, share_id, 'downloaded')
  }

  /** The link's row with its document, and what it is worth now; undefined for what nobody was given. */
  async function lookUp(db: Db, token: string, now: number): Promise<{ share: Share; document: DocumentRow; standing: Standing } | undefined> {
    const share = /^[0-9a-f]{32}$/.test(token) ? await findByHash(db, hashOf(token)) : undefined
    if (!share) return undefined
    const document = await getDocument(db, share.document_id)
    return { share, document, standing: standingOf(share, document, now) }
  }

  /** Where the link leads; null where its key is gone. */
  function addressOf(share: Share): string | null {
    const token = tokenOf(keyring, share)
    return token === null ? null : `${publicUrl.replace(/\/$/, '')}/share/${token}`
  }

  /** What is put into a mail when it goes out. Throws where the link is over by then. */
  async function secretsOf(db: Db, kind: string, subject: string): Promise<Record<string, string>> {
    if (kind !== LINK_MAIL && kind !== PASSCODE_MAIL) return {}
    const share = await findShare(db, subject)
    const secret = share && (kind === LINK_MAIL ? addressOf(share) : passcodeOf(keyring, share))
    if (!secret || share.status === 'ended') throw new AppError('conflict', '分享已经结束，这封邮件没有寄出')
    return kind === LINK_MAIL ? { link: secret } : { passcode: secret }
  }

  return { open, mailTo, resend, end, prolong, enter, tryPasscode, downloaded, lookUp, addressOf, secretsOf, passcodeOf: (share: Share) => share.passcode ? passcodeOf(keyring, share) : null }
}

export type ShareVerbs = ReturnType<typeof createShareVerbs>

function namesOf({ id, document_id }: Pick<Share, 'id' | 'document_id'>) {
  return { data: { document_id, share_id: id }, subject: document_id }
}

function about(share: Share, actor: Actor): [{ document_id: string; share_id: string }, { subject: string; actor: Actor }] {
  const { data, subject } = namesOf(share)
  return [data, { subject, actor }]
}

import type { Keyring } from '../../platform/keys.ts'

type Keys = Pick<Keyring, 'sign' | 'verify'>

const PURPOSE = 'messages.delivery'

/**
 * What a mail is called on its way: in its Message-ID, and as the envelope id that delivery reports name. The signature keeps others from
 * reporting on mails they never saw. An address of our own for each mail (VERP) would do as well, but the large providers take no other
 * sender than the account that signed in.
 */
export function mailName(keys: Keys, delivery_id: string): string {
  return `${delivery_id}.${keys.sign(PURPOSE, delivery_id)}`
}

/** The delivery that one of these texts names; null where none does, or the name was made up. */
export function deliveryNamed(keys: Keys, texts: readonly string[]): string | null {
  const names = texts.flatMap(text => [...text.matchAll(NAME)].slice(0, MOST))
  return names.find(([, id = '', signature = '']) => keys.verify(PURPOSE, id, signature))?.[1] ?? null
}

const NAME = /\b([0-9A-HJKMNP-TV-Z]{26})\.([\w-]{43})(?![\w-])/g
/** names looked at in one text: a hostile mail may be full of them */
const MOST = 20

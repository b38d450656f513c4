import type { Db, Tx } from '../../platform/db.ts'
import type { SealedColumn } from '../../platform/reseal.ts'
import type { Context } from './deps.ts'
import type { Form, Input, Values } from './rules/form.ts'
import { deleteSecrets, replaceSecrets, secretsOf, TYPING } from './store/secrets.ts'

const PURPOSE = 'services.secret'

/** What of forms rests sealed: the form, its revisions, its cards and its papers hold a mask of it. */
export const sealedColumns: SealedColumn[] = [{ table: 'services_secrets', id: 'id', column: 'sealed', purpose: PURPOSE }]

type Sealing = Pick<Context, 'keyring'>

/** The whole texts behind the masks of a revision, by field. */
export async function openSecrets({ keyring }: Sealing, db: Db, form: Form, place: { application_id: string; revision: number }): Promise<Record<string, string>> {
  if (!form.fields.some(field => field.mask)) return {}
  const sealed = await secretsOf(db, place)
  return Object.fromEntries([...sealed].map(([field, text]) => {
    const whole = keyring.open(PURPOSE, text)
    if (whole === null) throw new Error('no key of HALL_SECRET opens a sealed field')
    return [field, whole]
  }))
}

/** Keeps what is being typed into fields that rest sealed; returns the rest of the input, which may rest openly. */
export async function sealTyped({ keyring }: Sealing, tx: Tx, application_id: string, form: Form, input: Input): Promise<Input> {
  const secret = form.fields.filter(field => field.mask).map(field => field.definition.key)
  if (secret.length === 0) return input
  const typed = secret.flatMap((key): [string, string][] => typeof input[key] === 'string' && input[key] !== '' ? [[key, keyring.seal(PURPOSE, input[key])]] : [])
  await replaceSecrets(tx, { application_id, revision: TYPING }, new Map(typed))
  return Object.fromEntries(Object.entries(input).filter(([key]) => !secret.includes(key)))
}

/** Seals what was accepted with its revision; returns the values with the masks in its place. What is a mask already comes from the revision before. */
export async function sealValues({ keyring }: Sealing, tx: Tx, form: Form, values: Values, { application_id, revision }: { application_id: string; revision: number }): Promise<Values> {
  const secret = form.fields.flatMap(({ definition: { key }, mask }) => mask && typeof values[key] === 'string' ? [{ key, whole: values[key], mask: mask(values[key]) }] : [])
  if (secret.length === 0) return values
  const before = await secretsOf(tx, { application_id, revision: revision - 1 })
  const sealed = secret.flatMap(({ key, whole, mask }): [string, string][] => {
    const text = whole === mask ? before.get(key) : keyring.seal(PURPOSE, whole)
    return text === undefined ? [] : [[key, text]]
  })
  await replaceSecrets(tx, { application_id, revision }, new Map(sealed))
  await deleteSecrets(tx, { application_id, revision: TYPING })
  return { ...values, ...Object.fromEntries(secret.map(({ key, mask }) => [key, mask])) }
}

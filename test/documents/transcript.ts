import type { TestApp } from '../support/app.ts'
import type { Client } from '../support/client.ts'
import { printed, workshop } from '../integrations/seal-material.ts'

/** The student of this number with a phone. */
export async function phoneOf(hall: TestApp, number: string): Promise<Client> {
  const { userid } = await hall.app.database.db.selectFrom('identity_bindings').select('userid').where('current_number', '=', number).executeTakeFirstOrThrow()
  return hall.phone(userid)
}

/** A paper of this kind is asked for and sealed; its id. */
export async function asked(hall: TestApp, phone: Client, kind: string, list: 'transcripts' | 'certificates' = 'transcripts'): Promise<string> {
  const preview = await phone.submit(await phone.get(`/documents/new/${list}`), '/documents/requests', { kind })
  const form = await phone.get(preview.link('没有错误，继续'))
  const sent = await phone.submit(form, form.root.querySelector('form.form')?.getAttribute('action') ?? '', { to: 'phone' })
  await hall.drain()
  return sent.path.split('/').at(-1) ?? ''
}

/** The words of a paper as pdftotext reads them, in their order, without any space. */
export async function wordsOf(t: { after(clean: () => unknown): void }, phone: Client, id: string): Promise<string> {
  const { file } = await workshop(t)
  const { bytes } = await phone.get(`/documents/${id}/file`)
  return (await printed('pdftotext', '-raw', await file('paper.pdf', bytes), '-')).replace(/\s+/g, '')
}

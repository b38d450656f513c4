import assert from 'node:assert/strict'
import type { App } from '../../src/app.ts'
import type { DocumentRow } from '../../src/features/documents/tables.ts'
import type { TestApp } from '../support/app.ts'
import { applyForCertificate, idIn } from '../support/certificate.ts'
import type { Client, Fields, Page } from '../support/client.ts'
import { cast, type Someone } from '../support/people.ts'

/** A student applies at the phone, and everybody whom the flow asks agrees; returns the application's id. Nothing is drawn yet. */
export async function approved(hall: TestApp, phone: Client, fields: Fields = {}): Promise<string> {
  const application = idIn((await applyForCertificate(phone, fields)).path)
  await agree(hall, application)
  return application
}

/** Everybody whom the flow asks agrees. */
export async function agree(hall: TestApp, application: string): Promise<void> {
  const { database, approvals } = hall.app
  for (;;) {
    const task = await database.db.selectFrom('approvals_tasks as task').innerJoin('approvals_instances as instance', 'instance.id', 'task.instance_id')
      .select(['task.id', 'task.person_id']).where('instance.subject', '=', application).where('task.status', '=', 'open').executeTakeFirst()
    if (!task) return
    await database.write(tx => approvals.decide(tx, { person_id: task.person_id, number: null }, { task_id: task.id, decision: 'approve' }))
  }
}

export async function documentOf(app: App, application_id: string): Promise<DocumentRow> {
  const row = await app.database.db.selectFrom('documents_documents').selectAll().where('application_id', '=', application_id).executeTakeFirstOrThrow()
  return { ...row, facts: JSON.parse(row.facts) }
}

export type Issued = { student: Someone; phone: Client; application: string; document: DocumentRow; page: Page; pdf: Uint8Array; code: string }

/** A sealed certificate in its owner's hands; `code` as it is printed. */
export async function issued(hall: TestApp, { which = 0, fields = {} }: { which?: number; fields?: Fields } = {}): Promise<Issued> {
  const { student } = await cast(hall.app, which)
  const phone = await hall.phone(student.userid)
  const application = await approved(hall, phone, fields)
  await hall.drain()
  const document = await documentOf(hall.app, application)
  const page = await phone.get(`/documents/${document.id}`)
  assert.ok(page.has('已签章'), page.text)
  const { bytes: pdf } = await phone.get(page.link('下载文件'))
  return { student, phone, application, document, page, pdf, code: document.code.replace(/(.{4})(?=.)/g, '$1-') }
}

/** What a stranger's browser sends to have a file checked. */
export function upload(client: Client, content: Uint8Array, filename = 'a.pdf'): Promise<Page> {
  return client.post('/verify/file', { file: { filename, type: 'application/pdf', content } })
}

/** The lines of a verification: sign (green, red, grey) and words. */
export function checks(page: Page): string[] {
  return page.root.querySelectorAll('.verdict-checks li').map(each => `${each.classNames} ${each.text.replace(/\s+/g, ' ').trim()}`)
}

/** For what several tests of a file share: call it at the top of the file, `after` of node:test runs what was handed over, the last first. */
export function sharedCleaner(after: (clean: () => Promise<void>) => void): { after(clean: () => unknown): void } {
  const cleaning: (() => unknown)[] = []
  after(async () => { for (const clean of cleaning.toReversed()) await clean() })
  return { after: clean => void cleaning.push(clean) }
}

import assert from 'node:assert/strict'
import type { TestApp } from '../support/app.ts'
import { applyForCertificate, idIn } from '../support/certificate.ts'
import { cast, type Someone } from '../support/people.ts'

export type Issued = { student: Someone; number: string; code: string; file: Buffer }

/** A sealed certificate of the sample's student `which`, made without a browser: for stories that begin after it. */
export async function issue(hall: TestApp, which: number): Promise<Issued> {
  const { student, tutor, registrars: [registrar] } = await cast(hall.app, which)
  assert.ok(registrar)
  const phone = await hall.phone(student.userid)
  const sent = await applyForCertificate(phone)
  for (const { userid } of [tutor, registrar]) {
    const desk = await hall.phone(userid)
    const page = await desk.get(sent.path)
    const task = idIn(page.root.querySelector('form[action^="/tasks/"]')?.getAttribute('action') ?? '')
    await desk.submit(page, `/tasks/${task}/decision`, { decision: 'approve', comment: '' })
  }
  await hall.drain()
  const document = await phone.get((await phone.get('/documents')).link('中文在读证明'))
  const facts = document.root.querySelectorAll('dd').map(each => each.text.trim())
  const code = facts.find(text => /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/.test(text))
  assert.ok(code && facts[0], document.text)
  return { student, code, number: facts[0], file: Buffer.from((await phone.get(document.link('下载文件'))).bytes) }
}

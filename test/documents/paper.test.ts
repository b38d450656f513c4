import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { pdfsig, printed, workshop } from '../integrations/seal-material.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { issued, upload } from './office.ts'

// The demo's authority; other readers are told to trust it, as a university's IT would do.
const rootOf = (hall: TestApp) => readFile(hall.app.config.seal.roots ?? '', 'utf8')

test('other readers find the delivered file sealed, whole and readable, and its QR leads to its verification', async t => {
  const hall = await startTestApp(t)
  const { student, document, pdf, code } = await issued(hall, { fields: { purpose: 'other', purpose_other: '申请住房补贴' } })
  const { folder, file } = await workshop(t)
  const path = await file('certificate.pdf', pdf)

  const said = await pdfsig(t, pdf, [await rootOf(hall)])
  for (const line of ['Signature is Valid.', 'Certificate is Trusted.', 'Total document signed']) assert.ok(said.includes(line), said)
  assert.match(await printed('qpdf', '--check', path), /No syntax or stream encoding errors found/)
  assert.match(await printed('pdfinfo', path), /Pages: +1\n/)

  const text = (await printed('pdftotext', '-layout', path, '-')).replace(/\s+/g, ' ')
  for (const words of [student.name, student.number, document.number, code, '申请住房补贴', '明湖大学']) assert.ok(text.includes(words), `${words}: ${text}`)
  const fonts = await printed('pdffonts', path)
  assert.match(fonts, /TrueType/)
  assert.doesNotMatch(fonts, /Type 3/)

  await printed('pdftoppm', '-r', '110', '-png', path, join(folder, 'page'))
  const [address = ''] = (await printed('zbarimg', '-q', '--raw', join(folder, 'page-1.png'))).split('\n')
  assert.equal(new URL(address).origin, hall.origin)
  const verdict = await hall.stranger().get(new URL(address).pathname)
  assert.equal(verdict.heading, '真伪认证')
  assert.ok(verdict.has('真实有效') && verdict.has(document.number), verdict.text)
})

test('an English certificate is drawn in English, with the purpose that the student chose', async t => {
  const hall = await startTestApp(t)
  const { document, pdf } = await issued(hall, { fields: { language: 'en', purpose: 'exchange' } })
  const { file } = await workshop(t)
  const text = (await printed('pdftotext', '-layout', await file('certificate.pdf', pdf), '-')).replace(/\s+/g, ' ')
  for (const words of ['Certificate of Enrolment', document.facts.name_en ?? '?', document.number, 'Minghu University', 'Purpose:']) assert.ok(text.includes(words), `${words}: ${text}`)
  assert.doesNotMatch(document.facts.purpose ?? '', /\p{Script=Han}/u, 'the purpose is printed in the language of the paper')
  assert.ok(text.includes(document.facts.purpose ?? '?'), text)
  assert.ok((await upload(hall.stranger(), pdf)).has('真实有效'))
})

import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'
import { asked, wordsOf } from './transcript.ts'

const FILE = `---
title: 校友身份证明
language: zh
family: certificate
facts: name, number, unit, gpa?
seal: page 1, left 140 mm, top 200 mm, size 40 mm
price: 0
sample: { "name": "张晓明", "number": "20230103127", "unit": "计算机学院" }
---
<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>校友身份证明</title>
<link rel="stylesheet" href="http://fonts.local/type.css">
<style>@page { size: A4; margin: 20mm } body { font: 14pt var(--song) }</style>
<h1>校友身份证明</h1>
<p><%= it.facts.name %>（<%= it.facts.number %>）就读于<%= it.facts.unit %>。</p>
<% if (it.preview) { %><p>预览</p><% } else { %><p>编号 <%= it.number %>，验证码 <%= it.code %></p><% } %>
`

test('an eleventh kind of paper is one more file: offered, previewed, drawn, sealed, verified, and in the console', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'hall-kinds-'))
  t.after(() => rmSync(folder, { recursive: true }))
  cpSync(join(import.meta.dirname, '../../src/catalogue/documents'), folder, { recursive: true })
  writeFileSync(join(folder, 'alumni-zh.eta'), FILE)
  const hall = await startTestApp(t, { documentFiles: folder })
  const { student, admin } = await cast(hall.app)
  const phone = await hall.phone(student.userid)

  const offered = await phone.get('/documents/new/certificates')
  assert.deepEqual(offered.root.querySelectorAll('.kind-title').map(title => title.text.trim()).toSorted(), ['中文在读证明', '中文在读证明（含GPA）', '校友身份证明', '英语在读证明', '英语在读证明（含GPA）'].toSorted())
  const preview = await phone.submit(offered, '/documents/requests', { kind: 'alumni-zh' })
  const picture = await phone.get(preview.root.querySelector('.preview img')?.getAttribute('src') ?? '')
  assert.equal(picture.headers.get('content-type'), 'image/jpeg')

  const id = await asked(hall, phone, 'alumni-zh', 'certificates')
  const row = await hall.app.database.db.selectFrom('documents_documents').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  assert.deepEqual([row.status, row.title], ['issued', '校友身份证明'])
  const words = await wordsOf(t, phone, id)
  assert.ok(words.includes(`${student.name}（${student.number}）就读于`) && words.includes(row.number), words)
  const verdict = await hall.stranger().get(`/verify/${row.code}`)
  assert.ok(verdict.has('校友身份证明') && verdict.has('真实有效'), verdict.text)

  const desk = await hall.phone(admin.userid)
  assert.ok((await desk.get('/admin/documents/templates')).has('校友身份证明'))
  const version = await desk.get('/admin/documents/templates/alumni-zh/1')
  assert.equal((await desk.get(version.root.querySelector('.preview img')?.getAttribute('src') ?? '')).headers.get('content-type'), 'image/jpeg')
  for (const page of ['/admin/documents/batches/new', '/admin/documents', '/admin/documents/statistics']) assert.ok((await desk.get(page)).has('校友身份证明'), page)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EICAR, startClamd } from '../support/clamd.ts'
import { openDesk, student, xlsxOf } from './import-desk.ts'
import { zipOf } from './zip.ts'

const CELL = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`

/** A roster whose columns are right, with EICAR among its parts. */
const INFECTED = zipOf(Object.entries({
  'xl/workbook.xml': '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
  'xl/worksheets/sheet1.xml': `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">${Object.keys(student(0)).map(CELL).join('')}</row><row r="2">${Object.values(student(0)).map(String).map(CELL).join('')}</row></sheetData></worksheet>`,
  'xl/media/picture.bin': EICAR,
}).map(([name, data]) => ({ name, data: Buffer.from(data) })))

test('a roster is looked at for viruses before a line of it is read', async t => {
  const clamd = await startClamd()
  t.after(() => clamd.stop())
  const desk = await openDesk(t, { env: { CLAMD_URL: clamd.url } })
  const { db } = desk.app.database

  await t.test('an infected one is refused in words, forgotten at once, and in the trail', async () => {
    const page = await desk.upload({ content: INFECTED })
    assert.ok(page.has('文件里查出病毒，没有读取，已经删除'), page.text)
    assert.deepEqual(await db.selectFrom('identity_import_parts').select('position').execute(), [])
    const trail = await db.selectFrom('events').select('data').where('name', '=', 'identity.roster-infected').execute()
    assert.deepEqual(trail.map(({ data }) => JSON.parse(data).virus), ['Eicar-Test-Signature.UNOFFICIAL'])
  })

  await t.test('while the scanner is away it waits, and is read once the scanner is back', async () => {
    await clamd.kill()
    const page = await desk.upload({ content: await xlsxOf([student(0)]) })
    assert.ok(page.has('正在逐行检查'), page.text)
    await clamd.restart()
    desk.clock.advance(61_000)
    await desk.drain()
    assert.ok((await desk.desk.get(page.path)).has('没有错误，还没有写入'))
  })
})

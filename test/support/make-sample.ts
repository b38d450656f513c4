/**
 * Makes the sample university 明湖大学 as a registrar would export it: `node test/support/make-sample.ts` writes
 * src/catalogue/sample/*.xlsx. Same code, same people. Nobody in it exists: the ID numbers use a division code (110199) that was
 * never given out, the phones a block of zeros, the mails a reserved domain.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cell, Row } from 'write-excel-file/node'
import writeXlsxFile from 'write-excel-file/node'
import { makeGrades } from './sample/grades.ts'
import { makeStaff, makeStudents } from './sample/people.ts'
import { random } from './sample/random.ts'
import { units } from './sample/units.ts'

const directory = join(import.meta.dirname, '../../src/catalogue/sample')

type Value = string | number | null
type Table = { title?: string; rows: Record<string, Value>[] }

export function makeSample(): Record<string, Table> {
  const chance = random(20260901)
  const staff = makeStaff(chance)
  const students = makeStudents(chance, staff)
  return {
    units: { rows: units.map(unit => ({
      部门编号: unit.code, 部门名称: unit.name, 英文名称: unit.english, 类型: unit.kind, 上级部门编号: null, 负责人工号: staff.find(person => person.heads === unit.code)?.row['工号'] ?? null,
      副职工号: staff.filter(person => person.deputy && person.unit === unit).map(person => person.row['工号']).join('、') || null,
    })) },
    staff: { title: '明湖大学在职教职工名单', rows: staff.map(person => person.row) },
    students: { title: '明湖大学在校学生名单（2026—2027学年第一学期）', rows: students.map(student => student.row) },
    grades: { rows: makeGrades(chance, students) },
  }
}

async function writeTable(name: string, { title, rows }: Table): Promise<void> {
  const heads = Object.keys(rows[0] ?? {})
  const body: Row[] = rows.map(row => heads.map(head => cellOf(row[head] ?? null)))
  const top: Row[] = title ? [[{ value: title, fontWeight: 'bold' }]] : []
  const sheet: Row[] = [...top, heads.map((head): Cell => ({ value: head, fontWeight: 'bold', backgroundColor: '#E8EEF7' })), ...body]
  const bytes = await writeXlsxFile(sheet, { sheet: title ? '名单' : 'Sheet1', columns: heads.map(head => ({ width: Math.max(8, head.length * 3) })) }).toBuffer()
  writeFileSync(join(directory, `${name}.xlsx`), withoutDates(bytes))
  console.log(`${name}.xlsx  ${rows.length} rows, ${Math.round(bytes.length / 1024)} KB`)
}

/** The archive says when each part was written; without that the same content is the same file. */
function withoutDates(bytes: Buffer): Buffer {
  const made = Buffer.from(bytes)
  const end = made.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  let at = made.readUInt32LE(end + 16)
  for (let left = made.readUInt16LE(end + 10); left > 0; left--) {
    made.writeUInt32LE(0x210000, at + 12) // 1980-01-01 00:00
    made.writeUInt32LE(0x210000, made.readUInt32LE(at + 42) + 10)
    at += 46 + made.readUInt16LE(at + 28) + made.readUInt16LE(at + 30) + made.readUInt16LE(at + 32)
  }
  return made
}

function cellOf(value: Value): Cell {
  if (value === null) return null
  const day = typeof value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null
  if (day) return { value: new Date(Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]))), type: Date, format: 'yyyy-mm-dd' }
  return { value }
}

if (import.meta.main) for (const [name, table] of Object.entries(makeSample())) await writeTable(name, table)

import type { Department, MemberSeed } from '../../../src/simulator/index.ts'

/** A university's address book: colleges with classes, every student in a class, thirty tutors a college. The same for the same number. */
export type Book = { units: { id: number; name: string; parent: number }[]; people: { number: string; name: string; unit: number; position: string | null; tutor: string | null }[] }

const COLLEGES = 20
const TUTORS = 30

export function bookOf(count: number): Book {
  const classes = Math.max(1, Math.round(count / COLLEGES / 50))
  const units: Book['units'] = []
  const people: Book['people'] = []
  for (let college = 0; college < COLLEGES; college++) {
    const id = 2 + college * (classes + 1)
    units.push({ id, name: `学院${college}`, parent: 1 })
    for (let each = 1; each <= classes; each++) units.push({ id: id + each, name: `${2021 + each % 4}级${each}班`, parent: id })
  }
  for (let at = 0; at < count; at++) {
    const college = at % COLLEGES
    const place = Math.floor(at / COLLEGES)
    const id = 2 + college * (classes + 1)
    const number = String(20_210_000_000 + at)
    if (place < TUTORS) people.push({ number, name: `教师${at}`, unit: id, position: '辅导员', tutor: null })
    else people.push({ number, name: `学生${at}`, unit: id + 1 + place % classes, position: null, tutor: String(20_210_000_000 + college + COLLEGES * (place % TUTORS)) })
  }
  return { units, people }
}

/** The same as WeCom has it. */
export function corpOf({ units, people }: Book): { departments: Department[]; members: MemberSeed[] } {
  return {
    departments: [{ id: 1, name: '明湖大学', parentid: 0 }, ...units.map(({ id, name, parent }) => ({ id, name, parentid: parent }))],
    members: people.map(({ number, name, unit, position, tutor }) => ({ userid: number, name, department: [unit], ...(position && { position }), direct_leader: tutor === null ? [] : [tutor] })),
  }
}

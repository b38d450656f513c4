import { common, type Course, groups } from './courses.ts'
import type { Student } from './people.ts'
import type { Chance } from './random.ts'

type Row = Record<string, string | number | null>

/** What the registrar's system exports: a row for each mark, retakes below the mark they repeat. */
export function makeGrades(chance: Chance, students: readonly Student[]): Row[] {
  return students.flatMap(student => coursesOf(student).filter(course => course.term <= student.terms)
    .flatMap(course => marksOf(chance, student, course)))
}

function coursesOf(student: Student): readonly Course[] {
  if (student.row['培养层次'] !== '本科') return groups['masters'] ?? []
  return [...common, ...(groups[student.major.courses] ?? [])].toSorted((a, b) => a.term - b.term)
}

function marksOf(chance: Chance, student: Student, course: Course): Row[] {
  const mark = Math.max(35, Math.min(99, Math.round(chance.around(student.ability, 8))))
  const first = rowOf(student, course, written(course, mark), '正常考试')
  if (mark >= 60) return [first]
  // Half pass the make-up examination, which counts 60 whatever was reached; the rest still owe the course.
  const again = chance.between(1, 2) === 1 ? written(course, 60) : written(course, mark + 5 > 59 ? 59 : mark + 5)
  return [first, rowOf(student, course, again, '补考')]
}

function written(course: Course, mark: number): string | number {
  if (course.scale === 'percent') return mark
  if (course.scale === 'two') return mark >= 60 ? '合格' : '不合格'
  return mark >= 90 ? '优秀' : mark >= 80 ? '良好' : mark >= 70 ? '中等' : mark >= 60 ? '及格' : '不及格'
}

function rowOf(student: Student, course: Course, mark: string | number, examination: string): Row {
  const year = student.entered + Math.floor((course.term - 1) / 2)
  return {
    学号: student.row['学号'] ?? null, 学年: `${year}-${year + 1}`, 学期: course.term % 2 === 1 ? '1' : '2', 课程代码: course.code, 课程名称: course.name,
    英文课程名称: course.english, 课程性质: course.nature, 学分: course.credit, 成绩: mark, 考试性质: examination,
  }
}

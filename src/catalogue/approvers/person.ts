import { defineApprover } from '../../features/approvals/define.ts'

/** `numbers`: 工号 of the people meant, as the author of a service knows them. */
export default defineApprover({
  name: 'person',
  label: '指定的人员',
  check({ numbers }) {
    return isNumbers(numbers) && numbers.length > 0 ? null : '没有写明人员的工号'
  },
  async find({ params, directory }) {
    if (!isNumbers(params.numbers)) return []
    const people = await Promise.all(params.numbers.map(number => directory.personByNumber(number)))
    return people.flatMap(person => person ? [person.id] : [])
  },
})

function isNumbers(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(one => typeof one === 'string')
}

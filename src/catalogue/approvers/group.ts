import { defineApprover } from '../../features/approvals/define.ts'

/** `group`: the word of a 工作组, whose members act in the order in which they joined. Who is in it is kept in the console. */
export default defineApprover({
  name: 'group',
  label: '工作组的成员',
  check: ({ group }) => typeof group === 'string' && group !== '' ? null : '没有写明工作组的代号',
  async lacks({ group }, directory) {
    const found = await directory.group(String(group))
    if (!found) return { phrase: '没有代号是“{group}”的工作组', params: { group: String(group) } }
    return found.people.length === 0 ? { phrase: '工作组“{group}”里没有在校的成员', params: { group: found.name } } : null
  },
  async find({ params: { group }, directory }) {
    const found = typeof group === 'string' ? await directory.group(group) : null
    return found ? found.people.map(id => ({ id, why: { phrase: '{group}成员', params: { group: found.name } } })) : []
  },
})

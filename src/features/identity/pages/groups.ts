import type { EventRow } from '../../../platform/events.ts'
import { can } from '../../../platform/rights.ts'
import type { T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { GroupUse } from '../deps.ts'
import { groupLabels } from '../events-groups.ts'
import type { GroupsTable } from '../group-tables.ts'
import { type GroupForm, LONGEST_NAME, LONGEST_PURPOSE } from '../rules/groups.ts'
import { standings } from '../rules/standing.ts'
import type { Person } from '../store/people.ts'

type Errors = Readonly<Record<string, string>>
type Listed = GroupsTable & { people: number; uses: readonly GroupUse[] }

export function groupsPage(t: T, groups: readonly Listed[]) {
  return {
    title: t('工作组'), lead: t('事项的流程可以请一个工作组办理。换人时改这里，不用改流程'), actions: [{ label: t('新建工作组'), href: '/admin/groups/new', kind: 'main', icon: 'plus' }],
    rows: groups.map(({ id, name, word, purpose, people, uses }) => ({ id, href: `/admin/groups/${id}`, cells: {
      name: { text: name, note: purpose }, word, people, uses: [...new Set(uses.map(use => t(use.title)))].join(t('、')) || t('没有事项在用'),
    } })),
  }
}

export const EMPTY_GROUP: GroupForm = { word: '', name: '', purpose: '' }

export function newGroupPage(t: T, form: GroupForm, errors: Errors) {
  return { title: t('新建工作组'), back: { label: t('工作组'), href: '/admin/groups' }, action: '/admin/groups', errors, fields: [
    nameField(t, form, errors),
    { name: 'word', label: t('代号'), required: true, value: form.word, error: errors['word'], maxlength: LONGEST_NAME, placeholder: 'website-board', autocomplete: 'off', help: t('流程里用它来指明工作组，建好以后不能改。小写英文字母、数字和连字符') },
    purposeField(t, form, errors),
  ] }
}

const nameField = (t: T, { name }: Pick<GroupForm, 'name'>, errors: Errors) => ({ name: 'name', label: t('名称'), required: true, value: name, error: errors['name'], maxlength: LONGEST_NAME, help: t('办理人和申请人会看到，例如“网站建设小组”') })
const purposeField = (t: T, { purpose }: Pick<GroupForm, 'purpose'>, errors: Errors) => ({ name: 'purpose', label: t('用途'), type: 'textarea', rows: 2, value: purpose, error: errors['purpose'], maxlength: LONGEST_PURPOSE })

type One = {
  t: T
  reader: SignedIn
  group: GroupsTable
  members: readonly Person[]
  uses: readonly GroupUse[]
  events: readonly EventRow[]
  /** names by number, of who is in the events */
  names: ReadonlyMap<string, string>
  /** what was looked for, who was found, and whether there are more */
  q: string
  found: readonly Person[]
  more: boolean
  form: Pick<GroupForm, 'name' | 'purpose'>
  errors: Errors
}

export function groupPage({ t, reader, group, members, uses, events, names, q, found, more, form, errors }: One) {
  const path = `/admin/groups/${group.id}`
  const inside = new Set(members.map(member => member.id))
  return {
    title: group.name, lead: group.purpose || undefined, back: { label: t('工作组'), href: '/admin/groups' }, path, q, errors, word: group.word,
    actions: [{ label: t('删除工作组'), href: `${path}/removal`, kind: 'danger' }],
    problem: errors['problem'], members: members.map((member, index) => memberRow(t, member, index)),
    search: { action: path, value: q, label: t('姓名、拼音、首字母或学工号'), target: 'found', shortcut: false },
    choices: { name: 'person', label: t('找到的人'), type: 'checkbox', error: errors['person'], options: found.map(person => ({ value: person.id, text: person.name, help: inside.has(person.id) ? t('{who}，已经在工作组里', { who: wordsOf(person) }) : wordsOf(person), disabled: inside.has(person.id) })) },
    none: q !== '' && found.length === 0, more,
    form: { fields: [nameField(t, form, errors), purposeField(t, form, errors)] },
    uses: uses.map(use => ({ title: t(use.title), note: [use.steps.map(step => t(step)).join(t('、')), ...use.in === 'older' ? [t('以前的版本，还有 {n} 份申请在办理', { n: use.running })] : []].join(' · '), tag: use.in === 'draft' ? { text: t('草稿'), meaning: 'grey' } : undefined, href: can(reader, 'services.manage') ? `/admin/services/${use.service_key}` : undefined })),
    events: events.toReversed().map(({ name, data, at, actor_number }) => ({ title: t(groupLabels[name]?.text ?? name, { name: String(data['name'] ?? ''), number: nameOf(names, data['number']) }), note: nameOf(names, actor_number) || t('系统'), time: at })),
  }
}

function memberRow(t: T, person: Person, index: number) {
  const { label, current } = standings[person.standing]
  return { id: person.id, place: index + 1, name: person.name, note: wordsOf(person), tag: current ? undefined : { text: t(label), meaning: 'grey' } }
}

function wordsOf({ number, unit_name, title }: Person): string {
  return [number, unit_name, title].filter(Boolean).join(' · ')
}

function nameOf(names: ReadonlyMap<string, string>, number: unknown): string {
  return typeof number === 'string' ? names.get(number) ?? number : ''
}

/** Asks before a group is removed; of one that is in use it says where, and there is nothing to press. */
export function removalPage(t: T, { id, name }: GroupsTable, people: number, uses: readonly GroupUse[]) {
  const path = `/admin/groups/${id}`
  const title = t('删除工作组')
  const places = uses.map(use => `${t(use.title)}：${use.steps.map(step => t(step)).join(t('、'))}`)
  return {
    title, heading: false, used: places.length > 0 ? { sentence: t('“{name}”还有事项在用，不能删除。请先修改这些事项的流程，并等在办的申请办完', { name }), places, back: path } : null,
    confirm: { title, sentence: t('删除“{name}”？', { name }), effects: [t('里面的 {n} 个人不再是工作组成员，已经分派的待办不受影响', { n: people })], danger: true, action: `${path}/removal`, label: t('删除'), back: path },
  }
}

import type { Db } from '../../platform/db.ts'
import { eventsOf } from '../../platform/events.ts'
import type { Feature } from '../../platform/feature.ts'
import type { PersonalKind } from '../../platform/personal.ts'
import type { T } from '../../platform/text.ts'
import { personalShown } from './events.ts'
import { titles } from './notices.ts'
import { consentsOf } from './store.ts'

/** Everything that the features keep about a person, in the order in which they depend on each other. */
export async function dataOf(db: Db, features: readonly Pick<Feature, 'personal'>[], person_id: string): Promise<PersonalKind[]> {
  const kinds: PersonalKind[] = []
  for (const { personal } of features) if (personal) kinds.push(...await personal(db, person_id))
  return kinds.filter(kind => kind.entries.length > 0)
}

/** What is kept here: consents, and who looked at a whole number. */
export async function ownData(db: Db, person_id: string): Promise<PersonalKind[]> {
  const looks = (await eventsOf(db, person_id)).filter(({ name }) => name === personalShown.name).toReversed()
  return [
    {
      label: '我的同意', purpose: '证明学校问过你', source: '你同意的时候', term: '和相关信息一样，撤回的也保留记录',
      entries: (await consentsOf(db, person_id)).map(each => ({ title: titles.get(each.name)?.title ?? each.name, at: each.agreed_at, facts: [{ label: '只这一次', value: each.about }, { label: '撤回时间', value: each.withdrawn_at, at: true }, { label: '内容的编号', value: each.hash.slice(0, 12) }] })),
    },
    {
      label: '谁看过完整的号码或邮箱', purpose: '让你知道', source: '有权限的老师查看的时候', term: '不少于六个月',
      entries: looks.map(({ at, actor_number, data }) => ({ title: String(data['what'] ?? ''), at, facts: [{ label: '查看的人', value: actor_number }, { label: '原因', value: String(data['reason'] ?? '') }] })),
    },
  ]
}

/** The person's own copy: nothing masked, times as ISO texts, words in the reader's language. */
export function copyOf(t: T, { name, number }: { name: string; number: string }, kinds: readonly PersonalKind[], now: number): string {
  const when = (at: number) => new Date(at).toISOString()
  return JSON.stringify({
    [t('姓名')]: name, [t('学工号')]: number, [t('导出时间')]: when(now),
    [t('内容')]: kinds.map(kind => ({
      [t('种类')]: t(kind.label), [t('用途')]: t(kind.purpose), [t('来源')]: t(kind.source), [t('保存多久')]: t(kind.term),
      [t('记录')]: kind.entries.map(({ title, at, facts }) => ({
        [t('名称')]: t(title), ...(at !== undefined && { [t('时间')]: when(at) }),
        ...Object.fromEntries(facts.filter(({ value }) => value !== null && value !== '').map(fact => [t(fact.label), fact.at && typeof fact.value === 'number' ? when(fact.value) : fact.whole ?? (typeof fact.value === 'string' ? t(fact.value) : fact.value)])),
      })),
    })),
  }, null, 2)
}

import type { Db } from '../../../platform/db.ts'
import type { PersonalKind } from '../../../platform/personal.ts'
import { CORRECTION_TAGS } from '../corrections/pages.ts'
import { correctionsOfPerson } from '../corrections/store.ts'
import { holdsOf } from '../holds/store.ts'
import type { HoldType } from '../holds/types.ts'
import type { Identity } from '../index.ts'
import type { Template } from '../templates.ts'
import { STATUS_WORDS } from './words.ts'
import { requestsOfPerson } from './store.ts'

type Deps = { identity: Pick<Identity, 'numbersOf'>; templates: ReadonlyMap<string, Template>; holdTypes: ReadonlyMap<string, HoldType> }

const MOST = 500

/** What a person asked for, reported, and what holds their papers, for 我的信息. */
export async function requestedData(db: Db, { identity, templates, holdTypes }: Deps, person_id: string): Promise<PersonalKind[]> {
  const numbers = (await identity.numbersOf(db, person_id)).map(({ number }) => number)
  const titleOf = (kind: string) => templates.get(kind)?.title ?? kind
  return [
    {
      label: '文件申请', purpose: '按你的选择开具和寄送文件', source: '你的申请', term: '按学校的档案规定',
      entries: (await requestsOfPerson(db, person_id, MOST)).map(row => ({ title: titleOf(row.kind), at: row.created_at, facts: [{ label: '学号', value: row.person_number }, { label: '状态', value: STATUS_WORDS[row.status] }, { label: '寄往邮箱', value: row.mail_to }, { label: '收件的单位或人', value: row.recipient }] })),
    },
    {
      label: '报告的错误', purpose: '请教务核对', source: '你的报告', term: '按学校的档案规定',
      entries: (await correctionsOfPerson(db, person_id, numbers)).map(row => ({ title: row.printed, at: row.created_at, facts: [{ label: '本人说', value: row.said }, { label: '状态', value: CORRECTION_TAGS[row.status].text }, { label: '答复', value: row.answer }] })),
    },
    {
      label: '开具限制', purpose: '有未了的事时暂停开具文件', source: '财务、图书等部门', term: '按学校的档案规定',
      entries: (await holdsOf(db, numbers)).map(row => ({ title: holdTypes.get(row.type)?.label ?? row.type, at: row.created_at, facts: [{ label: '学号', value: row.number }, { label: '原因', value: row.reason }, { label: '解除时间', value: row.ended_at, at: true }] })),
    },
  ]
}

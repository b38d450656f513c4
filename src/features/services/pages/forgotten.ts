import { can } from '../../../platform/rights.ts'
import type { T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import { STATUS_TAGS } from '../rules/standing.ts'
import type { Application } from '../store/applications.ts'
import { backTo } from './application.ts'

/** All that is left of an application whose content was deleted. */
export function forgottenPage(t: T, { title, number, status, submitted_at, ended_at, forgotten_at, person_id }: Application, viewer: SignedIn) {
  const { text, meaning } = STATUS_TAGS[status]
  return {
    title: t(title), tag: { text: t(text), meaning }, back: backTo(t, { own: person_id === viewer.person_id, reads: can(viewer, 'applications.read') }),
    rows: [
      { label: t('申请编号'), value: number }, { label: t('提交时间'), time: submitted_at }, { label: t('办结时间'), time: ended_at }, { label: t('内容删除时间'), time: forgotten_at },
    ],
  }
}

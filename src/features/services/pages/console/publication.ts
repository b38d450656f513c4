import type { T } from '../../../../platform/text.ts'
import type { ServiceCheck } from '../../check.ts'
import type { Edition } from '../../editions.ts'
import type { UnderWay } from '../../store/versions.ts'
import { faultLines, findingLine } from '../faults.ts'

type Asked = { check: ServiceCheck; agreed: readonly string[]; note: string; refused?: boolean; offered: boolean; underWay: readonly UnderWay[] }

/** Whether an edition may be published: what is wrong, what must be accepted knowingly, and what follows. */
export function publicationPage(t: T, { service: { form, hash }, version_id }: Edition, { check, agreed, note, refused = false, offered, underWay }: Asked) {
  const line = ({ place, text }: { place: string; text: string }) => place ? t('{place}：{text}', { place, text }) : text
  const errors = [...faultLines(t, check.faults), ...check.errors.map(finding => findingLine(t, form, finding))].map(line)
  const doubts = check.doubts.map(doubt => ({ id: doubt.id, text: line(findingLine(t, form, doubt)), checked: agreed.includes(doubt.id) }))
  const others = underWay.filter(one => one.version_id !== version_id).reduce((sum, one) => sum + one.number, 0)
  return {
    errors, doubts, note, hash, error: refused && errors.length === 0 ? t('请逐条确认要注意的地方') : undefined,
    effects: [
      t('发布后，新的申请和没有提交的草稿用这一版'),
      others > 0 ? t('正在办理的 {n} 份申请用原来的版本办完', { n: others }) : t('没有正在办理的申请'),
      ...offered ? [] : [t('这项事项已暂停办理，发布后仍然暂停，需要另外恢复')],
    ],
  }
}

import type { T } from '../../../platform/text.ts'
import { AUDIENCES, type Period, type Stage, stageOf } from '../rules/showing.ts'

const STAGES: Record<Stage, { text: string; meaning: 'green' | 'amber' | 'grey' }> = {
  coming: { text: '未开始', meaning: 'amber' }, shown: { text: '显示中', meaning: 'green' }, over: { text: '已结束', meaning: 'grey' },
}

export function stageTag(t: T, period: Pick<Period, 'starts_at' | 'ends_at'>, now: number) {
  const { text, meaning } = STAGES[stageOf(period, now)]
  return { text: t(text), meaning }
}

/** Whom something is for, from when, until when. */
export function periodFields(t: T, typed: { audience: string; starts: string; ends: string }, errors: Record<string, string>) {
  return [
    { name: 'audience', label: t('对谁显示'), type: 'radio', value: typed.audience, error: errors['audience'], options: Object.entries(AUDIENCES).map(([value, text]) => ({ value, text: t(text) })) },
    { name: 'starts', label: t('开始显示'), type: 'datetime-local', value: typed.starts, error: errors['starts'], help: t('不填就马上开始') },
    { name: 'ends', label: t('结束显示'), type: 'datetime-local', value: typed.ends, error: errors['ends'], help: t('不填就一直显示') },
  ]
}

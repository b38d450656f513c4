import { eachIn, type T } from '../../../platform/text.ts'
import type { EventRow } from '../../../platform/events.ts'
import { isPlace, placeLabels } from '../rules/place.ts'
import { isWay, wayLabels } from '../rules/standing.ts'
import type { listSessions } from '../store/sessions.ts'

/** 已登录的设备: each with how, from where and when, and an end; under which number, where it is not the present one (`number`). */
export function devicesPage(t: T, { sessions, current, number }: { sessions: Awaited<ReturnType<typeof listSessions>>; current: string; number: string }) {
  const shown = sessions.map(session => ({
    id: session.id, current: session.id === current, device: eachIn(t, session.device ?? '未知设备'), seen_at: session.seen_at, began_at: session.created_at,
    note: [session.way && t(wayLabels[session.way]), session.place && t(placeLabels[session.place]), session.number !== number && session.number].filter(Boolean).join(' · '),
  }))
  return { title: t('已登录的设备'), sessions: shown.toSorted((a, b) => Number(b.current) - Number(a.current)), others: shown.length > 1 }
}

const OUTCOMES: Readonly<Record<string, { title: string; tag: { text: string; meaning: 'green' | 'amber' | 'red' } }>> = {
  'identity.signed-in': { title: '登录成功', tag: { text: '成功', meaning: 'green' } },
  'identity.sign-in-failed': { title: '登录失败', tag: { text: '密码不对', meaning: 'amber' } },
  'identity.account-locked': { title: '登录失败', tag: { text: '账号锁定', meaning: 'red' } },
}

/** The events that are sign-ins, by name. */
export const signInEvents: readonly string[] = Object.keys(OUTCOMES)

/** 登录记录, newest first. */
export function historyPage(t: T, { events, next, number }: { events: readonly EventRow[]; next: string | null; number: string }) {
  return {
    title: t('登录记录'), next: next === null ? undefined : `?before=${next}`,
    items: events.flatMap(({ name, data, at }) => {
      const outcome = OUTCOMES[name]
      if (!outcome) return []
      const [way, place] = [String(data['way'] ?? ''), String(data['place'] ?? '')]
      const device = eachIn(t, String(data['device'] ?? ''))
      const how = isWay(way) && t(wayLabels[way])
      const note = [device, how && !device.endsWith(how) && how, isPlace(place) && t(placeLabels[place]), data['number'] !== number && data['number']].filter(Boolean).join(' · ')
      return [{ title: t(outcome.title), note, time: at, tag: { ...outcome.tag, text: t(outcome.tag.text) } }]
    }),
  }
}

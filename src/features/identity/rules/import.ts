import { defineMachine } from '../../../platform/machine.ts'
import { rosterBegun, rosterDropped, rosterEnded, rosterImported, rosterResumed, rosterStopped } from '../events-roster.ts'
import type { Standing } from '../tables.ts'

/** An uploaded roster: read, looked at, then written slice by slice, or dropped. */
export const importMachine = defineMachine({
  name: 'identity.import',
  table: 'identity_imports',
  edges: {
    check: { from: ['reading'], to: 'checked' },
    refuse: { from: ['reading'], to: 'refused' },
    reread: { from: ['checked', 'refused'], to: 'reading' },
    apply: { from: ['checked'], to: 'applying', emits: rosterBegun },
    stop: { from: ['applying'], to: 'stopped', emits: rosterStopped },
    resume: { from: ['stopped'], to: 'applying', emits: rosterResumed },
    finish: { from: ['applying'], to: 'done', emits: rosterImported },
    end: { from: ['stopped'], to: 'done', emits: rosterEnded },
    drop: { from: ['reading', 'checked', 'refused'], to: 'dropped', emits: rosterDropped },
  },
  sentences: {
    reading: '这份名单还在检查，请等它检查完', refused: '这份名单读不出来，请改好再上传', applying: '这份名单正在导入', stopped: '这份名单的导入已经停止',
    done: '这份名单已经导入过了', dropped: '这份名单已经放弃了，请重新上传',
  },
})

/** What somebody who is no longer in a roster may have become. */
export function marksFor(kind: 'staff' | 'students'): readonly Standing[] {
  return kind === 'staff' ? ['left'] : ['graduated', 'withdrawn']
}

/** Milliseconds that the rest will take, at the pace so far; null where there is no telling yet. */
export function restTime({ done, total, since, at }: { done: number; total: number; since: number; at: number }): number | null {
  const spent = at - since
  return done > 0 && spent > 0 ? (total - done) / done * spent : null
}

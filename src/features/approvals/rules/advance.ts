import type { Flow } from '../schema.ts'
import { applyAct, applyOwn } from './apply/acts.ts'
import { applyAnswer } from './apply/answers.ts'
import { applyHappening, applyIntervention } from './apply/others.ts'
import type { Entry } from './history.ts'
import { beginRun, closeLive, endRun, must, type Run } from './run.ts'
import type { State } from './state.ts'
import { openAsk, walk } from './walk.ts'

/**
 * What a history amounts to. Pure: the same flow and history always give the same state. `flow`: the one it is on at the end. `from`: what
 * the entries before these amounted to; going on from there is the same as beginning anew, and shorter.
 * While `ask` is set, nothing but its answer may follow: the caller asks the world, appends the answer and advances again.
 * An entry that cannot follow (a decision on a closed task, or by another person) is a bug of the caller and throws.
 */
export function advance(flow: Flow, history: readonly Entry[], from?: State): State {
  const flows = [...history.flatMap(entry => entry.kind === 'moved' ? [entry.from] : []), flow]
  const run = beginRun(flows.shift() ?? flow, from)
  const { state } = run
  history.forEach((entry, index) => {
    must((entry.kind === 'started') === (index === 0 && !from), 'an instance starts once')
    run.ending = null
    if (entry.kind === 'moved') run.next = flows.shift() ?? flow
    apply(run, entry)
    if (state.status === 'running') goOn(run, entry.at)
    state.ask = state.status === 'running' ? openAsk(run) : null
  })
  return state
}

function apply(run: Run, entry: Entry): void {
  switch (entry.kind) {
    case 'assigned': case 'skipped': case 'refused': case 'handed': case 'chose': case 'copied': case 'filled': case 'timed': return applyAnswer(run, entry)
  }
  must(!run.state.ask, 'an ask is answered first')
  switch (entry.kind) {
    case 'reassigned': case 'jumped': case 'ended': case 'suspended': case 'resumed': case 'moved': return applyIntervention(run, entry)
    case 'elapsed': case 'called': case 'reminded': case 'overdue': return applyHappening(run, entry)
    case 'started': case 'resubmitted': case 'withdrawn': case 'revoked': case 'urged': case 'sent-copy': case 'signer-removed': return applyOwn(run, entry)
    default: return applyAct(run, entry)
  }
}

/** At the end whatever nobody waited for ends too. */
function goOn(run: Run, at: number): void {
  const outcome = walk(run, at)
  if (outcome === 'waiting') return
  const as = outcome === 'passed' ? 'finish' : 'reject'
  closeLive(run.state, (outcome === 'rejected' ? run.ending : null) ?? { at, by: null, by_name: null, as })
  endRun(run.state, outcome === 'passed' ? 'approved' : 'rejected', at)
}

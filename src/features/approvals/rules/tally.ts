import type { Group, Seat, State } from './state.ts'

export type Verdict = 'passed' | 'failed' | 'pending'

/** The seats and groups of one node. */
export type Room = { seats: readonly Seat[]; groups: readonly Group[] }

export function roomOf({ seats, groups }: State, node: number): Room {
  return { seats: seats.filter(seat => seat.node === node), groups: groups.filter(group => group.node === node) }
}

/** What the says given so far amount to. A further way of counting is a further case. */
export function verdictOf(room: Room, group: Group): Verdict {
  const seats = seatsOf(room, group)
  const verdicts = seats.map(seat => seatVerdict(room, seat))
  if (group.place === 'delegate') return seats.every(seat => seat.verdict !== null) ? 'passed' : 'pending'
  switch (group.mode) {
    case 'vote': return voteOf(seats, verdicts, group.over)
    case 'pool': return verdicts[seats.findIndex(seat => seat.number === group.claimed)] ?? 'pending'
    case 'any': return verdicts.includes('failed') ? 'failed' : verdicts.length === 0 || verdicts.includes('passed') ? 'passed' : 'pending'
    default: return verdicts.includes('failed') ? 'failed' : verdicts.every(verdict => verdict === 'passed') ? 'passed' : 'pending'
  }
}

/** Passed by more than the share; failed as soon as what is left can no longer make it. */
function voteOf(seats: readonly Seat[], verdicts: readonly Verdict[], over: number): Verdict {
  const weight = (wanted: (verdict: Verdict | undefined) => boolean) => seats.reduce((sum, seat, index) => wanted(verdicts[index]) ? sum + (seat.weight ?? 1) : sum, 0)
  const needed = weight(() => true) * over / 100
  if (weight(verdict => verdict === 'passed') > needed) return 'passed'
  return weight(verdict => verdict !== 'failed') > needed ? 'pending' : 'failed'
}

/** A seat's own say together with those it called in. */
export function seatVerdict(room: Room, seat: Seat): Verdict {
  const sides = sidesOf(room, seat).map(group => verdictOf(room, group))
  if (seat.verdict === 'reject' || sides.includes('failed')) return 'failed'
  return seat.verdict === 'approve' && sides.every(side => side === 'passed') ? 'passed' : 'pending'
}

/** Whose turn it is in a group that is not settled: these seats, and no others, should hold a task now. */
export function turnsOf(room: Room, group: Group): Seat[] {
  const pending = seatsOf(room, group).filter(seat => seatVerdict(room, seat) === 'pending')
  const called = group.claimed === null ? pending : pending.filter(seat => seat.number === group.claimed)
  return (group.mode === 'in-turn' ? called.slice(0, 1) : called).flatMap(seat => turnsOfSeat(room, seat))
}

/** Those called in before (and a delegate) come first, those after come last; whom a holder asks is asked at once. */
function turnsOfSeat(room: Room, seat: Seat): Seat[] {
  const sides = sidesOf(room, seat).filter(group => verdictOf(room, group) === 'pending')
  const first = sides.filter(group => group.place === 'before' || group.place === 'delegate')
  const asked = seat.verdict === null ? askedBy(room, seat) : []
  if (first.length > 0) return [...asked, ...first.flatMap(group => turnsOf(room, group))]
  const own = seat.verdict === null ? [seat, ...asked] : []
  const beside = sides.filter(group => group.place === 'beside' || (group.place === 'after' && seat.verdict !== null))
  return [...own, ...beside.flatMap(group => turnsOf(room, group))]
}

function askedBy(room: Room, seat: Seat): Seat[] {
  return room.groups.filter(group => group.seat === seat.number && group.place === 'consult')
    .flatMap(group => seatsOf(room, group).filter(asked => asked.verdict === null))
}

/** Those that count with the seat's own say. */
function sidesOf({ groups }: Room, seat: Seat): Group[] {
  return groups.filter(group => group.seat === seat.number && group.place !== 'consult')
}

function seatsOf({ seats }: Room, group: Group): Seat[] {
  return seats.filter(seat => seat.group === group.number && !seat.gone)
}

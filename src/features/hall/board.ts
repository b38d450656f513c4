import type { Clock } from '../../platform/clock.ts'
import type { Db } from '../../platform/db.ts'
import { type Notice, noticesFor, synonymsByService } from './store/board.ts'
import { listSlides, type Slide } from './store/slides.ts'

/** What all readers share: kept in memory, so that the first page asks for none of it. */
export type Board = { readonly slides: readonly Slide[]; readonly notices: readonly Notice[]; readonly synonyms: ReadonlyMap<string, readonly string[]> }

/** Only so many announcements are kept: as old ones end, those behind them move up. */
const RENEWED = 10 * 60_000

/** Answers with the board as it is at this revision or later; read again when the revision has risen. */
export function createBoard({ clock }: { clock: Clock }): (db: Db, revision: number) => Promise<Board> | Board {
  let kept: { revision: number; until: number; board: Board } | undefined
  return (db, revision) => {
    const now = clock.now()
    return kept && kept.revision >= revision && now < kept.until ? kept.board : read(db, revision, now)
  }

  async function read(db: Db, revision: number, now: number): Promise<Board> {
    const board = { slides: await listSlides(db, { now }), notices: await noticesFor(db, now), synonyms: await synonymsByService(db) }
    // A slower reading of an earlier revision does not replace a later one.
    if (!kept || kept.revision <= revision) kept = { revision, until: now + RENEWED, board }
    return board
  }
}

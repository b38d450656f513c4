import { schoolTime } from '../../../platform/dates.ts'
import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events.ts'
import type { Running } from '../../../platform/jobs.ts'
import type { Identity, Messages } from '../index.ts'
import type { DocumentRow } from '../tables.ts'
import { documentArchived, documentRaised, sealEnding } from './events.ts'
import { daysLeft, thresholdOf } from './rules.ts'
import { keepRevisions, keepTold, replaceFile, type Revision, wasTold } from './store.ts'

type Deps = { identity: Pick<Identity, 'admins'>; messages: Pick<Messages, 'tell'> }

type Raised = Pick<DocumentRow, 'id' | 'sha256' | 'level' | 'application_id'>

async function replace(tx: Tx, running: Running, document: Raised, file: Parameters<typeof replaceFile>[2], earlier: readonly Revision[]): Promise<void> {
  await running.hold(tx)
  if (!await replaceFile(tx, document, file)) throw new AppError('conflict', '文件已经不是原来的那一份')
  const before = document.sha256 && document.level ? [{ sha256: document.sha256, level: document.level }] : []
  await keepRevisions(tx, document.id, [...before, ...earlier])
}

export function sealingVerbs({ identity, messages }: Deps) {
  return {
    /** The raised file is in the store: from now on it is the document, and who has an earlier one still has it. */
    async raise(tx: Tx, running: Running, document: Raised, { sha256, level, earlier }: Revision & { earlier: readonly Revision[] }): Promise<void> {
      await replace(tx, running, document, { sha256, level }, earlier)
      await emit(tx, documentRaised, { document_id: document.id, level, ...document.level && { from: document.level } }, { subject: document.application_id ?? document.id, actor: null })
    },

    /** The same for a file that was stamped as a whole; `until`: how long that stamp holds, epoch ms. */
    async archive(tx: Tx, running: Running, document: Raised, { sha256, level, earlier, until }: Revision & { earlier: readonly Revision[]; until: number }): Promise<void> {
      await replace(tx, running, document, { sha256, level, archived_until: until }, earlier)
      await emit(tx, documentArchived, { document_id: document.id, level, from: document.level ?? level, until: schoolTime(until).date }, { subject: document.application_id ?? document.id, actor: null })
    },

    /** Tells the administrators that the seal's certificate ends, once for each number of days ahead. */
    async warnOfEnd(tx: Tx, { fingerprint, subject, notAfter }: { fingerprint: string; subject: string; notAfter: number }): Promise<void> {
      const days = daysLeft(notAfter, tx.bus.clock.now())
      const threshold = thresholdOf(days)
      if (threshold === undefined || await wasTold(tx, fingerprint, threshold)) return
      await keepTold(tx, fingerprint, threshold)
      await emit(tx, sealEnding, { fingerprint, days: Math.max(days, 0) }, { subject: fingerprint.slice(0, 26), actor: null })
      const { date, time } = schoolTime(notAfter)
      for (const to of await identity.admins(tx)) {
        await messages.tell(tx, {
          to, kind: 'documents.seal-ending', title: endingTitle(days), subject: fingerprint.slice(0, 26), url: '/admin',
          lines: [{ label: '证书', value: subject }, { label: '到期', value: `${date} ${time}` }],
          text: '请向签发机构申请新证书，换上并重启。旧证书放进 SEAL_ROOTS，已签章的文件继续有效。到期以后证明文件停止签章',
        })
      }
    },
  }
}

function endingTitle(days: number): string {
  if (days < 0) return '电子签章的证书已经过期'
  return days === 0 ? '电子签章的证书今天到期' : `电子签章的证书还有 ${days} 天到期`
}

export type SealingVerbs = ReturnType<typeof sealingVerbs>

import type { Sources } from '../../../integrations/sources/index.ts'
import { defineReaction } from '../../../platform/events.ts'
import { documentImpossible, documentIssued, documentReserved, documentRevoked } from '../events.ts'
import { type BatchDeps, batchWork } from './jobs.ts'
import { batchRoutes } from './routes.ts'
import { batchMachine } from './rules.ts'
import { followDocument } from './store.ts'
import { batchVerbs } from './verbs.ts'

/** Bulk issue, in one piece. */
export function createBatches(deps: Omit<BatchDeps, 'batches'> & { sources: Sources }) {
  const batches = batchVerbs(deps.templates)
  return {
    verbs: batches,
    routes: batchRoutes({ ...deps, batches }),
    jobs: batchWork({ ...deps, batches }),
    machine: batchMachine,
    reactions: [
      defineReaction(documentReserved, (tx, { document_id }) => followDocument(tx, document_id, 'drawing')),
      defineReaction(documentIssued, (tx, { document_id }) => followDocument(tx, document_id, 'issued')),
      defineReaction(documentImpossible, (tx, { document_id }) => followDocument(tx, document_id, 'failed')),
      defineReaction(documentRevoked, (tx, { document_id }) => followDocument(tx, document_id, 'revoked')),
    ],
  }
}

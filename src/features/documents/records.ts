import { schoolTime } from '../../platform/dates.ts'
import { type Db, isDuplicate, type Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { type Actor, emit } from '../../platform/events.ts'
import { move } from '../../platform/machine.ts'
import type { ApplicationRecord, ApplicationView } from '../services/index.ts'
import { documentReserved } from './events.ts'
import type { Identity, Messages, Services } from './index.ts'
import { revokeMessage } from './notices.ts'
import { documentMachine } from './rules.ts'
import { findRecord, insertDocument, newDocument, recordsOf } from './store.ts'
import type { DocumentRow } from './tables.ts'
import type { Facts, Template } from './templates.ts'

type Deps = { identity: Pick<Identity, 'factsOf'>; services: Services; messages: Pick<Messages, 'tell'>; keptTemplate(tx: Tx, kind: string): Promise<Template> }

/** What of an application goes on its 办结单. */
export type With = { history: boolean; files: boolean }

const KIND = 'record'

/** The name of a record: what it tells of, how that stood, and what of it. */
export function recordKey({ id, status }: { id: string; status: string }, { history, files }: With): string {
  return [id, status, ...history ? ['history'] : [], ...files ? ['files'] : []].join(':')
}

/** 办结单: a paper about an application that has ended. Each takes the open transaction first. */
export function recordVerbs({ identity, services, messages, keptTemplate }: Deps) {
  async function factsOf(db: Db, application: ApplicationView, wanted: With): Promise<Facts> {
    const { unit = '' } = await identity.factsOf(db, application.person_id, application.person_number)
    return { ...headFacts(application), unit, ...bodyFacts(await services.recordOf(db, application.id), wanted) }
  }

  return {
    /** The record there is, or a new one that is drawn by job. Throws `conflict` where another is being made this moment. */
    async reserve(tx: Tx, actor: Actor, application: ApplicationView, wanted: With): Promise<string> {
      const record_key = recordKey(application, wanted)
      const known = await findRecord(tx, record_key)
      if (known) return known.id
      const template = await keptTemplate(tx, KIND)
      const { person_id, person_number } = application
      const document = await newDocument(tx, template, { person_id, person_number, record_of: application.id, record_key, facts: await factsOf(tx, application, wanted) })
      await insertDocument(tx, document).catch((error: unknown) => {
        throw isDuplicate(error) ? new AppError('conflict', '这份办结单正在生成，请稍后再看') : error
      })
      await emit(tx, documentReserved, { document_id: document.id }, { subject: document.id, actor })
      return document.id
    },

    /** The facts as they are now, of the same parts. */
    async factsAgain(tx: Tx, { record_of, record_key }: DocumentRow): Promise<Facts> {
      const parts = record_key?.split(':') ?? []
      return factsOf(tx, await services.applicationById(tx, record_of ?? ''), { history: parts.includes('history'), files: parts.includes('files') })
    },

    /** What was approved is not any more: the papers that say so are void from now on. */
    async voidAll(tx: Tx, application_id: string): Promise<void> {
      const reason = '申请人已经撤销这份申请'
      for (const document of await recordsOf(tx, application_id)) {
        if (document.status === 'revoked') continue
        await move(tx, documentMachine, document, 'lapse', { actor: null, set: { reason, record_key: null, ended_at: tx.bus.clock.now() }, data: { document_id: document.id } })
        if (document.status === 'issued') await messages.tell(tx, revokeMessage(document, reason))
      }
    },
  }
}

function headFacts({ number, title, person_name, person_number, submitted_at, ended_at }: ApplicationView): Facts {
  return {
    name: person_name, number: person_number, service: title, application_number: number ?? '',
    submitted_at: timeText(submitted_at), ended_at: timeText(ended_at),
  }
}

/** Lists go as JSON: a fact is a text. */
function bodyFacts({ outcome, answers, files, history }: ApplicationRecord, wanted: With): Facts {
  return {
    outcome, answers: JSON.stringify(answers),
    ...wanted.files && { files: JSON.stringify(files) },
    ...wanted.history && { history: JSON.stringify(history.map(line => ({ ...line, at: timeText(line.at) }))) },
  }
}

function timeText(at: number | null): string {
  return at === null ? '' : Object.values(schoolTime(at)).join(' ')
}

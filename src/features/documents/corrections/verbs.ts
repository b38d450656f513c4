import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { move } from '../../../platform/machine.ts'
import type { Owner } from '../content.ts'
import type { Identity, Messages } from '../index.ts'
import { registrarsFor } from '../registrars.ts'
import type { Template } from '../templates.ts'
import { correctionReported } from './events.ts'
import type { Line } from './lines.ts'
import { correctionMachine, LONGEST, MOST_OPEN, type Outcome, UNSAID } from './rules.ts'
import { getCorrection, insertCorrection, openCorrections } from './store.ts'
import type { CorrectionsTable } from './tables.ts'

type Deps = { identity: Pick<Identity, 'personByNumber' | 'holdersOf' | 'reachOf' | 'admins'>; messages: Pick<Messages, 'tell' | 'tellAll'>; templates: ReadonlyMap<string, Template> }

export type CorrectionVerbs = ReturnType<typeof correctionVerbs>

/** What a person says is wrong on a preview, and what the registrar makes of it. Each takes the open transaction first. */
export function correctionVerbs({ identity, messages, templates }: Deps) {
  /** Keeps the report and tells the registrars. Throws `invalid` with the field. */
  async function report(tx: Tx, actor: Actor, { person_id, person_number }: Owner, { kind, line, said }: { kind: string; line: Line; said: string }): Promise<string> {
    const words = said.trim()
    if (words === '') throw refused('said', UNSAID)
    if ([...words].length > LONGEST) throw refused('said', '最多 500 个字')
    if ((await openCorrections(tx, person_number)).filter(({ status }) => status === 'open').length >= MOST_OPEN) throw refused('said', '已经报告了很多处，请等教务核对以后再报告')
    const person = await identity.personByNumber(tx, person_number)
    const row: CorrectionsTable = {
      id: newId(), person_id, person_number, person_name: person?.name ?? '', unit_id: person?.unit_id ?? null, kind, line: line.key, printed: `${line.label}：${line.value}`.slice(0, 400), said: words,
      status: 'open', open_key: `${person_number}:${line.key}`, answer: null, answered_by: null, created_at: tx.bus.clock.now(), ended_at: null,
    }
    await insertCorrection(tx, row)
    await emit(tx, correctionReported, { correction_id: row.id }, { subject: row.id, actor })
    await messages.tellAll(tx, (await registrarsFor(tx, identity, row.unit_id ?? undefined)).map(to => ({
      to, kind: 'documents.correction', title: `${row.person_name}报告${titleOf(kind)}里有错`, subject: row.id, url: `/admin/corrections/${row.id}`,
      lines: [{ label: '学号', value: person_number }, { label: '所指的内容', value: row.printed }, { label: '本人说', value: words }],
    })))
    return row.id
  }

  function titleOf(kind: string): string {
    return templates.get(kind)?.title ?? kind
  }

  return {
    report,

    /** It was put right, or it is right as it stands; the person is told either way. Throws `invalid` with the field. */
    async answer(tx: Tx, actor: Actor, id: string, { outcome, answer }: { outcome: Outcome | undefined; answer: string }): Promise<void> {
      const words = answer.trim()
      if (outcome === undefined) throw refused('outcome', '请选择核对的结果')
      if (words === '' && outcome === 'keep') throw refused('answer', '请写明为什么不改，本人会看到')
      if ([...words].length > LONGEST) throw refused('answer', '最多 500 个字')
      const row = await getCorrection(tx, id)
      await move(tx, correctionMachine, row, outcome, { actor, set: { open_key: null, answer: words, answered_by: actor.person_id, ended_at: tx.bus.clock.now() }, data: { correction_id: id } })
      await messages.tell(tx, {
        to: row.person_id, kind: 'documents.correction-answered', title: outcome === 'mend' ? '你报告的错误已更正' : '你报告的内容核对无误', subject: id, url: `/documents/corrections/${id}`,
        lines: [{ label: '所指的内容', value: row.printed }, ...words === '' ? [] : [{ label: '答复', value: words }]],
        text: outcome === 'mend' ? '可以重新生成预览图核对' : '还有疑问可以再报告一次，或者联系学院教务',
      })
    },

    async withdraw(tx: Tx, actor: Actor, id: string): Promise<void> {
      await move(tx, correctionMachine, await getCorrection(tx, id), 'withdraw', { actor, set: { open_key: null, ended_at: tx.bus.clock.now() }, data: { correction_id: id } })
    },
  }
}

function refused(field: string, sentence: string): AppError {
  return new AppError('invalid', sentence, { fields: { [field]: sentence } })
}

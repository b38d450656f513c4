import type { Source } from './tables.ts'
import { childOf, type Fields, listOf, readXml, textOf } from './xml.ts'

/** A click on a template card (5.5 of the platform's events); `task_id` is the card's. */
export type CardClick = {
  task_id: string
  card_type: string
  /** key of the button, of the submit button or of the menu entry */
  key: string
  /** allows one update of the card within 72 h */
  response_code: string
  selected: { question: string; options: string[] }[]
}

export type CallbackBody = {
  id: string
  source: Source
  event: string
  received_at: number
  /** userid of who did it; `sys` for the platform itself */
  from: string
  /** when the platform says it happened, epoch ms (its clock knows seconds) */
  at: number
  /** EventKey: key or address of a menu entry; '' where the event has none */
  key: string
  card: CardClick | null
  /** everything, by the platform's names */
  fields: Fields
}

/** Name of what came: the event's, or the kind of the message. */
export function eventName(fields: Fields): string {
  const kind = textOf(fields, 'MsgType')
  return (kind === 'event' ? textOf(fields, 'Event') : kind).slice(0, 64)
}

/** A kept callback as its readers want it. */
export function readBody(row: { id: string; source: Source; event: string; body: string; received_at: number }): CallbackBody {
  const fields = readXml(row.body)
  const { body: _, ...kept } = row
  return {
    ...kept, fields, from: textOf(fields, 'FromUserName'), at: Number(textOf(fields, 'CreateTime')) * 1000, key: textOf(fields, 'EventKey'),
    card: row.event.startsWith('template_card_') ? cardClick(fields) : null,
  }
}

function cardClick(fields: Fields): CardClick {
  return {
    task_id: textOf(fields, 'TaskId'), card_type: textOf(fields, 'CardType'), key: textOf(fields, 'EventKey'), response_code: textOf(fields, 'ResponseCode'),
    selected: listOf(childOf(fields, 'SelectedItems'), 'SelectedItem').map(item => ({
      question: textOf(item, 'QuestionKey'), options: optionsOf(childOf(item, 'OptionIds')),
    })),
  }
}

function optionsOf(ids: Fields): string[] {
  const options = ids['OptionId']
  return Array.isArray(options) ? options.filter(option => typeof option === 'string') : []
}

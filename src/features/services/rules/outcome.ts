import { textIn } from '../../../platform/text.ts'
import type { ServiceDefinition } from '../catalogue.ts'
import type { Known } from '../fields/field.ts'
import { answers, type Form, type Values } from './form.ts'

/** What an approval of this form leads to: a document of a kind, what it says besides the person's own facts, the mailbox it goes to. */
export type Outcome = { document?: { kind: string; facts: Record<string, string>; mail_to?: string } }

/** The definition's outcome with the form's answers filled in. */
export function outcomeOf({ outcome }: ServiceDefinition, form: Form, values: Values, known?: Known): Outcome {
  if (!outcome?.document) return {}
  const { kind, language, mail_to, facts = {} } = outcome.document
  const chosen = typeof kind === 'string' ? kind : new Map(Object.entries(kind.of)).get(textAt(values, kind.by))
  if (chosen === undefined) return {}
  const english = (typeof language === 'string' ? language : textAt(values, language.by)) === 'en'
  const said = new Map(answers(form, values, textIn(english ? 'en' : 'zh'), known).map(({ key, text }) => [key, text]))
  const filled = Object.entries(facts).flatMap(([name, fields]): [string, string][] => {
    const text = fields.map(field => said.get(field)).find(Boolean)
    return text ? [[name, text]] : []
  })
  const address = mail_to === undefined ? '' : textAt(values, mail_to)
  return { document: { kind: chosen, facts: Object.fromEntries(filled), ...(address && { mail_to: address }) } }
}

function textAt(values: Values, field: string): string {
  const value = values[field]
  return typeof value === 'string' ? value : ''
}

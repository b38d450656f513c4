import type { FastifyRequest } from 'fastify'
import type { Db } from '../../../platform/db.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { Context } from '../deps.ts'
import { foundFor, knownIn, knownToday } from '../known.ts'
import { prefillOf, type Prefilled, unmasked, withPrefill } from '../prefill.ts'
import { applicantsPart, type Faults, type Form, type Input, readForm, typedForm, type Values } from '../rules/form.ts'
import { openSecrets } from '../secrets.ts'
import type { Application } from '../store/applications.ts'
import { attachmentsOf } from '../store/attachments.ts'
import { correctionsOf } from '../store/corrections.ts'
import { TYPING } from '../store/secrets.ts'
import { partOf } from '../verbs/draft.ts'
import type { Version } from '../versions.ts'

/** What an applicant is typing, with everything that its page is drawn from. */
export type Typing = { application: Application; version: Pick<Version, 'definition' | 'form'>; part: Form; input: Input; prefilled: Prefilled; values: Values }

export async function typingOf(context: Context, db: Db, person: SignedIn, application: Application): Promise<Typing> {
  const version = await versionFor(context, db, application)
  const part = await partOf(context, db, application, version)
  const prefilled = await prefillOf(context, db, part, person)
  const input = withPrefill(await typedIn(context, db, application, part), prefilled)
  const { values } = await readTyped(context, db, { part, input: unmasked(input, prefilled), given: application.form ?? {} })
  return { application, version, part, input, prefilled, values }
}

/** A draft follows the service as it is today; what was sent stays with the version it was sent with. */
export async function versionFor({ catalogue, versions }: Context, db: Db, application: Application): Promise<Pick<Version, 'definition' | 'form'>> {
  return application.status === 'draft' ? catalogue.get(application.service_key) : await versions.get(db, application.version_id)
}

export async function readTyped(context: Context, db: Db, { part, input, given }: { part: Form; input: Input; given: Values }): Promise<{ values: Values; faults: Faults }> {
  return readForm(part, input, { known: await knownToday(context, db, part, input), given })
}

async function typedIn(context: Context, db: Db, { id, draft, form, revision }: Application, part: Form): Promise<Input> {
  const rest = await openSecrets(context, db, part, { application_id: id, revision: draft ? TYPING : revision })
  const typed = { ...draft ?? typedForm(part, form ?? {}), ...rest }
  const fields = new Map(part.fields.map(field => [field.definition.key, field]))
  // Files are drawn from their rows; only a signature may be words instead.
  return Object.fromEntries(Object.entries(typed).filter(([key, value]) => !fields.get(key)?.files || !Array.isArray(value)))
}

/** Everything that the page of what is typed is drawn from besides the faults. */
export async function drawnFrom(context: Context, request: FastifyRequest, { application, version, part, input, prefilled, values }: Typing) {
  const { db } = context.database
  const whole = applicantsPart(version.form)
  // Whom the flow lets the applicant choose comes after what the form asks.
  const form = { fields: [...whole.fields, ...part.fields.filter(field => !whole.fields.includes(field))] }
  const keys = new Set(part.fields.map(field => field.definition.key))
  const { query } = request
  const shown = typeof query === 'object' && query !== null && 'show' in query && typeof query.show === 'string' ? query.show : undefined
  const seen = shown === undefined ? undefined : prefilled.get(shown)
  return {
    form, values, prefilled, shown,
    input: shown !== undefined && seen && input[shown] === seen.masked ? { ...input, [shown]: seen.typed } : input,
    attachments: await attachmentsOf(db, application.id), viewer_id: request.person.person_id,
    known: await knownIn(context, db, form, { ...application.form, ...input }), found: await foundFor(context, db, part, input),
    marks: application.status === 'returned' ? await correctionsOf(db, application.id, application.revision) : [],
    locked: { keys: new Set(whole.fields.filter(field => !keys.has(field.definition.key)).map(field => field.definition.key)), answers: application.form ?? {} },
  }
}

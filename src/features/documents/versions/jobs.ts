import type { Database } from '../../../platform/db.ts'
import { defineJob, defineQueue, type Work, work } from '../../../platform/jobs.ts'
import { keepTemplate } from '../store.ts'
import type { Template } from '../templates.ts'

const housekeeping = defineQueue('housekeeping', { concurrency: 1 })
const keepTemplates = defineJob({ name: 'documents.keep-templates', queue: housekeeping, every: { minutes: 60 } })

/** Keeps the texts that are in use now, so that each that was ever published can be looked at, whether or not it gave a paper. */
export function keepingWork({ database, templates }: { database: Database; templates: ReadonlyMap<string, Template> }): Work {
  return work(keepTemplates, () => database.write(async tx => { for (const template of templates.values()) await keepTemplate(tx, template) }))
}

import type { Browser } from '../../../integrations/browser/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import { schoolTime } from '../../../platform/dates.ts'
import { type Facts, renderDocument, type Template } from '../templates.ts'

export type PreviewDeps = { clock: Clock; browser: Browser; school: { name: string; nameEn: string }; specimen: boolean }

/** A4 at 96 dots an inch, in CSS pixels; twice as many device pixels can be read when they are zoomed. */
const SHEET = { width: 794, scale: 2 }

/** All its pages under each other as one JPEG, marked 预览, without seal, number and code: nothing that could pass for the paper. Kept nowhere. */
export async function previewPicture({ school, specimen, clock, browser }: PreviewDeps, template: Pick<Template, 'source'>, facts: Facts): Promise<Buffer> {
  const html = renderDocument(template.source, { facts, school: { name: school.name, name_en: school.nameEn }, issued_on: schoolTime(clock.now()).date, specimen })
  return Buffer.from(await browser.picture(html, { ...SHEET, timeout: 10_000 }))
}

/** Characters that no type has, found before anything is issued; none where there is no browser to ask. */
export async function unprintableIn({ browser }: Pick<PreviewDeps, 'browser'>, template: Template, facts: Facts): Promise<string[]> {
  return browser.unprintable(template.facts.map(({ key }) => facts[key] ?? '').join('')).catch(() => [])
}

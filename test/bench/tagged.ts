import { join } from 'node:path'
import { readTemplates, renderDocument } from '../../src/features/documents/templates.ts'
import { type Browser, createBrowser } from '../../src/integrations/browser/index.ts'
import { quietLog } from '../support/database.ts'
import { compareCalls } from './support/compare.ts'
import { type Figure, type Row, rowOf } from './support/figure.ts'

const paper = {
  school: { name: '明湖大学', name_en: 'Minghu University' }, issued_on: '2026-11-21', number: '20261121000001', code: '7Q2M-XK4T-9ZRB-3WDN',
  verify_url: 'https://hall.minghu.example/verify/7Q2MXK4T9ZRB3WDN', qr: '<svg viewBox="0 0 1 1"></svg>', seal: null, specimen: false,
}

/** What it costs to draw each kind's sample with the structure that screen readers follow, against without: time to the finished PDF, and its size. */
export const tagging: Figure = {
  stores: ['sqlite'],
  async measure(t, { rounds, share }) {
    const browser = createBrowser({ log: quietLog })
    t.after(() => browser.close())
    const rows: Row[] = []
    for (const { kind, source, sample } of readTemplates(join(import.meta.dirname, '../../src/catalogue/documents')).values()) {
      rows.push(await rowOfKind(browser, kind, renderDocument(source, { ...paper, facts: sample }), { rounds, calls: Math.ceil(20 * share) }))
    }
    return rows
  },
}

async function rowOfKind(browser: Browser, kind: string, html: string, { rounds, calls }: { rounds: number; calls: number }): Promise<Row> {
  const draw = (tagged: boolean) => browser.pdf(html, { tagged })
  const size = async (tagged: boolean) => `${Math.round((await draw(tagged)).length / 1024)} KB`
  const row = rowOf(await compareCalls(rounds, calls, { ours: () => draw(true), limit: () => draw(false) }), { name: `${kind}, tagged (limit: untagged)`, unit: 'ms', digits: 1 })
  return { ...row, ours: `${row.ours} ${await size(true)}`, limit: `${row.limit} ${await size(false)}` }
}

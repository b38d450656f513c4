import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { features, wrongArrow } from '../support/layout/floors.ts'
import { arrowsOf, readsEnvironment, tablesOf } from '../support/layout/read-source.ts'

const root = path.resolve(import.meta.dirname, '../..')
const read = (pattern: string, folder: string) => globSync(pattern, { cwd: path.join(root, folder) }).toSorted()
  .map(file => ({ file: file.replaceAll(path.sep, '/'), source: readFileSync(path.join(root, folder, file), 'utf8') }))
const sources = read('**/*.{ts,mjs}', 'src')
const migrations = read('*.ts', 'migrations')
const longest = 260

test('every import in src follows the table of floors', () => {
  assert.ok(sources.length > 50)
  const wrong = sources.flatMap(({ file, source }) => arrowsOf(file, source))
    .flatMap(arrow => wrongArrow(arrow)?.replace(/^/, `${arrow.from} → ${arrow.to}: `) ?? [])
  assert.deepEqual(wrong, [])
})

test('the environment is read in one place', () => {
  const allowed = (file: string) => file === 'platform/config.ts' || /^(main\.ts|main\/demo\.ts|start\.mjs|start\/.*)$/.test(file)
  assert.deepEqual(sources.filter(({ file, source }) => !allowed(file) && readsEnvironment(source)).map(({ file }) => file), [])
})

test(`no file in src has more than ${longest} lines`, () => {
  const lines = ({ source }: { source: string }) => source.trimEnd().split('\n').length
  assert.deepEqual(sources.filter(one => lines(one) > longest).map(one => `${one.file}: ${lines(one)}`), [])
})

test("a feature's queries name its own tables only", () => {
  const foreign = sources.flatMap(({ file, source }) => {
    const feature = /^features\/([^/]+)\//.exec(file)?.[1]
    return feature === undefined ? [] : tablesOf(source).filter(table => table.includes('_') && !table.startsWith(`${feature}_`)).map(table => `${file}: ${table}`)
  })
  assert.deepEqual(foreign, [])
})

test('a migration is called NNNN-feature-what, each number once, and touches the tables of that feature', () => {
  const wrong = migrations.flatMap(({ file, source }) => wrongMigration(file, source).map(why => `${file}: ${why}`))
  assert.deepEqual(wrong, [])
  const numbers = migrations.map(({ file }) => file.slice(0, 4))
  assert.deepEqual(numbers.filter((number, index) => numbers.indexOf(number) !== index), [])
})

function wrongMigration(file: string, source: string): string[] {
  const feature = /^\d{4}-([a-z]+)-[a-z0-9-]+\.ts$/.exec(file)?.[1]
  if (feature === undefined || ![...features, 'platform'].includes(feature)) return ['its name is not NNNN-feature-what.ts']
  const own = (table: string) => feature === 'platform'
    ? !features.some(other => table.startsWith(`${other}_`))
    : table.startsWith(`${feature}_`)
  return [
    ...tablesOf(source).filter(table => !own(table)).map(table => `it touches ${table}`),
    ...arrowsOf(file, source).filter(({ to }) => to.startsWith('..')).map(({ to }) => `it imports ${to}`),
  ]
}

// From here on: the checker itself.

const arrows: [string, string, 'type' | 'value', boolean][] = [
  ['platform/db.ts', 'platform/ids.ts', 'value', true],
  ['platform/db.ts', 'tables.ts', 'type', true],
  ['platform/db.ts', 'tables.ts', 'value', false],
  ['platform/db.ts', 'integrations/mail/index.ts', 'type', false],
  ['platform/feature.ts', 'features/identity/index.ts', 'type', false],
  ['integrations/mail/smtp.ts', 'integrations/mail/index.ts', 'value', true],
  ['integrations/mail/smtp.ts', 'platform/errors.ts', 'value', true],
  ['integrations/mail/smtp.ts', 'integrations/wecom/index.ts', 'type', false],
  ['integrations/mail/smtp.ts', 'features/messages/index.ts', 'type', false],
  ['features/services/verbs.ts', 'platform/machine.ts', 'value', true],
  ['features/services/verbs/submit.ts', 'features/services/store.ts', 'value', true],
  ['features/services/verbs.ts', 'features/approvals/index.ts', 'value', true],
  ['features/services/verbs.ts', 'features/approvals/store.ts', 'type', false],
  ['features/services/verbs.ts', 'features/documents/index.ts', 'type', false],
  ['features/approvals/events.ts', 'features/services/index.ts', 'value', false],
  ['features/documents/jobs.ts', 'integrations/seal/index.ts', 'type', true],
  ['features/documents/jobs.ts', 'integrations/seal/index.ts', 'value', false],
  ['features/documents/jobs.ts', 'edges/http/server.ts', 'type', false],
  ['features/canteen/index.ts', 'platform/db.ts', 'value', false],
  ['features/photos/shared/size.ts', 'features/photos/shared/pixels.ts', 'value', true],
  ['features/photos/shared/size.ts', 'features/photos/rules.ts', 'type', false],
  ['features/photos/shared/size.ts', 'platform/errors.ts', 'value', false],
  ['catalogue/approvers/tutor.ts', 'features/approvals/define.ts', 'value', true],
  ['catalogue/approvers/tutor.ts', 'features/approvals/index.ts', 'value', false],
  ['catalogue/approvers/tutor.ts', 'platform/db.ts', 'type', false],
  ['edges/http/server.ts', 'platform/feature.ts', 'value', true],
  ['edges/http/server.ts', 'features/identity/index.ts', 'value', true],
  ['edges/http/server.ts', 'features/identity/store.ts', 'value', false],
  ['edges/http/server.ts', 'integrations/mail/index.ts', 'value', false],
  ['simulator/server.ts', 'simulator/token.ts', 'value', true],
  ['simulator/server.ts', 'platform/log.ts', 'type', false],
  ['app.ts', 'features/admin/index.ts', 'value', true],
  ['app.ts', 'simulator/index.ts', 'value', false],
  ['main.ts', 'simulator/index.ts', 'value', true],
  ['main/demo.ts', 'simulator/index.ts', 'value', true],
  ['platform/db.ts', 'main/demo.ts', 'value', false],
  ['features/admin/index.ts', 'app.ts', 'type', false],
  ['features/admin/index.ts', 'simulator/index.ts', 'value', false],
  ['tables.ts', 'features/admin/tables.ts', 'type', true],
  ['tables.ts', 'features/admin/tables.ts', 'value', false],
  ['start.mjs', 'start/child.mjs', 'value', true],
  ['start/child.mjs', 'platform/log.ts', 'value', false],
  ['leftover.ts', 'platform/log.ts', 'value', false],
  ['platform/db.ts', '../migrations/0001-platform-jobs.ts', 'value', false],
]
for (const [from, to, kind, allowed] of arrows) {
  test(`${from} ${allowed ? 'may' : 'may not'} import ${to} (${kind})`, () => {
    assert.equal(wrongArrow({ from, to, typeOnly: kind === 'type' }) === null, allowed)
  })
}

test('imports are found however they are written, and not where they are only spoken of', () => {
  const source = `
import a from './a.ts'
import type { B } from '../b.ts'
import { type C, type D } from './c.ts'
import { type E, e } from './e.ts'
import {
  f,
  g } from "./f.ts"
import './side.ts'
export * from './again.ts'
export type { H } from './h.ts'
const later = () => import('./later.ts')
import { readFileSync } from 'node:fs'
// import x from './comment.ts'
/* import y from './block.ts' */
const page = \`
import z from './template.ts'
\`
const address = 'https://example.org' // import('./tail.ts')
const quote = text.replace(/['"]/g, '')
import last from './last.ts'
export const from = './not.ts'`
  assert.deepEqual(arrowsOf('features/x/y.ts', source).map(({ to, typeOnly }) => `${to}${typeOnly ? ' type' : ''}`).toSorted(), [
    'features/b.ts type', 'features/x/a.ts', 'features/x/again.ts', 'features/x/c.ts type', 'features/x/e.ts', 'features/x/f.ts',
    'features/x/h.ts type', 'features/x/last.ts', 'features/x/later.ts', 'features/x/side.ts',
  ])
})

test('a look at the environment is seen however it is written', () => {
  const seen = ['process.env.PORT', "process['env']", 'const { env } = process', "import { env } from 'node:process'", 'process\n  .env', '`${process.env.HOME}`']
  const unseen = ['// process.env is read in config.ts', 'config.env', 'const env = loadEnvironment()', 'process.environment']
  assert.deepEqual(seen.filter(source => !readsEnvironment(source)), [])
  assert.deepEqual(unseen.filter(source => readsEnvironment(source)), [])
})

test('a table of another feature in a migration is seen', () => {
  const creates = (table: string) => `await db.schema.createTable('${table}').execute()`
  assert.deepEqual(wrongMigration('0201-identity-people.ts', creates('identity_people')), [])
  assert.deepEqual(wrongMigration('0001-platform-jobs.ts', creates('jobs')), [])
  assert.equal(wrongMigration('0201-identity-people.ts', creates('messages_people')).length, 1)
  assert.equal(wrongMigration('0202-identity-index.ts', "db.schema.createIndex('x').on('approvals_tasks').column('id')").length, 1)
  assert.equal(wrongMigration('0002-platform-people.ts', creates('identity_people')).length, 1)
  assert.equal(wrongMigration('0203-identity-x.ts', "import { newId } from '../src/platform/ids.ts'").length, 1)
  assert.equal(wrongMigration('201-people.ts', '').length, 1)
})

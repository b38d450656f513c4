import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import type { App } from '../app.ts'
import { AppError } from '../platform/errors.ts'
import { textIn } from '../platform/text.ts'

const KINDS = ['units', 'staff', 'students'] as const
const USAGE = `usage: npm run import -- ${KINDS.join('|')} FILE.xlsx|FILE.csv [--good-rows] [--encoding utf-8|gb18030]`

/**
 * `npm run import -- staff staff.xlsx`: a roster from the command line, as the first one before there is an administrator. It is checked first;
 * where a row is refused nothing is written, unless `--good-rows` asks for the others.
 */
export async function importCommand({ identity }: Pick<App, 'identity'>, args: readonly string[], print: (line: string) => void = console.log): Promise<number> {
  const asked = read(args)
  if (!asked) {
    print(USAGE)
    return 2
  }
  const { kind, path, goodRows, encoding } = asked
  const t = textIn('en')
  try {
    const report = await identity.importRoster(kind, await readFile(path), { file_name: basename(path), goodRows, encoding })
    for (const { row, column, sentence, params } of report.errors) print(`${row > 0 ? `row ${row}, ` : ''}${column ? `${column}: ` : ''}${t(sentence, params)}`)
    if (report.conflict > 0) print(`${report.conflict} rows changed meanwhile and were passed over`)
    print(report.written ? `${report.rows} rows: ${report.created} new, ${report.changed} changed, ${report.unchanged} unchanged, ${report.refused} refused` : 'nothing was written')
    return report.written ? 0 : 1
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    print(t(error.message, error.params))
    return 1
  }
}

function read(args: readonly string[]) {
  try {
    const { values: { 'good-rows': goodRows, encoding }, positionals: [word, path, ...rest] } = parseArgs({
      args: [...args], allowPositionals: true, options: { 'good-rows': { type: 'boolean', default: false }, encoding: { type: 'string' } },
    })
    const kind = KINDS.find(each => each === word)
    const known = (['utf-8', 'gb18030'] as const).find(each => each === encoding)
    if (!kind || path === undefined || rest.length > 0 || (encoding !== undefined && !known)) return null
    return { kind, path, goodRows, encoding: known }
  } catch {
    return null // an option that there is not
  }
}

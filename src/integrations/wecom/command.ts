import { AppError } from '../../platform/errors.ts'
import { adviceFor } from './errors.ts'
import type { Wecom } from './index.ts'
import { type Part, partsOf, readConfig } from './menu-config.ts'

type Deps = {
  wecom: Pick<Wecom, 'menu' | 'agent' | 'workbench'>
  publicUrl: string
  print(line: string): void
  /** where the files are, for tests */
  directory?: string | undefined
}

/**
 * `npm run wecom -- diff | apply`: what WeCom has against `wecom-config/`. Exit code 0: the same (after apply: made the same),
 * 1: different, or a part could not be read or written, 2: called wrongly.
 */
export async function wecomCommand(args: readonly string[], { wecom, publicUrl, print, directory }: Deps): Promise<number> {
  const [what] = args
  if (args.length !== 1 || (what !== 'diff' && what !== 'apply')) {
    print('用法：npm run wecom -- diff | apply')
    return 2
  }
  const config = await readConfig(publicUrl, directory)
  let code = 0
  for (const part of partsOf(config, wecom)) code = Math.max(code, await compare(part, what === 'apply', print))
  print('下面这些只能在企业微信管理后台里填写：')
  for (const [name, value] of Object.entries(config.byHand)) print(`  ${name}：${value}`)
  return code
}

async function compare(part: Part, apply: boolean, print: (line: string) => void): Promise<number> {
  try {
    const have = await part.have()
    const lines = difference(have, part.want)
    print(lines.length === 0 ? `${part.name}：相同` : `${part.name}：不同（- 企业微信现有，+ 文件里的）`)
    for (const line of lines) print(`  ${line}`)
    if (lines.length === 0) return 0
    if (!apply) return 1
    await part.apply()
    print(`${part.name}：已更新`)
    return 0
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    print(`${part.name}：没有成功。${error.message}（${error.code ?? error.kind}）。${adviceFor(error.code ?? null)}`)
    return 1
  }
}

/** Lines as a reader of differences knows them; empty where both are the same in the same order. */
export function difference(have: readonly string[], want: readonly string[]): string[] {
  if (have.join('\n') === want.join('\n')) return []
  const gone = have.filter(line => !want.includes(line)).map(line => `- ${line}`)
  const lines = want.map(line => have.includes(line) ? `  ${line}` : `+ ${line}`)
  const moved = gone.length === 0 && lines.every(line => line.startsWith('  ')) ? ['（只有顺序不同）'] : []
  return [...moved, ...gone, ...lines]
}

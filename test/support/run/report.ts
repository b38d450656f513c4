import type { Outcome } from './run-file.ts'

const nameWidth = 56

/** Prints one line for each outcome as it comes and, at the end, every failure in full and the count. */
export function createReport(out: { write(text: string): unknown }) {
  const began = performance.now()
  const failed: { title: string; outcome: Outcome }[] = []
  let title = ''
  let passed = 0
  let skipped = 0
  const say = (text = '') => out.write(`${text}\n`)

  function add(outcome: Outcome): void {
    passed += outcome.passed
    skipped += outcome.skipped
    if (outcome.failures.length > 0) failed.push({ title, outcome })
    const count = outcome.failures.length > 0 ? `${outcome.failures.length} failed` : String(outcome.passed)
    say(`${outcome.failures.length > 0 ? '✗' : '✓'} ${outcome.name.padEnd(nameWidth)} ${count.padStart(9)} ${seconds(outcome.ms)}`)
  }

  return {
    add,
    section(name: string): void {
      title = name
      say(`\n${name}`)
    },
    leftovers(names: string[]): void {
      if (names.length > 0) say(`\nLeft behind by tests and ended now: ${names.join(', ')}`)
    },
    /** Prints the end; true when nothing failed. The last line is the one that scripts read. */
    finish(): boolean {
      for (const { title: where, outcome } of failed) say(inFull(where, outcome))
      const failures = failed.reduce((sum, { outcome }) => sum + outcome.failures.length, 0)
      if (skipped > 0) say(`\n${skipped} skipped`)
      say(`\nAll of it took${seconds(performance.now() - began)}`)
      say(`${passed} passed, ${failures} failed`)
      return failures === 0 && passed > 0
    },
  }
}

function inFull(title: string, { name, failures, output }: Outcome): string {
  const each = failures.map(failure => `\n  ✗ ${failure.name}\n${indent([failure.where, failure.error].filter(Boolean).join('\n'), 6)}`)
  const printed = output ? `\n    It printed last:\n${indent(output.split('\n').slice(-60).join('\n'), 6)}` : ''
  return `\n${title}: ${name}${each.join('')}${printed}`
}

const indent = (text: string, width: number) => text.replace(/^/gm, ' '.repeat(width))
const seconds = (ms: number) => `${(ms / 1000).toFixed(1).padStart(7)} s`

import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'

/**
 * One line of what a test file tells its runner. A suite is not a test; `end` says that the file came to its end, and
 * whether the process is as it was before. `code` is not 0 when something went wrong outside of every test.
 */
export type Told =
  | { kind: 'passed' | 'skipped'; name: string }
  | { kind: 'failed'; name: string; where: string; error: string }
  | { kind: 'end'; code: number; clean: boolean }
  | { kind: 'silent' }

/** What node:test says happened, in the runner's words. */
export async function* tellTests(source: AsyncIterable<TestEvent>): AsyncGenerator<Told> {
  const names: string[] = []
  for await (const event of source) {
    if (event.type === 'test:start') names.splice(event.data.nesting, names.length, event.data.name)
    const told = tell(event, names)
    if (told) yield told
  }
}

function tell(event: TestEvent, names: string[]): Told | null {
  // An error outside of every test, or after its test had ended: node:test has no other word for it.
  if (event.type === 'test:diagnostic' && event.data.message.startsWith('Error: ')) return { kind: 'failed', name: 'outside of its tests', where: '', error: event.data.message }
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return null
  const { data } = event
  const name = [...names.slice(0, data.nesting), data.name].join(' › ')
  if (data.skip !== undefined || data.todo !== undefined) return { kind: 'skipped', name }
  if (event.type === 'test:pass') return data.details.type === 'suite' ? null : { kind: 'passed', name }
  return failure(event.data, name)
}

function failure(data: Extract<TestEvent, { type: 'test:fail' }>['data'], name: string): Told | null {
  const { error } = data.details
  // The subtests have told it already.
  if ('failureType' in error && error.failureType === 'subtestsFailed') return null
  const cause = error.cause ?? error
  return { kind: 'failed', name, where: `${data.file ?? ''}:${data.line ?? ''}`, error: typeof cause === 'string' ? cause : inspect(cause) }
}

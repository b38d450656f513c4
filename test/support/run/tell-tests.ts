import { writeSync } from 'node:fs'
import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'

/** One line of what a test file tells its runner. A suite is not a test; `end` says that node:test came to its end. */
export type Told =
  | { kind: 'passed' | 'skipped'; name: string }
  | { kind: 'failed'; name: string; where: string; error: string }
  | { kind: 'end' }
  | { kind: 'silent' }

// The runner's pipe. Standard output belongs to the tests, which may print what they like.
const pipe = 3

/** A reporter for node:test that tells the runner, line by line as JSON, what happened. */
export default async function* tellTests(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const names: string[] = []
  for await (const event of source) {
    if (event.type === 'test:start') names.splice(event.data.nesting, names.length, event.data.name)
    const told = tell(event, names)
    if (told) writeSync(pipe, `${JSON.stringify(told)}\n`)
  }
  yield ''
}

function tell(event: TestEvent, names: string[]): Told | null {
  if (event.type === 'test:summary') return { kind: 'end' }
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

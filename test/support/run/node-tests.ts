// Node's runner of tests listens to the beginning and the end of everything asynchronous, only to know whose error it was that
// nobody caught. Every promise is dearer for it: here what a test begins carries the test along, as Node does by itself.
import hooks, { AsyncLocalStorage, type AsyncResourceOptions, type HookCallbacks } from 'node:async_hooks'

const { createHook, executionAsyncId, AsyncResource } = hooks
const running = new AsyncLocalStorage<InstanceType<typeof AsyncResource>>()
let tell: HookCallbacks['init']

/** What a test is to the runner. */
class Resource extends AsyncResource {
  constructor(type: string, options?: AsyncResourceOptions) {
    super(type, options)
    tell?.(this.asyncId(), type, this.triggerAsyncId(), this)
  }
  override runInAsyncScope<This, Result>(work: (this: This, ...args: unknown[]) => Result, self: This, ...args: unknown[]): Result {
    return super.runInAsyncScope(() => running.run(this, () => Reflect.apply(work, self, args)))
  }
}

Object.assign(hooks, {
  AsyncResource: Resource,
  createHook({ init }: HookCallbacks) {
    tell = init
    return { enable() {}, disable() {} }
  },
  executionAsyncId: () => running.getStore()?.asyncId() ?? executionAsyncId(),
})
// It takes them for itself while it is loaded; everybody else has Node's own.
export const { run } = await import('node:test')
Object.assign(hooks, { createHook, executionAsyncId, AsyncResource })

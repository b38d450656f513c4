// Node's runner of tests listens to the beginning and the end of everything asynchronous, only to know whose error it was that
// nobody caught. Ends are dear, as each promise is then watched until it is collected: here what begins carries its test along.
import hooks, { type AsyncResource, type HookCallbacks } from 'node:async_hooks'

const owner = Symbol('test')
type Owned = object & { [owner]?: AsyncResource }

const { createHook, executionAsyncId, executionAsyncResource } = hooks
const current = (): AsyncResource | undefined => (executionAsyncResource() as Owned)[owner]
Object.assign(hooks, {
  createHook: ({ init: tell }: HookCallbacks) => createHook({
    init(id, type, trigger, resource: Owned & Partial<AsyncResource>) {
      if (type === 'Test') tell?.(id, type, trigger, resource)
      const test = type === 'Test' ? resource as AsyncResource : current()
      if (test) resource[owner] = test
    },
  }),
  executionAsyncId: () => current()?.asyncId() ?? executionAsyncId(),
})
// It takes both for itself while it is loaded; everybody else has Node's own.
export const { run } = await import('node:test')
Object.assign(hooks, { createHook, executionAsyncId })

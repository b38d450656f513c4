import { fastify, type FastifyPluginAsync } from 'fastify'
import type { App } from '../../src/app.ts'
import type { Right } from '../../src/platform/rights.ts'

export type Route = { method: string; url: string; withoutToken: boolean; door: 'machine' | 'public' | 'signed in' | 'console'; right: Right | null }

/** Every address of every feature, as the features themselves register them. */
export async function routesOf({ features }: App): Promise<Route[]> {
  const routes: Route[] = []
  for (const { machineRoutes, publicRoutes, routes: signedIn, console = [] } of features) {
    routes.push(...await listed(machineRoutes, 'machine'), ...await listed(publicRoutes, 'public'), ...await listed(signedIn, 'signed in'))
    for (const group of console) routes.push(...await listed(group.routes, 'console', '/admin', group.right))
  }
  return routes
}

async function listed(plugin: FastifyPluginAsync | undefined, door: Route['door'], prefix = '', right: Right | null = null): Promise<Route[]> {
  const found: Route[] = []
  if (!plugin) return found
  const app = fastify()
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const each of [method].flat()) if (each !== 'HEAD') found.push({ method: each, url, withoutToken: config?.withoutToken === true, door, right })
  })
  await app.register(plugin, { prefix })
  await app.ready()
  await app.close()
  return found
}

/** The address with something in place of its parameters. */
export function filled(url: string, value: string): string {
  return url.replaceAll(/:\w+/g, value)
}

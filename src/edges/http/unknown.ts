import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../../platform/errors.ts'

/** Methods that an address takes. Called before there is any route. */
export function methodsOfAddresses(app: FastifyInstance): (url: string) => string[] {
  const known: { pattern: RegExp; method: string }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+').replaceAll('*', '.*')}$`)
    for (const each of [method].flat()) known.push({ pattern, method: each })
  })
  return url => {
    const path = url.split('?', 1)[0] ?? ''
    return [...new Set(known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].toSorted()
  }
}

/** What is not there is told to people as whom they are signed in, before anything of a body is read. */
export function answerUnknown(scope: FastifyInstance, methodsOf: (url: string) => string[]): void {
  const limit = scope.rateLimit()
  scope.addHook('preParsing', async (request, reply) => {
    if (!request.is404) return
    await limit.call(scope, request, reply)
    const methods = methodsOf(request.url)
    if (methods.length > 0) reply.header('allow', methods.join(', '))
    throw methods.length > 0 ? otherMethod(request) : nowhere()
  })
  scope.setNotFoundHandler(() => { throw nowhere() })
}

function nowhere(): AppError {
  return new AppError('not-found', '这个地址没有内容。可能是链接不完整，或者内容已经移走')
}

function otherMethod({ method }: FastifyRequest): Error {
  return Object.assign(new Error(`${method} is not taken here`), { statusCode: 405, code: 'FST_METHOD_NOT_ALLOWED' })
}

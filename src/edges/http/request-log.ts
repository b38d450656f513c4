import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { loggable } from '../../platform/log.ts'

/** One line for each request, when it has been answered. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(error: Error | null | undefined, { method, url, is404 }: FastifyRequest, reply: FastifyReply): void {
    // What stands in an address that we do not have, nobody knows: a code of a paper, mistyped around it.
    const line = { method, url: is404 ? '/…' : loggable(url), status: reply.statusCode, ms: Math.round(reply.elapsedTime) }
    if (error) reply.log.error({ ...line, err: error }, 'not answered to the end')
    else reply.log.info(line, 'answered')
  }
}

import type { SwaggerOptions } from '@fastify/swagger'
import type { Deps } from '../deps.ts'
import { PROBLEMS } from '../problems.ts'

/** The frame of the OpenAPI description; its calls are those that are registered. */
export function descriptionOf({ publicUrl, school }: Deps): SwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `${school.nameEn} WeCom Hall API`, version: '1',
        description: [
          'For other systems of the school. Every call carries `Authorization: Bearer <token>`; tokens are made in the console under 接口.',
          'Errors are `application/problem+json` (RFC 9457): decide by `code`, show `detail`, which is in the language of `Accept-Language` (zh, en).',
          'Limits: `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds) come with every answer; over the limit the answer is 429 with `Retry-After`.',
        ].join('\n\n'),
      },
      servers: [{ url: publicUrl }],
      security: [{ token: [] }],
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'hall_<id>_<secret>' } },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, n) => typeof json.$id === 'string' ? json.$id : `def-${n}` },
  }
}

const text = { type: 'string' as const }

/** What every call may answer with. */
export const PROBLEM = {
  type: 'object' as const, required: ['type', 'title', 'status', 'code', 'detail', 'request_id'],
  properties: {
    type: { type: 'string' as const, format: 'uri' }, title: text, status: { type: 'integer' as const }, detail: text, request_id: text,
    code: { ...text, description: `Stable. Of every call: ${Object.keys(PROBLEMS).join(', ')}; a call's own codes stand with it.` },
    errors: { type: 'array' as const, items: { type: 'object' as const, properties: { pointer: { ...text, description: 'JSON pointer into the request' }, detail: text } } },
  },
}

import type { SwaggerOptions } from '@fastify/swagger'
import type { Deps } from '../deps.ts'

const NOTES = [
  '供学校的其他系统调用。每次调用都在请求头里带上 Authorization: Bearer 和令牌；令牌由管理员在后台的“接口”里生成。',
  '出错时回答 application/problem+json（RFC 9457）：程序看 code，它不会变；detail 给人看，按 Accept-Language 用中文或英文。',
  '每次回答都带有 RateLimit-Limit、RateLimit-Remaining 和 RateLimit-Reset（秒）；超过限制回答 429，Retry-After 说多少秒以后再来。',
]

/** The frame of the OpenAPI description; its calls are those that are registered. */
export function descriptionOf({ publicUrl, school }: Deps): SwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `${school.nameEn} API`, version: '1',
        description: NOTES.join('\n\n'),
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
    code: { ...text, description: '不会变，见“出错时的代码”' },
    errors: { type: 'array' as const, items: { type: 'object' as const, properties: { pointer: { ...text, description: '请求里的位置（JSON Pointer）' }, detail: text } } },
  },
}

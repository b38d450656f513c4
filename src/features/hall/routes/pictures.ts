import type { FastifyInstance } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { Context } from '../deps.ts'
import { PICTURE_MIMES } from '../pictures.ts'
import { findPicture } from '../store/slides.ts'

/** Pictures of the carousel. Their address is their content: a browser asks once. */
export async function pictureRoutes(app: FastifyInstance, { context: { database: { db }, files } }: { context: Context }): Promise<void> {
  app.get<{ Params: { sha256: string } }>('/pictures/:sha256', async (request, reply) => {
    const picture = await findPicture(db, request.params.sha256)
    if (!picture) throw new AppError('not-found', '没有找到这张图片')
    const stream = await files.open(picture.sha256)
    return reply.headers({ 'content-type': PICTURE_MIMES[picture.type], 'cache-control': 'private, max-age=31536000, immutable', 'content-security-policy': "default-src 'none'; sandbox" }).send(stream)
  })
}

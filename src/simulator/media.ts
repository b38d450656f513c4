import { randomBytes } from 'node:crypto'
import type { ApiTable, Binary, Call } from './api.ts'
import { WecomError } from './errors.ts'
import type { Json } from './shape.ts'

export type MediaFile = { media_id: string; type: string; filename: string; contentType: string; data: Buffer; created_at: number }
export type Media = {
  apis: ApiTable
  /** The file for a message that is sent now, or 40007 (unknown, older than 3 days, other type). */
  usable(mediaId: string | undefined, type: string): MediaFile
  /** What a phone opens: files of messages stay readable there. */
  file(mediaId: string): MediaFile | undefined
  picture(id: string): MediaFile | undefined
  clear(): void
}

const LIFE = 3 * 24 * 3600_000
const MB = 1024 * 1024
const sizes: Record<string, number> = { image: 10 * MB, voice: 2 * MB, video: 10 * MB, file: 20 * MB }

function looksLike(type: string, data: Buffer): boolean {
  const isPicture = data.subarray(0, 3).toString('hex') === 'ffd8ff' || data.subarray(0, 8).toString('hex') === '89504e470d0a1a0a'
  if (type === 'image') return isPicture
  if (type === 'voice') return data.subarray(0, 5).toString() === '#!AMR'
  if (type === 'video') return data.subarray(4, 8).toString() === 'ftyp'
  return true
}

/** The part named `media` of a multipart body. */
async function uploaded(call: Call, max: number): Promise<File> {
  if (!call.contentType.startsWith('multipart/form-data')) throw new WecomError(40058, 'multipart/form-data wanted')
  const form = await new Response(new Uint8Array(call.raw), { headers: { 'content-type': call.contentType } }).formData().catch(() => null)
  const part = form?.get('media')
  if (!(part instanceof File) || part.name === '') throw new WecomError(44001, 'a part named media with a file name is wanted')
  if (part.size === 0) throw new WecomError(44001)
  if (part.size <= 5) throw new WecomError(40006)
  if (part.size > max) throw new WecomError(45001)
  return part
}

/** Whole or by Range; encrypted media are read in steps of 16 bytes (40146), at most 20 MB at once (830002). */
function serve(file: MediaFile, range: string): Binary {
  const headers = { 'content-type': file.contentType, 'content-disposition': `attachment; filename="${encodeURIComponent(file.filename)}"` }
  const size = file.data.length
  if (range === '') {
    if (size > 20 * MB) throw new WecomError(830002, 'use Range')
    return { status: 200, headers, data: file.data }
  }
  const match = /^bytes=(\d+)-(\d*)$/.exec(range)
  const start = Number(match?.[1] ?? -1)
  const end = Math.min(match?.[2] ? Number(match[2]) : size - 1, size - 1)
  const ragged = end !== size - 1 && (end - start + 1) % 16 !== 0
  if (!match || start > end || start % 16 !== 0 || ragged) throw new WecomError(40146)
  return { status: 206, headers: { ...headers, 'content-range': `bytes ${start}-${end}/${size}` }, data: file.data.subarray(start, end + 1) }
}

/** Temporary media: 3 days, then 40007 (§7). */
export function createMedia(now: () => number, origin: () => string): Media {
  const files = new Map<string, MediaFile>()
  const pictures = new Map<string, MediaFile>()

  async function keep(call: Call, type: string): Promise<MediaFile> {
    const part = await uploaded(call, sizes[type] ?? 0)
    const data = Buffer.from(await part.arrayBuffer())
    if (!looksLike(type, data)) throw new WecomError(type === 'image' ? 40123 : 40004)
    const contentType = part.type || 'application/octet-stream'
    return { media_id: randomBytes(33).toString('base64url'), type, filename: part.name, contentType, data, created_at: now() }
  }

  async function upload(call: Call): Promise<Json> {
    const type = call.query['type'] ?? ''
    if (!(type in sizes)) throw new WecomError(40005)
    const file = await keep(call, type)
    files.set(file.media_id, file)
    return { type, media_id: file.media_id, created_at: String(Math.floor(file.created_at / 1000)) }
  }

  function usable(mediaId: string | undefined, type: string): MediaFile {
    if (!mediaId) throw new WecomError(41006)
    const file = files.get(mediaId)
    if (!file || file.created_at + LIFE <= now() || (type !== '' && file.type !== type)) throw new WecomError(40007)
    return file
  }

  const refuses = { contacts: 48002 }
  return {
    usable,
    file: (mediaId) => files.get(mediaId),
    picture: (id) => pictures.get(id),
    clear() {
      files.clear()
      pictures.clear()
    },
    apis: {
      // The contacts-sync assistant uploads too: the lists of batch imports.
      'media/upload': { method: 'POST', rawBody: true, run: upload },
      'media/get': { method: 'GET', refuses, run: ({ query, range }) => serve(usable(query['media_id'], ''), range) },
      'media/uploadimg': {
        method: 'POST', rawBody: true, refuses,
        async run(call) {
          const file = await keep(call, 'image')
          if (file.data.length > 2 * MB) throw new WecomError(45001)
          pictures.set(file.media_id, file)
          return { url: `${origin()}/media/${file.media_id}` }
        },
      },
    },
  }
}

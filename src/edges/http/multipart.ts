import multipart, { type MultipartFile, type MultipartValue } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../../platform/errors.ts'
import type { Upload } from '../../platform/web.ts'

const MB = 1024 * 1024
const FILE_LIMIT = 20 * MB

/** What a form with files may weigh in all: it is held in memory until its route has looked at it. */
const WHOLE_FORM = 64 * MB
/** Strangers send files nowhere but where a route says so. */
const STRANGERS_FORM = 256 * 1024
/** Inputs of one form; a table of 500 rows is among the longest that a service may ask for (features/services/rules/check-form.ts). */
const INPUTS = 3100

declare module 'fastify' {
  interface FastifyContextConfig {
    /** bytes of a form with files that a stranger may send here */
    largestUpload?: number
  }
}

/** Forms with files. Called on the scope itself, so that its children inherit. */
export async function forms(scope: FastifyInstance): Promise<void> {
  await scope.register(multipart, {
    throwFileSizeLimit: false, limits: { fileSize: FILE_LIMIT, files: 10, fields: INPUTS, fieldSize: 256 * 1024, parts: INPUTS + 10, headerPairs: 50 },
  })
  scope.addHook('preValidation', (request, _reply, done) => {
    if (request.isMultipart()) readMultipart(request).then(() => done(), done)
    else done()
  })
}

/** Before a byte of it is read. A form without a length (no browser sends one) could grow without end. */
function refuseTooLarge(request: FastifyRequest): void {
  const { largestUpload = STRANGERS_FORM } = request.routeOptions.config
  const length = Number(request.headers['content-length'] ?? Number.NaN)
  if (!(length <= (request.visitor ? WHOLE_FORM : largestUpload))) throw refusal(Number.isNaN(length) ? 411 : 413)
}

function refusal(statusCode: number): Error {
  return Object.assign(new Error('a form too large'), { statusCode, code: 'FST_ERR_CTP_BODY_TOO_LARGE' })
}

/** Multipart forms reach a route in the shape of other forms, files as Upload. */
async function readMultipart(request: FastifyRequest): Promise<void> {
  refuseTooLarge(request)
  const { largestUpload = 0 } = request.routeOptions.config
  const fields = new Map<string, (string | Upload)[]>()
  try {
    for await (const part of request.parts({ limits: { fileSize: Math.max(FILE_LIMIT, largestUpload) } })) {
      const name = String(part.fieldname)
      fields.set(name, [...fields.get(name) ?? [], part.type === 'file' ? await uploadOf(part) : textOf(part)])
    }
  } catch (error) {
    // The parser's own refusals carry a status; what is left is a body that is no form.
    if (error instanceof AppError || (error instanceof Error && 'statusCode' in error)) throw error
    throw unreadable(error)
  }
  request.body = Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]))
}

async function uploadOf(part: MultipartFile): Promise<Upload> {
  const data = await part.toBuffer()
  return { filename: part.filename ?? '', mimetype: part.mimetype, data, truncated: part.file.truncated }
}

// A part that calls itself JSON arrives as what it holds; a form has texts. One cut off would be something nobody wrote.
function textOf({ value, valueTruncated }: MultipartValue): string {
  if (valueTruncated) throw refusal(413)
  if (typeof value !== 'string') throw unreadable()
  return value
}

function unreadable(cause?: unknown): AppError {
  return new AppError('invalid', '提交的内容不完整或格式不对，请返回检查', { cause })
}

import { AppError } from '../../platform/errors.ts'
import type { Upload } from '../../platform/web.ts'
import type { Files } from '../../integrations/files/index.ts'
import { ATTACHMENT_TYPES } from './fields/files.ts'
import type { BoundField, Fault } from './fields/field.ts'
import { readBody } from './rules/body.ts'
import { cleanFileName } from './rules/file-name.ts'
import type { Faults, Form } from './rules/form.ts'
import { SAID, SAID_LIMITS } from './rules/said.ts'
import type { Kept } from './verbs/draft.ts'

const MB = 1024 * 1024

/** Puts what may be kept into the store, before any transaction, and says what is wrong with the rest, by field. */
export async function receive(files: Pick<Files, 'put'>, form: Form, uploads: ReadonlyMap<string, readonly Upload[]>): Promise<{ kept: Kept[]; faults: Faults }> {
  const kept: Kept[] = []
  const faults: Record<string, Fault> = {}
  const keep = keeper(files)
  for (const field of form.fields) {
    const { key, label } = field.definition
    for (const upload of uploads.get(key) ?? []) {
      const found = await inspect(field, upload)
      const taken = 'sentence' in found ? found : await keep(upload.data, found)
      if ('sentence' in taken) faults[key] = { ...taken, params: { ...taken.params, label, name: cleanFileName(upload.filename, extensionOf(upload.filename)) } }
      else kept.push({ field: key, ...taken })
    }
  }
  return { kept, faults }
}

/** What was sent along with words, as the field of SAID, and what is wrong with it. */
export async function receiveSaid(files: Pick<Files, 'put'>, sent: unknown): Promise<{ kept: Kept[]; fault?: Fault | undefined }> {
  const { kept, faults } = await receive(files, SAID, readBody(SAID, { files: sent }).uploads)
  return { kept, fault: faults.files ?? (kept.length > SAID_LIMITS.most ? { sentence: '最多 {most} 个文件', params: { most: SAID_LIMITS.most } } : undefined) }
}

type Found = Pick<Kept, 'name' | 'type'>

/** Puts one after the other into the store; once it takes none, the rest is not tried: each would be waited for as long. */
function keeper(files: Pick<Files, 'put'>): (data: Buffer, found: Found) => Promise<Omit<Kept, 'field'> | Fault> {
  let isAway = false
  return async (data, found) => {
    try {
      if (!isAway) return { ...found, size: data.length, sha256: await files.put(data) }
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'upstream') throw error
      isAway = true
    }
    return { sentence: '“{name}”没有存下，现在存不了文件。请过几分钟再选一次这个文件，填好的内容都在' }
  }
}

/** By its content: what the sender calls it proves nothing. */
async function inspect({ files }: BoundField, { filename, data, truncated }: Upload): Promise<Found | Fault> {
  if (!files) return { sentence: '“{label}”不收文件' }
  if (truncated || data.length > files.max_mb * MB) return { sentence: '“{name}”超过 {most} MB，请压缩或拆分后再传', params: { most: files.max_mb } }
  if (data.length === 0) return { sentence: '“{name}”是空文件，请重新选择' }
  const { fileTypeFromBuffer } = await import('file-type')
  const found = (await fileTypeFromBuffer(data))?.ext
  const type = ATTACHMENT_TYPES.find(one => one === found && files.types.includes(one))
  if (!type) return { sentence: '“{name}”的内容不是 {types}，请换一个文件', params: { types: files.types.map(one => one.toUpperCase()).join(' / ') } }
  return { name: cleanFileName(filename, type), type }
}

function extensionOf(name: string): string {
  return /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1] ?? 'bin'
}

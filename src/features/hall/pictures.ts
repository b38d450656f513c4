import type { Files } from '../../integrations/files/index.ts'
import type { Scanner } from '../../integrations/scan/index.ts'
import { AppError } from '../../platform/errors.ts'
import type { Upload } from '../../platform/web.ts'
import type { Picture } from './store/slides.ts'

const MOST_MB = 5
const TYPES = ['png', 'jpg', 'webp'] as const
export const PICTURE_MIMES: Record<Picture['type'], string> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' }

/** Puts an uploaded picture into the store, before any transaction; or says what is wrong with it. By its content: what the sender calls it proves nothing. */
export async function receivePicture({ files, scanner }: { files: Pick<Files, 'put'>; scanner: Scanner | null }, { data, truncated }: Upload): Promise<Pick<Picture, 'sha256' | 'type'> | { fault: string }> {
  if (truncated || data.length > MOST_MB * 1024 * 1024) return { fault: '图片超过 5 MB，请压缩后再传' }
  const { fileTypeFromBuffer } = await import('file-type')
  const found = (await fileTypeFromBuffer(data))?.ext
  const type = TYPES.find(each => each === found)
  if (!type) return { fault: '这个文件不是 PNG、JPG 或 WebP 图片，请换一个' }
  const fault = scanner && await whyUnsafe(scanner, data)
  if (fault) return { fault }
  try {
    return { sha256: await files.put(data), type }
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'upstream') throw error
    return { fault: '现在存不了文件，图片没有保存。请过几分钟再传' }
  }
}

/** A picture goes to everybody at once: where the scanner gives no answer, it is not taken. */
async function whyUnsafe(scanner: Scanner, data: Buffer): Promise<string | null> {
  try {
    const { word } = await scanner.scan(data)
    return word === 'clean' ? null : '图片没有通过病毒检查，没有保存。请用杀毒软件检查你的电脑'
  } catch (error) {
    if (error instanceof AppError && error.kind === 'upstream') return '现在检查不了病毒，图片没有保存。请过几分钟再传'
    throw error
  }
}

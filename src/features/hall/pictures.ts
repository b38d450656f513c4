import { fileTypeFromBuffer } from 'file-type'
import type { Files } from '../../integrations/files/index.ts'
import type { Upload } from '../../platform/web.ts'
import type { Picture } from './store/slides.ts'

const MOST_MB = 5
const TYPES = ['png', 'jpg', 'webp'] as const
export const PICTURE_MIMES: Record<Picture['type'], string> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' }

/** Puts an uploaded picture into the store, before any transaction; or says what is wrong with it. By its content: what the sender calls it proves nothing. */
export async function receivePicture(files: Pick<Files, 'put'>, { data, truncated }: Upload): Promise<Pick<Picture, 'sha256' | 'type'> | { fault: string }> {
  if (truncated || data.length > MOST_MB * 1024 * 1024) return { fault: '图片超过 5 MB，请压缩后再传' }
  const found = (await fileTypeFromBuffer(data))?.ext
  const type = TYPES.find(each => each === found)
  return type ? { sha256: await files.put(data), type } : { fault: '这个文件不是 PNG、JPG 或 WebP 图片，请换一个' }
}

import { createHash } from 'node:crypto'

export type DrawnCodes = {
  keep(picture: Buffer, address: string): void
  /** What a picture says, where it is one that was drawn here; a real phone reads any. */
  read(picture: Buffer): string | undefined
  clear(): void
}

const KEPT = 100

/** The codes that the platform drew, known again by their bytes: enough for a long press, without a reader of pictures. */
export function createDrawnCodes(): DrawnCodes {
  const known = new Map<string, string>()
  const nameOf = (picture: Buffer): string => createHash('sha256').update(picture).digest('hex')
  return {
    keep(picture, address) {
      known.set(nameOf(picture), address)
      for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - KEPT))) known.delete(oldest)
    },
    read: (picture) => known.get(nameOf(picture)),
    clear: () => known.clear(),
  }
}

import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { slideAdded, slideChanged, slideRemoved } from '../events.ts'
import { readSlide, type TypedSlide } from '../rules/slide.ts'
import { raiseRevision } from '../store/board.ts'
import { deleteSlide, findPicture, getSlide, insertSlide, keepPicture, listSlides, type Picture, updateSlide } from '../store/slides.ts'

export const slideVerbs = {
  /** Remembers that these bytes of the file store are a picture to be shown. */
  async takePicture(tx: Tx, { sha256, type }: Pick<Picture, 'sha256' | 'type'>): Promise<void> {
    await keepPicture(tx, { sha256, type, created_at: tx.bus.clock.now() })
  },

  /** `id` comes with the form, so that one sent twice is one. It becomes the last. Throws `invalid` with the fields. */
  async addSlide(tx: Tx, actor: Actor, id: string, typed: TypedSlide): Promise<void> {
    await raiseRevision(tx)
    const now = tx.bus.clock.now()
    const made = await wellMade(tx, typed, now)
    const last = (await listSlides(tx)).at(-1)?.place ?? 0
    if (await insertSlide(tx, { id, ...made, place: last + 1, created_at: now })) await emit(tx, slideAdded, {}, { subject: id, actor })
  },

  async changeSlide(tx: Tx, actor: Actor, id: string, typed: TypedSlide): Promise<void> {
    await raiseRevision(tx)
    const { starts_at } = await getSlide(tx, id)
    await updateSlide(tx, id, await wellMade(tx, typed, starts_at))
    await emit(tx, slideChanged, {}, { subject: id, actor })
  },

  /** Changes places with its neighbour; at an end it stays. */
  async moveSlide(tx: Tx, actor: Actor, id: string, by: -1 | 1): Promise<void> {
    await raiseRevision(tx)
    const slides = await listSlides(tx)
    const at = slides.findIndex(slide => slide.id === id)
    const other = slides[at + by]
    const slide = slides[at]
    if (!slide || !other) return
    // Counted anew, because two that were added at once may have the same place.
    const order = slides.toSpliced(at, 1).toSpliced(at + by, 0, slide)
    for (const [index, each] of order.entries()) if (each.place !== index + 1) await updateSlide(tx, each.id, { place: index + 1 })
    await emit(tx, slideChanged, {}, { subject: id, actor })
  },

  async removeSlide(tx: Tx, actor: Actor, id: string): Promise<void> {
    await raiseRevision(tx)
    if (await deleteSlide(tx, id)) await emit(tx, slideRemoved, {}, { subject: id, actor })
  },
}

async function wellMade(tx: Tx, typed: TypedSlide, beginning: number) {
  const { made, faults } = readSlide(typed, beginning)
  const unknown = made.picture !== '' && !await findPicture(tx, made.picture)
  const all = { ...faults, ...(unknown && { file: '请选择一张图片' }) }
  if (Object.keys(all).length > 0) throw new AppError('invalid', '还有内容没有填好', { fields: all })
  return made
}

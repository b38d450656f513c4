import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { movedFavourite, MOST_FAVOURITES, withFavourite } from '../rules/favourites.ts'
import { keepReader, lockReader } from '../store/readers.ts'

/** What a reader puts on the own shelf; nobody else sees it. */
export const favouriteVerbs = {
  /** `at`: where it stood before it was taken off. Does nothing where it stands there already. */
  async addFavourite(tx: Tx, person_id: string, key: string, at?: number): Promise<void> {
    const { favourites } = await lockReader(tx, person_id)
    const more = withFavourite(favourites, key, at)
    if (more.length > MOST_FAVOURITES) throw new AppError('conflict', '最多收藏 {n} 项服务，请先取消几项', { params: { n: MOST_FAVOURITES } })
    await keepReader(tx, person_id, { favourites: more })
  },

  /** Answers with the place where it stood; -1 where it was none. */
  async removeFavourite(tx: Tx, person_id: string, key: string): Promise<number> {
    const { favourites } = await lockReader(tx, person_id)
    await keepReader(tx, person_id, { favourites: favourites.filter(each => each !== key) })
    return favourites.indexOf(key)
  },

  async moveFavourite(tx: Tx, person_id: string, key: string, by: -1 | 1): Promise<void> {
    const { favourites } = await lockReader(tx, person_id)
    await keepReader(tx, person_id, { favourites: movedFavourite(favourites, key, by) })
  },
}

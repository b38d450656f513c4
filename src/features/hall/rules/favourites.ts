/** More than these is a second list of everything. */
export const MOST_FAVOURITES = 60

/** With the service among them: at `at`, else as the last. */
export function withFavourite(favourites: readonly string[], key: string, at = favourites.length): readonly string[] {
  return favourites.includes(key) ? favourites : favourites.toSpliced(at, 0, key)
}

/** One place further to the front (-1) or to the back (1); the ends stay ends. */
export function movedFavourite(favourites: readonly string[], key: string, by: -1 | 1): readonly string[] {
  const at = favourites.indexOf(key)
  const to = at + by
  return at < 0 || to < 0 || to >= favourites.length ? favourites : favourites.toSpliced(at, 1).toSpliced(to, 0, key)
}

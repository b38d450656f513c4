import type { T } from '../../../platform/text.ts'
import type { Findable } from '../../services/index.ts'

/** Words that say why a service cannot be applied for now, by its key. */
export type Stops = ReadonlyMap<string, string>

/** What a line of a list says where its service is not open to the reader. */
export function whyClosed(t: T, { key, own }: Findable, stops: Stops): string | null {
  return own ? stops.get(key) ?? null : t('不对当前身份开放')
}

import { announcementVerbs } from './announcements.ts'
import { favouriteVerbs } from './favourites.ts'
import { slideVerbs } from './slides.ts'
import { synonymVerbs } from './synonyms.ts'

/** What can be done in the hall; each takes the open transaction first. */
export const verbs = { ...favouriteVerbs, ...announcementVerbs, ...slideVerbs, ...synonymVerbs }
export type Verbs = typeof verbs

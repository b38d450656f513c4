export interface HallTables {
  hall_slides: SlidesTable
  hall_pictures: PicturesTable
  hall_announcements: AnnouncementsTable
  hall_synonyms: SynonymsTable
  hall_readers: ReadersTable
  hall_revisions: RevisionsTable
}

/** Whom something on the home page is for, by the kind of the number that is signed in. */
export type Audience = 'all' | 'student' | 'staff'

/** A picture of the carousel. */
interface SlidesTable {
  id: string
  title: string
  /** for who reads English; null: nobody wrote it */
  title_en: string | null
  /** a path of ours or an https address */
  link: string
  /** SHA-256 of its bytes, one of hall_pictures */
  picture: string
  audience: Audience
  starts_at: number
  /** null: until it is taken off */
  ends_at: number | null
  /** from 1; small ones come first */
  place: number
  created_at: number
}

/** What was uploaded for the carousel: nothing else of the file store is shown as a picture. */
interface PicturesTable {
  sha256: string
  type: 'png' | 'jpg' | 'webp'
  created_at: number
}

interface AnnouncementsTable {
  id: string
  title: string
  text: string
  /** for who reads English, both or neither */
  title_en: string | null
  text_en: string | null
  /** who speaks, as written under it */
  office: string
  audience: Audience
  pinned: 0 | 1
  starts_at: number
  /** null: until it is taken off */
  ends_at: number | null
  created_at: number
  updated_at: number
}

/** Words that departments added to those of the service's file. */
interface SynonymsTable {
  service_key: string
  /** JSON list */
  words: string
}

/** What the hall remembers of a reader. */
interface ReadersTable {
  person_id: string
  /** JSON list of service keys in the reader's order */
  favourites: string
  /** JSON list of the announcements opened, as long as they count as new */
  seen: string
}

/** Rises with every change of what all readers share, so that each process knows when to read it again. */
interface RevisionsTable {
  name: 'board'
  revision: number
}

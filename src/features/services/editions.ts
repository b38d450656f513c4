import type { Db } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { openService, type Service, type ServiceDefinition } from './catalogue.ts'
import { findProposal } from './store/proposals.ts'
import { findVersionByNumber } from './store/versions.ts'

/** A definition of a service: one of its versions, or what was uploaded and is not published. */
export type Edition = {
  /** in addresses: the version's number, or `proposal` */
  word: string
  number: number | null
  version_id: string | null
  service: Service
  /** when it was published first, or uploaded */
  at: number
}

export const PROPOSAL = 'proposal'

/** Throws `not-found`, and `conflict` where this release does not know what is in it. */
export async function getEdition(db: Db, key: string, word: string): Promise<Edition> {
  if (word === PROPOSAL) {
    const row = await findProposal(db, key)
    if (!row) throw new AppError('not-found', '这项事项没有草稿，可能已经发布或丢弃')
    return { word, number: null, version_id: null, service: open(key, row.definition), at: row.created_at }
  }
  const row = /^[1-9]\d{0,8}$/.test(word) ? await findVersionByNumber(db, key, Number(word)) : undefined
  if (!row) throw new AppError('not-found', '没有这个版本')
  return { word, number: row.version, version_id: row.id, service: open(key, row.definition), at: row.published_at }
}

function open(key: string, text: string): Service {
  const definition: ServiceDefinition = JSON.parse(text)
  try {
    return openService(key, definition)
  } catch (error) {
    if (error instanceof TypeError) throw new AppError('conflict', '这一版用了系统现在没有的内容，打不开', { cause: error })
    throw error
  }
}

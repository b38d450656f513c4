import type { IncomingMessage } from 'node:http'
import { buffer, text } from 'node:stream/consumers'
import { XMLParser } from 'fast-xml-parser'
import { type Static, Type } from 'typebox'
import type { Clock } from '../../platform/clock.ts'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import type { BucketAddress } from './bucket-address.ts'
import { type Call, createCall } from './bucket-call.ts'
import { failure, faultIn, notStored } from './faults.ts'
import type { Fault, Files, Needed } from './index.ts'
import { checked, isName, nameOf, placeOf } from './names.ts'

/** What is written to see whether anything can be. No digest, so that a sweep lets it be. */
const PROBE = { key: 'probe', body: Buffer.from('The hall looks whether files can be kept here.\n') }
/** ms for which a success is believed */
const BELIEVED = 30_000
const PROBE_PATIENCE = 5000

/** Files as objects of a bucket that speaks S3. The bucket is the hall's alone and has to be there. */
export function filesInBucket(address: BucketAddress, { clock }: { clock: Clock }): Files {
  const ask = createCall(address)
  let fineAt = -Infinity
  let trying: Promise<Fault | null> | undefined

  const call: Call = (what, read) => ask(what, read).catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'upstream') fineAt = -Infinity
    throw error
  })

  async function tryOut(): Promise<Fault | null> {
    try {
      await call({ method: 'PUT', ...PROBE, sha: nameOf(PROBE.body), patience: PROBE_PATIENCE }, drained)
      fineAt = clock.now()
      return null
    } catch (error) {
      return faultIn(error)
    }
  }

  return {
    async put(bytes) {
      const sha = nameOf(bytes)
      // Damaged bytes under this name are healed by that, and what a sweep was about to forget is fresh again.
      await call({ method: 'PUT', key: placeOf(sha), body: bytes, sha }, drained).catch(notStored)
      return sha
    },
    get: async sha => checked(await call({ method: 'GET', key: placeOf(sha) }, whole), sha),
    has: async sha => await modifiedAt(call, placeOf(sha)) !== null,
    open: async sha => await call({ method: 'GET', key: placeOf(sha) }, async answer => answer),
    remove: async sha => await call({ method: 'DELETE', key: placeOf(sha) }, drained),
    async sweep(before, needed) {
      let gone = 0
      for await (const page of pages(call)) gone += await sweepPage(call, page, before, needed)
      return gone
    },
    async fault() {
      if (Math.abs(clock.now() - fineAt) < BELIEVED) return null
      return await (trying ??= tryOut().finally(() => { trying = undefined }))
    },
  }
}

async function drained(answer: IncomingMessage): Promise<void> {
  for await (const _ of answer);
}

/** All of a body, held once where its length is told. */
async function whole(answer: IncomingMessage): Promise<Uint8Array> {
  const length = Number(answer.headers['content-length'])
  if (!Number.isSafeInteger(length)) return await buffer(answer)
  const bytes = Buffer.alloc(length)
  let at = 0
  for await (const chunk of answer) at += Buffer.from(chunk).copy(bytes, at)
  return bytes
}

type Entry = { key: string; modified: number }

const PAGE = 500
const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, isArray: name => name === 'Contents' })
const Listing = Type.Object({ ListBucketResult: Type.Object({ IsTruncated: Type.String(), Contents: Type.Optional(Type.Array(Type.Object({ Key: Type.String(), LastModified: Type.String() }))) }) })

/** What is in the bucket, in the order of names. By the first version of the list, which every S3 has; and from the last name on, as others may put and delete meanwhile. */
async function* pages(call: Call): AsyncGenerator<Entry[]> {
  for (let marker = ''; ;) {
    const listing: unknown = parser.parse(await call({ method: 'GET', key: '', query: { marker, 'max-keys': String(PAGE) } }, text))
    if (!fits<Static<typeof Listing>>(Listing, listing)) throw failure({ why: 'away', answer: 'no list of objects' })
    const { IsTruncated, Contents = [] } = listing.ListBucketResult
    yield Contents.map(({ Key, LastModified }) => ({ key: Key, modified: Date.parse(LastModified) }))
    const last = Contents.at(-1)?.Key ?? marker
    if (IsTruncated !== 'true') return
    if (last === marker) throw failure({ why: 'away', answer: 'a list without end' })
    marker = last
  }
}

async function sweepPage(call: Call, page: readonly Entry[], before: number, needed: Needed): Promise<number> {
  // What else lies in the bucket is not ours to forget.
  const old = page.filter(({ key, modified }) => modified < before && isName(nameIn(key)) && placeOf(nameIn(key)) === key)
  const kept = old.length > 0 ? await needed(old.map(({ key }) => nameIn(key))) : new Set()
  let gone = 0
  for (const { key } of old.filter(each => !kept.has(nameIn(each.key)))) {
    // The same bytes may have come again meanwhile.
    const modified = await modifiedAt(call, key)
    if (modified === null || modified >= before) continue
    await call({ method: 'DELETE', key }, drained)
    gone++
  }
  return gone
}

function nameIn(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

/** Epoch ms, to the second; null where there is no such object. */
async function modifiedAt(call: Call, key: string): Promise<number | null> {
  try {
    return await call({ method: 'HEAD', key }, async answer => {
      await drained(answer)
      return Date.parse(answer.headers['last-modified'] ?? '')
    })
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not-found') return null
    throw error
  }
}

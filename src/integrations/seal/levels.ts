import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import type { TimestampAuthority } from '@libpdf/core'
import type { Clock } from '../../platform/clock.ts'
import { AppError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { withRest } from './ask.ts'
import { addressesOf, certified, validAt } from './certified.ts'
import { addMaterial } from './dss.ts'
import type { Guard } from './faults.ts'
import { carriedIn, levelOf } from './level.ts'
import { createProofs, NobodyToAsk } from './proofs.ts'
import type { Level } from './shared/evidence.ts'
import { ChainOpen, follow, type Material, Revoked } from './shared/material.ts'
import { stampPdf } from './sign.ts'
import { requestStamp } from './stamper.ts'

export type Sealed = {
  pdf: Uint8Array
  /** what the file has reached */
  level: Level
  /** what it would have reached had every authority answered; above `level` it can be raised later */
  wished: Level
  /** sealed files that stand at the beginning of this one, each whole in its time */
  earlier: { sha256: string; level: Level }[]
}

/** A file that was stamped as a whole; `until`: epoch ms until when that stamp's own certificate holds. */
export type Archived = Pick<Sealed, 'pdf' | 'level' | 'earlier'> & { until: number }

type Deps = {
  tsaUrl: string | undefined
  clock: Clock; log: Log; guard: Guard
  /** milliseconds that an authority has to answer */
  patience: number
  /** DER, the seal's own certificate first */
  chain: Uint8Array[]
  roots: X509Certificate[]
}

/** milliseconds that an authority that failed is left alone */
const REST = 60_000
// More than clocks that are looked after differ.
const SKEW = 5 * 60_000

/** What makes more of a signature: stamps and validation data from authorities that may be away. */
export function createLevels({ tsaUrl, patience, clock, log, guard, chain, roots }: Deps) {
  const [own, ...others] = chain.map(certified)
  if (!own) throw new Error('a seal without certificate')
  const pool = [...others, ...roots.map(each => certified(each.raw))].map(each => each.parsed)
  const prove = createProofs(clock, patience)
  const rest = withRest(clock, REST)
  const best = bestLevel()
  const authority: TimestampAuthority | undefined = tsaUrl === undefined ? undefined : {
    async timestamp(digest) {
      const token = await rest.run(() => requestStamp(tsaUrl, digest, patience))
      if (Math.abs(token.at - clock.now()) > SKEW) guard.found('clock')
      return new Uint8Array(token.bytes)
    },
  }

  function bestLevel(): Level {
    if (tsaUrl === undefined || !own) return 'B-B'
    const { ocsp, crl } = addressesOf(own.parsed)
    return !own.x509.checkIssued(own.x509) && ocsp.length + crl.length > 0 ? 'B-LT' : 'B-T'
  }

  /** With a stamp where there is an authority and it answers, else without. */
  async function stamped(make: (authority?: TimestampAuthority) => Promise<Buffer>): Promise<Buffer> {
    if (authority) {
      try {
        return await make(authority)
      } catch (error) {
        // What stands in the way of any seal, as a wrong clock.
        if (error instanceof AppError) throw error
        log.warn({ err: error }, 'time stamp authority failed; sealing without time stamp')
      }
    }
    return make()
  }

  /** Adds validation data to a file with a stamp, and says what there is. */
  async function reach(file: Buffer, earlier: Sealed['earlier'] = []): Promise<Sealed> {
    const level = authority ? await levelOf(file, clock.now()) : 'B-B'
    if (level !== 'B-T' || best !== 'B-LT') return { pdf: file, level, wished: level === 'B-LTA' ? level : best, earlier }
    const { signer, others: came, stamp } = carriedIn(file)
    try {
      const material = await follow([signer, ...stamp ? [stamp.own] : []].map(each => each.parsed), [...[...came, ...stamp?.others ?? []].map(each => each.parsed), ...pool], prove)
      const pdf = await addMaterial(file, material)
      return { pdf, level: await levelOf(pdf, clock.now()), wished: best, earlier: [...earlier, { sha256: sha256(file), level }] }
    } catch (error) {
      log.warn({ err: error }, 'a sealed file goes without validation data')
      // Waiting brings nothing where nobody can be asked.
      const never = error instanceof NobodyToAsk || error instanceof ChainOpen || error instanceof Revoked
      return { pdf: file, level, wished: never ? level : best, earlier }
    }
  }

  /** What is needed to judge the last stamp over a file. */
  function wordOnNewest(file: Buffer): Promise<Material> {
    const newest = carriedIn(file).line.slice(-1).map(({ token }) => token)
    return follow(newest.map(token => token.own.parsed), [...newest.flatMap(token => token.others).map(each => each.parsed), ...pool], prove)
  }

  return {
    stamped, reach,
    /** Throws `upstream` where the seal's certificate was called back. Who cannot say so now is asked again for the next. */
    async refuseRevoked(): Promise<void> {
      if (best !== 'B-LT' || !own) return
      try {
        await follow([own.parsed], pool, prove)
      } catch (error) {
        if (error instanceof Revoked) guard.found('revoked')
      }
    },
    archives: authority !== undefined,
    /** Until when (epoch ms) a stamp of now would hold; null where the authority does not answer. */
    async archiveUntil(): Promise<number | null> {
      if (tsaUrl === undefined) return null
      try {
        return Date.parse((await rest.run(() => requestStamp(tsaUrl, randomBytes(32), patience))).own.x509.validTo)
      } catch (error) {
        log.warn({ err: error }, 'time stamp authority failed; nothing is archived now')
        return null
      }
    },
    /** Stamps a file of level B-LT as a whole, or once more, with the word on the stamps before; null where it is not of that level or who is asked does not answer. */
    async archive(file: Buffer): Promise<Archived | null> {
      const level = await levelOf(file, clock.now())
      if (!authority || (level !== 'B-LT' && level !== 'B-LTA')) return null
      try {
        const known = level === 'B-LT' ? file : await addMaterial(file, await wordOnNewest(file))
        const pdf = await stampPdf(known, `Archive${carriedIn(file).line.length}`, authority)
        const [newest] = carriedIn(pdf).line.slice(-1)
        if (!newest) throw new Error('the stamp is not in the file')
        const between = known === file ? [] : [{ sha256: sha256(known), level }]
        return { pdf, level: await levelOf(pdf, clock.now()), until: Date.parse(newest.token.own.x509.validTo), earlier: between }
      } catch (error) {
        log.warn({ err: error }, 'a sealed file was not archived')
        return null
      }
    },
    async raise(file: Buffer): Promise<Sealed> {
      const { signer, stamp } = carriedIn(file)
      if (stamp || !authority) return reach(file)
      // A stamp proves only that the signature was there by then: after the certificate's end that is of no use.
      if (!validAt(signer, clock.now())) return { pdf: file, level: 'B-B', wished: 'B-B', earlier: [] }
      try {
        return await reach(await stampPdf(file, `Stamp${clock.now()}`, authority))
      } catch (error) {
        log.warn({ err: error }, 'a sealed file was not raised')
        return { pdf: file, level: 'B-B', wished: best, earlier: [] }
      }
    },
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

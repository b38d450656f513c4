import { hash, randomInt, verify, X509Certificate } from 'node:crypto'
import { sql } from 'kysely'
import type { App } from '../../src/app.ts'
import { createVerification } from '../../src/features/documents/verify.ts'
import { checkSignature } from '../../src/integrations/seal/index.ts'
import { findSignatures } from '../../src/integrations/seal/shared/byte-ranges.ts'
import { createKeyring } from '../../src/platform/keys.ts'
import { plainPdf } from '../integrations/seal-material.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { sealing, sealOf } from '../support/corpus.ts'
import { compare, compareCalls } from './support/compare.ts'
import { type Figure, rowOf } from './support/figure.ts'

const SMALL = 1000
const LARGE = 1_000_000
const OFTEN = 10_000

/**
 * A sealed file checked whole (places, structure, digest, signature, certificate), against the SHA-256 of its bytes and one RSA signature alone;
 * one question by code to a register of a million documents, against the same to one of a thousand; and one after a paper that was asked for ten
 * thousand times, against one that was not.
 */
export const verifying: Figure = {
  stores: ['sqlite'],
  async measure(t, { rounds, share }) {
    const files = await compare(rounds, await checks(Math.ceil(200 * share)))
    const halls = [await startTestApp(t), await startTestApp(t)] as const
    const sizes = [Math.ceil(LARGE * share), SMALL]
    for (const [at, { app }] of halls.entries()) await fill(app, sizes[at] ?? SMALL)
    const anyOf = (count: number) => () => codeOf(randomInt(count))
    const [large, small] = halls.map((hall, at) => asker(hall, anyOf(sizes[at] ?? SMALL)))
    if (!large || !small) throw new Error('no halls')
    const growth = await compareCalls(rounds, 200, { ours: large, limit: small })
    await askOften(halls[1].app, OFTEN)
    const popular = await compareCalls(rounds, 200, { ours: asker(halls[1], () => codeOf(0)), limit: small })
    return [
      rowOf(files, { name: 'files checked (limit: SHA-256 and one RSA signature)', unit: 'files/s' }),
      rowOf(growth, { name: `a code in a register of ${sizes[0]?.toLocaleString('en')} (limit: of ${SMALL.toLocaleString('en')})`, unit: 'ms', digits: 2, atMost: 1.2 }),
      rowOf(popular, { name: `a code asked for ${OFTEN.toLocaleString('en')} times (limit: any other)`, unit: 'ms', digits: 2, atMost: 1.2 }),
    ]
  },
}

async function checks(count: number) {
  const seal = await sealOf('明湖大学电子签章')
  const { pdf } = await seal.sign(await plainPdf(), sealing)
  const key = new X509Certificate(seal.roots[0] ?? '').publicKey
  const [found] = findSignatures(pdf).found
  // Any signature of this length costs the same to refuse.
  const signature = found?.cms.subarray(-256) ?? new Uint8Array(256)
  const perSecond = async (one: () => unknown) => {
    const began = performance.now()
    for (let i = 0; i < count; i++) await one()
    return count / (performance.now() - began) * 1000
  }
  return {
    ours: () => perSecond(() => checkSignature(pdf, { roots: seal.roots, at: Date.now() })),
    limit: () => perSecond(() => verify('sha256', Buffer.from(hash('sha256', pdf), 'hex'), key, signature)),
  }
}

// Codes of sixteen digits count up, so that any of them can be asked for.
const codeOf = (number: number) => String(number).padStart(16, '0')

async function fill({ database: { db } }: App, count: number): Promise<void> {
  await sql`insert into documents_documents (id, kind, title, number, code, person_id, person_number, facts, template_hash, status, sha256, created_at, issued_at)
    with recursive counted(n) as (select 0 union all select n + 1 from counted where n < ${count - 1})
    select 'bench' || n, 'enrolment-zh', '中文在读证明', 'B' || n, printf('%016d', n), 'nobody', 'nobody', '{}', 'none', 'issued', lower(hex(randomblob(32))), 0, 0 from counted`.execute(db)
}

async function askOften({ database: { db } }: App, times: number): Promise<void> {
  await sql`insert into documents_verifications (id, document_id, at, how)
    with recursive counted(n) as (select 0 union all select n + 1 from counted where n < ${times - 1})
    select '00' || n, 'bench0', 0, 'code' from counted`.execute(db)
}

// A document asked for twice in a minute is kept once: a thousand of them soon cost less than a million would, if the minutes did not pass.
const A_MINUTE = 61_000

function asker({ app: { database }, clock }: TestApp, code: () => string): () => Promise<unknown> {
  const { byCode } = createVerification({ database, keyring: createKeyring([Buffer.alloc(32, 5)]), clock, checkSignature, roots: [], shares: { tryPasscode: () => { throw new Error('no passcode is asked about') } } })
  return async () => {
    clock.advance(A_MINUTE)
    const { verdict } = await byCode(code(), '192.0.2.1')
    if (verdict !== 'genuine') throw new Error(`a code of the register is ${verdict}`)
  }
}

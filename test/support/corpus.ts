import { createSeal, type Seal } from '../../src/integrations/seal/index.ts'
import { createLog } from '../../src/platform/log.ts'
import { identity, p12Of, PASSWORD, plainPdf } from '../integrations/seal-material.ts'
import { type Attack, attacks } from './attacks.ts'

export const sealing = { reason: '签发电子证明', location: '明湖大学', fieldName: 'Seal', seal: { page: 1, rect: [400, 100, 500, 200] as [number, number, number, number] } }

/** One of our seals, its certificate alone trusted, as the hall does it. */
export async function sealOf(name: string): Promise<Seal> {
  return createSeal({ p12: await p12Of(await identity(name)), password: PASSWORD, log: createLog('silent') })
}

/** A sealed file, the attacks made from it, and whom to trust. */
export async function corpus(): Promise<{ genuine: Uint8Array; attacks: Attack[]; roots: string[] }> {
  const school = await sealOf('明湖大学电子签章')
  const by = (seal: Seal) => async (pdf: Uint8Array, fieldName: string) => (await seal.sign(pdf, { ...sealing, fieldName })).pdf
  const unsigned = await plainPdf()
  const genuine = await by(school)(unsigned, 'Seal')
  const others = { anotherSchool: by(await sealOf('别的大学电子签章')), lookAlike: by(await sealOf('明湖大学电子签章')) }
  return { genuine, roots: school.roots, attacks: await attacks({ genuine, unsigned, own: by(school), others }) }
}

import { hash } from 'node:crypto'
import { textIn } from '../../../platform/text.ts'
import { verifyUrl } from '../qr.ts'
import type { DocumentRow } from '../tables.ts'
import type { Facts, Template } from '../templates.ts'
import type { CredentialsTable } from './tables.ts'

export const CONTEXT = 'https://www.w3.org/ns/credentials/v2'
const OPEN_BADGES = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'
const SCHEMA = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json'

export type Issuer = { publicUrl: string; name: string }

/** Addresses that stay for ever: credentials that people hold point to them. */
export const addresses = (publicUrl: string) => ({
  issuer: `${publicUrl}/credentials/issuer`,
  key: (id: string) => `${publicUrl}/credentials/keys/${id}`,
  list: (list: number) => `${publicUrl}/credentials/status/${list}`,
  achievement: (kind: string) => `${publicUrl}/credentials/achievements/${kind}`,
})

/** The issuer as Open Badges and the W3C's controlled identifiers want it. */
export function profileOf({ publicUrl, name }: Issuer) {
  return { id: addresses(publicUrl).issuer, type: ['Profile'], name, url: publicUrl }
}

/** A kind of paper, as an achievement that many people have. */
export function achievementOf({ publicUrl }: Pick<Issuer, 'publicUrl'>, { kind, title, language }: Pick<Template, 'kind' | 'title' | 'language'>) {
  const t = textIn(language)
  return {
    id: addresses(publicUrl).achievement(kind), type: ['Achievement'], name: t(title), description: t('学校出具的“{title}”的电子凭证', { title: t(title) }),
    achievementType: 'Certificate', inLanguage: language, criteria: { narrative: t('由学校按照学籍和成绩记录出具') },
  }
}

type Told = { document: DocumentRow; template: Template; credential: CredentialsTable; issuer: Issuer }

/**
 * What the PDF certifies as an Open Badges 3.0 credential (1EdTech, a W3C Verifiable Credential 2.0). Its subject is a random URN of this
 * credential alone; the name and number stand among the facts, as on the paper. Its status is looked up in a list with many others.
 */
export function credentialOf({ document, template, credential, issuer }: Told) {
  const at = addresses(issuer.publicUrl)
  const achievement = achievementOf(issuer, template)
  return {
    '@context': [CONTEXT, OPEN_BADGES, { certified: { '@id': `${issuer.publicUrl}/credentials/terms#certified`, '@type': '@json' } }],
    id: `urn:uuid:${credential.id}`, type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: achievement.name, issuer: profileOf(issuer), validFrom: secondOf(document.issued_at ?? document.created_at),
    credentialSubject: { id: `urn:uuid:${credential.subject}`, type: ['AchievementSubject'], achievement, licenseNumber: document.number, certified: certifiedOf(template, document.facts) },
    // The sealed file is the document itself: who has both sees that they belong together.
    evidence: [{ id: verifyUrl(issuer.publicUrl, document.code), type: ['Evidence'], name: document.number, ...document.sha256 && { description: `PDF SHA-256 ${document.sha256}` } }],
    credentialStatus: {
      id: `${at.list(credential.list)}#${credential.place}`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation',
      statusListIndex: String(credential.place), statusListCredential: at.list(credential.list),
    },
    credentialSchema: [{ id: SCHEMA, type: '1EdTechJsonSchemaValidator2019' }],
  }
}

/** The status list as a credential of its own (W3C Bitstring Status List v1.0 §2.2). */
export function statusListOf({ issuer, list, encoded, now }: { issuer: Issuer; list: number; encoded: string; now: number }) {
  const at = addresses(issuer.publicUrl)
  return {
    '@context': [CONTEXT], id: at.list(list), type: ['VerifiableCredential', 'BitstringStatusListCredential'], issuer: at.issuer, validFrom: secondOf(now),
    credentialSubject: { id: `${at.list(list)}#list`, type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList: encoded },
  }
}

/** What the template prints of what is known, and nothing else. */
function certifiedOf({ facts: wanted }: Template, facts: Facts): Facts {
  return Object.fromEntries(wanted.flatMap(({ key }) => facts[key] ? [[key, facts[key]]] : []))
}

/** To the second, as `nbf` has it: both must say the same moment. */
function secondOf(at: number): string {
  return new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}

/** A name for an answer's state. */
export function markOf(text: string): string {
  return `"${hash('sha256', text).slice(0, 32)}"`
}

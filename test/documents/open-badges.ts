// Open Badges 3.0 (1EdTech), what its data model demands of the classes that are used here: §B.1, VC-JWT §8.2.
const list = (word: string | readonly string[]) => ({ type: 'array', items: { type: 'string' }, allOf: [word].flat().map(each => ({ contains: { const: each } })) })
const uri = { type: 'string', pattern: '^[a-z][a-z0-9+.-]*:' }
const text = { type: 'string', minLength: 1 }
const closed = { type: 'object', additionalProperties: false }

const profile = { ...closed, required: ['id', 'type'], properties: { id: uri, type: list('Profile'), name: text, url: uri } }
const achievement = {
  ...closed, required: ['id', 'type', 'name', 'description', 'criteria'],
  properties: { id: uri, type: list('Achievement'), name: text, description: text, inLanguage: { enum: ['zh', 'en'] }, achievementType: { enum: ['Certificate'] }, criteria: { ...closed, properties: { id: uri, narrative: text } } },
}

export const achievementCredential = {
  ...closed, required: ['@context', 'id', 'type', 'issuer', 'validFrom', 'credentialSubject'],
  properties: {
    '@context': {
      type: 'array', minItems: 2, additionalItems: { type: ['string', 'object'] },
      items: [{ const: 'https://www.w3.org/ns/credentials/v2' }, { type: 'string', pattern: '^https://purl\\.imsglobal\\.org/spec/ob/v3p0/context(-3\\.\\d\\.\\d)*\\.json$' }],
    },
    id: uri, type: list(['VerifiableCredential', 'OpenBadgeCredential']), name: text, issuer: profile,
    validFrom: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' },
    credentialSubject: { type: 'object', required: ['type', 'achievement', 'id'], properties: { id: uri, type: list('AchievementSubject'), achievement, licenseNumber: text } },
    evidence: { type: 'array', items: { ...closed, required: ['type'], properties: { id: uri, type: list('Evidence'), name: text, description: text } } },
    credentialStatus: { type: 'object', required: ['id', 'type'], properties: { id: uri, type: text } },
    credentialSchema: { type: 'array', contains: { required: ['id', 'type'], properties: { type: { const: '1EdTechJsonSchemaValidator2019' } } } },
    // Of the JWT.
    iss: uri, sub: uri, jti: uri, nbf: { type: 'integer' },
  },
}

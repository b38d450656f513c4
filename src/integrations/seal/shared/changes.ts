import { openRevision, readUpdates, type Revision, type Update } from './pdf-file.ts'
import { type Dict, isArray, isDict, isRef, type PdfObject, type Ref, Unreadable, type Value, wordsOf } from './pdf-values.ts'

/** What was changed after the seal, and in which object of the file; `unreadable`: bytes that no reader is sure to read alike. */
export type Change = {
  what: 'page' | 'content' | 'annotation' | 'form' | 'font' | 'image' | 'action' | 'signature' | 'document' | 'other' | 'unreadable'
  object: number | null
}

/**
 * What was done to a file after the seal that covers its first `end` bytes. Nothing may follow a seal but the data that
 * prove it later (DSS) and time stamps over the whole document; all else is named. `isStamp`: whether a sound time stamp
 * stands between two places. Never throws.
 */
export async function changesSince(bytes: Uint8Array, end: number, isStamp: (from: number, to: number) => boolean): Promise<Change[]> {
  try {
    const base = await openRevision(bytes, end)
    const updates = await readUpdates(bytes, end, base)
    if (updates.length === 0) return [{ what: 'unreadable', object: null }]
    const changes: Change[] = []
    let known: Revision = base
    for (const update of updates) {
      changes.push(...await changesOf(update, known, isStamp))
      known = after(known, update)
    }
    return changes
  } catch (error) {
    if (error instanceof Unreadable || error instanceof TypeError) return [{ what: 'unreadable', object: null }]
    throw error
  }
}

function after(known: Revision, { objects, trailer, begins }: Update): Revision {
  return { trailer, begins, get: async number => objects.get(number) ?? known.get(number) }
}

type Walk = { update: Update; known: Revision; isStamp: (from: number, to: number) => boolean; allowed: Set<number>; changes: Change[] }

async function changesOf(update: Update, known: Revision, isStamp: Walk['isStamp']): Promise<Change[]> {
  const walk: Walk = { update, known, isStamp, allowed: new Set(), changes: [] }
  const root = known.trailer.get('/Root')
  const moved = ['/Root', '/Info'].filter(key => wordsOf(update.trailer.get(key)) !== wordsOf(known.trailer.get(key)))
  if (!isRef(root) || moved.length > 0) return [{ what: 'document', object: null }]
  await catalog(walk, root)
  await pages(walk)
  await information(walk)
  for (const [number, object] of update.objects) {
    if (!walk.allowed.has(number)) walk.changes.push({ what: kindOf(object, await known.get(number)), object: number })
  }
  return walk.changes
}

/** The new state of an object that this update brings, with the state before. */
async function renewed({ update, known }: Walk, number: number): Promise<{ now: Dict; before: Dict } | null> {
  const now = update.objects.get(number)?.value
  const before = (await known.get(number))?.value
  return isDict(now) && isDict(before) ? { now, before } : null
}

const differing = (now: Dict, before: Dict) => [...new Set([...now.keys(), ...before.keys()])].filter(key => wordsOf(now.get(key)) !== wordsOf(before.get(key)))

async function catalog(walk: Walk, { ref }: Ref): Promise<void> {
  const root = await renewed(walk, ref)
  const now = root?.now ?? (await walk.known.get(ref))?.value
  if (!isDict(now)) throw new Unreadable('no catalog')
  if (root) {
    const keys = differing(root.now, root.before).filter(key => !['/DSS', '/AcroForm', '/Extensions'].includes(key))
    for (const key of keys) walk.changes.push({ what: ['/OpenAction', '/AA', '/Names', '/URI'].includes(key) ? 'action' : key === '/Pages' ? 'page' : 'document', object: ref })
    walk.allowed.add(ref)
  }
  await validationData(walk, now.get('/DSS'), (root?.before ?? now).get('/DSS'))
  await forms(walk, now.get('/AcroForm'), root?.before.get('/AcroForm') ?? now.get('/AcroForm'))
}

type Look = (number: number) => Promise<PdfObject | undefined>

/** Allows what this update brings of a DSS: new objects, and those that were part of it before; none of them is ever drawn. */
async function validationData({ update, known, allowed }: Walk, now: Value | undefined, before: Value | undefined): Promise<void> {
  const earlier = await partsOf(known.get, before)
  for (const [number, sound] of await partsOf(async each => update.objects.get(each) ?? known.get(each), now)) {
    if (sound && (earlier.has(number) || !await known.get(number))) allowed.add(number)
  }
}

const of = (...keys: string[]) => (value: Value) => isDict(value) && [...value.keys()].every(key => keys.includes(key))
const isDss = of('/Type', '/Certs', '/OCSPs', '/CRLs', '/VRI')
const isVri = (value: Value) => isDict(value) && [...value.keys()].every(key => key === '/Type' || /^\/[0-9A-Fa-f]{40}$/.test(key))
const isVriEntry = of('/Type', '/Cert', '/OCSP', '/CRL', '/TU', '/TS')
const isEvidence = of('/Length', '/Filter', '/DecodeParms')
const isList = (value: Value) => isArray(value) && value.every(isRef)

/** The objects that a DSS (ETSI EN 319 142-1 §5.4) consists of, and whether each is what it should be there. */
async function partsOf(look: Look, value: Value | undefined): Promise<Map<number, boolean>> {
  const parts = new Map<number, boolean>()
  const judge = (number: number, sound: boolean) => parts.set(number, sound && parts.get(number) !== false)
  const take = async (each: Value | undefined, sound: (value: Value) => boolean): Promise<Value | undefined> => {
    if (!isRef(each)) return each
    const object = await look(each.ref)
    judge(each.ref, object !== undefined && !object.stream && sound(object.value))
    return object?.value
  }
  const takeStreams = async (dict: Dict, keys: readonly string[]) => {
    for (const key of keys) {
      const list = await take(dict.get(key), isList)
      for (const { ref } of isArray(list) ? list.filter(isRef) : []) {
        const object = await look(ref)
        judge(ref, object?.stream !== null && object !== undefined && isEvidence(object.value))
      }
    }
  }
  const dss = await take(value, isDss)
  if (!isDict(dss)) return parts
  await takeStreams(dss, ['/Certs', '/OCSPs', '/CRLs'])
  const vri = await take(dss.get('/VRI'), isVri)
  for (const each of isDict(vri) ? vri.values() : []) {
    const entry = await take(each, isVriEntry)
    if (isDict(entry)) await takeStreams(entry, ['/Cert', '/OCSP', '/CRL'])
  }
  return parts
}

async function forms(walk: Walk, value: Value | undefined, earlier: Value | undefined): Promise<void> {
  if (isRef(value)) {
    const form = await renewed(walk, value.ref)
    if (!isRef(earlier) || earlier.ref !== value.ref) walk.changes.push({ what: 'form', object: value.ref })
    else if (form && await onlyStampsAdded(walk, form, '/Fields', ['/SigFlags'])) walk.allowed.add(value.ref)
  } else if (isDict(value) && !(isDict(earlier) && await onlyStampsAdded(walk, { now: value, before: earlier }, '/Fields', ['/SigFlags']))) walk.changes.push({ what: 'form', object: null })
}

/** Whether two states differ in nothing but time stamps' fields at the end of a list. */
async function onlyStampsAdded(walk: Walk, { now, before }: { now: Dict; before: Dict }, list: string, others: readonly string[] = []): Promise<boolean> {
  if (differing(now, before).some(key => key !== list && !others.includes(key))) return false
  const [fields, were] = [now.get(list) ?? [], before.get(list) ?? []]
  if (!isArray(fields) || !isArray(were)) return wordsOf(fields) === wordsOf(were)
  if (wordsOf(fields.slice(0, were.length)) !== wordsOf(were)) return false
  const added = fields.slice(were.length)
  const stamps = await Promise.all(added.map(each => isRef(each) ? isStampField(walk, each.ref) : false))
  return stamps.every(Boolean)
}

const OF_STAMP_FIELD = ['/FT', '/T', '/V', '/Type', '/Subtype', '/F', '/P', '/Rect', '/Ff']
const OF_STAMP = ['/Type', '/Filter', '/SubFilter', '/ByteRange', '/Contents', '/V', '/M', '/Name', '/Reason', '/Prop_Build']

/** A field that shows nothing and holds a time stamp over the document. */
async function isStampField({ update, known, isStamp, allowed }: Walk, number: number): Promise<boolean> {
  const field = update.objects.get(number)
  if (!field || !isDict(field.value)) return false
  const { value: dict } = field
  const value = dict.get('/V')
  const stamp = isRef(value) ? update.objects.get(value.ref) : undefined
  const unseen = [...dict.keys()].every(key => OF_STAMP_FIELD.includes(key)) && dict.get('/FT') === '/Sig' && ['[0,0,0,0]', 'undefined'].includes(wordsOf(dict.get('/Rect')))
  if (!unseen || !stamp || await known.get(number) || await known.get(stamp.number) || !isDict(stamp.value) || stamp.value.get('/SubFilter') !== '/ETSI.RFC3161') return false
  if (![...stamp.value.keys()].every(key => OF_STAMP.includes(key)) || !isStamp(stamp.from, stamp.to)) return false
  allowed.add(number)
  allowed.add(stamp.number)
  return true
}

// A field must be named on a page by some writers; a page may get nothing else.
async function pages(walk: Walk): Promise<void> {
  for (const [number, { value }] of walk.update.objects) {
    const page = await renewed(walk, number)
    const listed = isArray(value) ? (await walk.known.get(number))?.value : undefined
    if (page && page.before.get('/Type') === '/Page' && await onlyStampsAdded(walk, page, '/Annots')) walk.allowed.add(number)
    else if (isArray(value) && isArray(listed) && await onlyStampsAdded(walk, { now: new Map([['list', value]]), before: new Map([['list', listed]]) }, 'list')) walk.allowed.add(number)
  }
}

/** When and with what it was written last, in the document's properties. */
async function information(walk: Walk): Promise<void> {
  const info = walk.known.trailer.get('/Info')
  const change = isRef(info) ? await renewed(walk, info.ref) : null
  if (isRef(info) && change && differing(change.now, change.before).every(key => ['/ModDate', '/Producer'].includes(key))) walk.allowed.add(info.ref)
}

function kindOf(now: PdfObject, before: PdfObject | undefined): Change['what'] {
  return [now, ...before ? [before] : []].map(({ value, stream }) => isDict(value) ? kindOfDict(value, stream !== null) : null).find(kind => kind !== null) ?? 'other'
}

function kindOfDict(dict: Dict, stream: boolean): Change['what'] | null {
  const [type, subtype] = [dict.get('/Type'), dict.get('/Subtype')]
  if (type === '/Page' || type === '/Pages') return 'page'
  if (type === '/Sig' || type === '/DocTimeStamp' || dict.has('/ByteRange')) return 'signature'
  if (subtype === '/Widget' || dict.has('/FT') || dict.has('/Fields')) return 'form'
  if (type === '/Annot' || dict.has('/Rect')) return 'annotation'
  if (type === '/Font' || type === '/FontDescriptor' || dict.has('/Length1') || subtype === '/CIDFontType0C' || subtype === '/Type1C') return 'font'
  if (type === '/XObject' || subtype === '/Image' || subtype === '/Form') return 'image'
  if (dict.has('/JS') || dict.has('/S')) return 'action'
  if (type === '/Catalog') return 'document'
  return stream ? 'content' : null
}

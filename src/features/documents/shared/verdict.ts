import type { Evidence, Level } from '../../../integrations/seal/shared/evidence.ts'
import type { Change, SignatureCheck } from '../../../integrations/seal/shared/verify.ts'

export type Verdict = 'genuine' | 'altered' | 'unknown' | 'revoked'

/** What the register says of a document: that it holds, or since when (a day in words) and why it does not. */
export type Registered = { status: string; ended_on?: string; reason?: string; /** number of the document that took its place */ replaced_by?: string }

export type FileFindings = Pick<SignatureCheck, 'signed' | 'whole' | 'intact' | 'trusted'> & { registered: Pick<Registered, 'status'> | undefined }

/** What a file is, from three questions told apart: its bytes, its signer, our register. */
export function verdictOf({ signed, whole, intact, trusted, registered }: FileFindings): Verdict {
  if (!signed) return 'unknown'
  if (!intact || !whole) return 'altered'
  if (!trusted || !registered) return 'unknown'
  return registered.status === 'revoked' ? 'revoked' : 'genuine'
}

/** A phrase in the reader's language. */
export type T = (phrase: string, params?: Record<string, string | number>) => string

/** What a line is about, for programs: these words stay. */
export type Finding = 'readable' | 'signed' | 'unchanged' | 'nothing-added' | 'signer' | 'time' | 'revocation' | 'level' | 'registered' | 'valid'

/** `ok` null: could not be asked, or proves nothing either way. */
export type Check = { finding: Finding; ok: boolean | null; text: string; note?: string }

export type VerdictView = { state: Verdict; word?: string; sentence: string; checks: Check[] }

/** What a reader is told of a file: the verdict, and each finding by itself. */
export function fileVerdict(signature: SignatureCheck, registered: Registered | undefined, t: T): VerdictView {
  const state = verdictOf({ ...signature, registered })
  return { state, ...wordOf(registered, state, t), sentence: fileSentence(state, signature, registered, t), checks: fileChecks(signature, registered, t) }
}

/** What a reader is told of a code: that the paper on which it stands is unchanged nobody can say. */
export function codeVerdict(registered: Registered | undefined, t: T): VerdictView {
  const state = !registered ? 'unknown' : registered.status === 'revoked' ? 'revoked' : 'genuine'
  return {
    state, ...wordOf(registered, state, t), sentence: state === 'genuine' ? t('学校出具过这份文件，现在有效') : sentenceOf(state, registered, t),
    checks: registered ? [{ finding: 'registered', ok: true, text: t('验证码在学校的登记簿里') }, stillValid(registered, t)] : [{ finding: 'registered', ok: false, text: t('验证码不在学校的登记簿里') }],
  }
}

function wordOf(registered: Registered | undefined, state: Verdict, t: T): { word?: string } {
  if (state === 'unknown' && registered) return { word: t('不能确认') }
  return state === 'revoked' && registered?.replaced_by ? { word: t('已换发') } : {}
}

function sentenceOf(state: Verdict, registered: Registered | undefined, t: T): string {
  if (state === 'genuine') return t('这份文件由学校出具，内容没有改动过，现在有效')
  if (state === 'altered') return t('这份文件在签章之后被改动过，内容不可信，不要采用')
  if (state === 'unknown') return t('登记簿里没有这份文件。请检查验证码是否输全，或者核验原始的 PDF')
  return registered?.replaced_by ? t('这份文件确实由学校出具，但已经换发了新的，请向持有人要新的文件') : t('这份文件确实由学校出具，但已经作废，不要再采用')
}

/** Of what is not known, why: a scan of a paper is no forgery. */
function fileSentence(state: Verdict, signature: SignatureCheck, registered: Registered | undefined, t: T): string {
  if (state !== 'unknown') return sentenceOf(state, registered, t)
  if (signature.reasons.includes('too-hard')) return t('这份文件核对起来太费时间，没有核完。学校出具的文件不会这样，请用验证码核验')
  if (signature.reasons.includes('not-pdf')) return t('这不是 PDF 文件。学校出具的证明文件都是 PDF')
  if (!signature.signed) return t('文件上没有电子签章，不是学校发出的原始文件。扫描件、照片和另存的文件请用验证码核验')
  if (registered) return t(whyNotTrusted(signature))
  if (!signature.trusted) return t('文件上的签章不是学校的，不要当作学校出具的文件')
  return t('签章属于学校，但登记簿里没有这份文件。请联系学校核实')
}

/** Of a file that is ours. */
function whyNotTrusted({ reasons }: SignatureCheck): string {
  if (reasons.includes('signed-in-future')) return '这份文件在登记簿里，但是签章上的时间还没有到，学校的时钟可能不准。请过些时候再核验，或者联系学校核实'
  if (reasons.includes('certificate-not-valid-then')) return '这份文件在登记簿里，但是签章时证书不在有效期内。请联系学校核实'
  return '这份文件在登记簿里，但是签章的证书不在学校公布的证书之列。请联系学校核实'
}

function fileChecks(signature: SignatureCheck, registered: Registered | undefined, t: T): Check[] {
  if (signature.reasons.includes('too-hard')) return [{ finding: 'readable', ok: null, text: t('没有核完') }]
  if (signature.reasons.includes('not-pdf')) return [{ finding: 'readable', ok: false, text: t('不是 PDF 文件') }]
  if (!signature.signed) return [{ finding: 'signed', ok: false, text: t('文件上没有电子签章') }]
  return [
    { finding: 'unchanged', ok: signature.intact, text: signature.intact ? t('签章覆盖的内容没有改动') : t('签章覆盖的内容被改动过') },
    additions(signature, t),
    signer(signature, registered, t),
    time(signature, t),
    ...proofs(signature, t),
    registered ? { finding: 'registered', ok: true, text: t('文件在学校的登记簿里') } : { finding: 'registered', ok: signature.intact && signature.whole ? false : null, text: t('文件不在学校的登记簿里') },
    ...registered ? [stillValid(registered, t)] : [],
  ]
}

function additions({ intact, whole, changes, revisions }: SignatureCheck, t: T): Check {
  if (!intact && changes.length === 0) return { finding: 'nothing-added', ok: null, text: t('签章之后添加了什么，无从核对') }
  if (!whole) {
    const objects = changes.flatMap(({ object }) => object ?? []).slice(0, 5)
    return {
      finding: 'nothing-added', ok: false, text: t('签章之后添加或改动了：{what}', { what: [...new Set(changes.map(({ what }) => partOf(what, t)))].join(t('、')) }),
      ...objects.length > 0 && { note: t('PDF 对象 {objects}', { objects: objects.join(t('、')) }) },
    }
  }
  return { finding: 'nothing-added', ok: true, text: revisions.length > 1 ? t('签章之后只添加了证明时间和证书的数据') : t('签章之后没有添加任何内容') }
}

function partOf(what: Change['what'], t: T): string {
  switch (what) {
    case 'page': return t('页面')
    case 'content': return t('正文')
    case 'annotation': return t('批注')
    case 'form': return t('表单栏')
    case 'font': return t('字体')
    case 'image': return t('图片')
    case 'action': return t('打开时的动作')
    case 'signature': return t('另一个签名')
    case 'document': return t('文件的总目录')
    case 'other': return t('其他对象')
    case 'unreadable': return t('无法识别的内容')
  }
}

function signer({ intact, trusted, signer: who, reasons }: SignatureCheck, registered: Registered | undefined, t: T): Check {
  // Whose a broken signature is cannot be said.
  if (!who || (!intact && !trusted)) return { finding: 'signer', ok: null, text: t('内容已改动，无从核对签章的证书') }
  const note = who.name
  if (trusted) return { finding: 'signer', ok: true, text: t('签章的证书属于学校，签章时有效'), note }
  if (reasons.includes('signed-in-future')) return { finding: 'signer', ok: null, text: t('签章时间还没有到，无从核对签章的证书'), note }
  if (reasons.includes('certificate-not-valid-then')) return { finding: 'signer', ok: false, text: t('签章时证书不在有效期内'), note }
  return { finding: 'signer', ok: false, text: registered ? t('签章的证书不在学校公布的证书之列') : t('签章的证书不属于学校'), note }
}

function time({ signedAt, provenAt, provenBy, provenUntil, provenNow, trusted, reasons }: SignatureCheck, t: T): Check {
  if (provenAt !== undefined) {
    const by = provenBy ? [t('出具时间戳的机构：{name}', { name: provenBy })] : []
    const until = provenUntil === undefined ? [] : [t(provenNow ? '文件里的时间戳能证明到 {day}' : '文件里的时间戳只能证明到 {day}，之后没有续盖', { day: dayOf(provenUntil) })]
    return { finding: 'time', ok: true, text: t('签章时间有第三方的时间戳：{time}', { time: timeOf(provenAt) }), ...by.length + until.length > 0 && { note: [...by, ...until].join(' · ') } }
  }
  if (reasons.includes('signed-in-future')) return { finding: 'time', ok: false, text: t('签章时间还没有到，不可信') }
  if (signedAt === undefined || !trusted) return { finding: 'time', ok: null, text: t('签章时间没有证明') }
  return { finding: 'time', ok: null, text: t('签章时间 {time} 由学校写明，没有第三方的时间戳', { time: timeOf(signedAt) }) }
}

/** What the file brings along for those who check it later: word on its certificates, and the level it has reached by that. */
function proofs({ evidence, level }: SignatureCheck, t: T): Check[] {
  if (evidence === undefined || level === undefined) return []
  return [revocation(evidence, t), { finding: 'level', ok: level === 'B-B' ? null : true, text: t('签章的级别：PAdES {level}', { level }), note: meaningOf(level, t) }]
}

function revocation(evidence: Evidence, t: T): Check {
  switch (evidence) {
    case 'good': return { finding: 'revocation', ok: true, text: t('文件里带着证书当时没有被吊销的证明') }
    case 'revoked': return { finding: 'revocation', ok: false, text: t('文件里的证明说，签章的证书在签章以前已经被吊销') }
    case 'partial': return { finding: 'revocation', ok: null, text: t('文件里带着吊销情况的数据，但不够证明每一张证书') }
    case 'none': return { finding: 'revocation', ok: null, text: t('文件里没有证书是否被吊销的证明') }
  }
}

function meaningOf(level: Level, t: T): string {
  switch (level) {
    case 'B-B': return t('只有签章本身：能看出内容有没有改动、是谁签的')
    case 'B-T': return t('签章和时间戳：还能证明最晚什么时候已经签好')
    case 'B-LTA': return t('文件连同这些证明又盖了时间戳，机构的证书到期以前会续盖：几十年以后也能核对')
    case 'B-LT': return t('签章、时间戳和证书的证明都在文件里：多年以后不问任何机构也能核对')
  }
}

// A school in China has one clock; the reader may sit anywhere.
export function timeOf(at: number): string {
  return new Date(at + 8 * 3600_000).toISOString().slice(0, 16).replace('T', ' ')
}

function dayOf(at: number): string {
  return timeOf(at).slice(0, 10)
}

function stillValid({ status, ended_on = '', reason, replaced_by }: Registered, t: T): Check {
  if (status !== 'revoked') return { finding: 'valid', ok: true, text: t('没有作废') }
  const note = [...reason ? [t('原因：{reason}', { reason })] : [], ...replaced_by ? [t('新的文件编号：{number}', { number: replaced_by })] : []].join(' · ')
  return { finding: 'valid', ok: false, text: replaced_by ? t('已于 {date} 换发', { date: ended_on }) : t('已于 {date} 作废', { date: ended_on }), ...note && { note } }
}

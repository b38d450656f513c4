import { randomBytes, randomInt } from 'node:crypto'
import { encrypt, getSignature } from '@wecom/crypto'
import { writeXml, type XmlFields } from './xml.ts'

export type Channel = { token: string; encodingAesKey: string }
export type Envelope = { query: string; body: string }
type Sealing = { corpId: string; agentId: number | null; seconds: number; wrongSignature: boolean; wrongReceiver: boolean }

function signed(channel: Channel, encrypted: string, seconds: number, wrong: boolean): URLSearchParams {
  const nonce = String(randomInt(100_000_000, 999_999_999))
  const signature = getSignature(channel.token, seconds, nonce, encrypted)
  const msg_signature = wrong ? signature.replace(/^./, (first) => (first === '0' ? '1' : '0')) : signature
  return new URLSearchParams({ msg_signature, timestamp: String(seconds), nonce })
}

/** The encrypted POST for one callback (§5.2); AgentID only on the app's own channel. */
export function seal(channel: Channel, xml: string, how: Sealing): Envelope {
  const encrypted = encrypt(channel.encodingAesKey, xml, how.wrongReceiver ? 'ww0000000000000000' : how.corpId)
  const fields: XmlFields = { ToUserName: how.corpId, Encrypt: encrypted }
  if (how.agentId !== null) fields['AgentID'] = String(how.agentId)
  const body = writeXml('xml', fields)
  return { query: signed(channel, encrypted, how.seconds, how.wrongSignature).toString(), body }
}

/** Sends one envelope and reads the answer; an error is a timeout or a broken line. */
export async function post(url: string, envelope: Envelope, timeoutMs: number, close: AbortSignal): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}${url.includes('?') ? '&' : '?'}${envelope.query}`, {
    method: 'POST', body: envelope.body, redirect: 'manual', headers: { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' },
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), close]),
  })
  return { status: response.status, text: await response.text() }
}

export type Verification = { ok: boolean; reason: string }

/** §5.1: the receiver must answer the decrypted echostr, byte for byte, within a second. */
export async function verifyUrl(url: string, channel: Channel, corpId: string, seconds: number): Promise<Verification> {
  const echo = BigInt(`0x${randomBytes(8).toString('hex')}`).toString()
  const echostr = encrypt(channel.encodingAesKey, echo, corpId)
  const query = signed(channel, echostr, seconds, false)
  query.set('echostr', echostr)
  try {
    // URLSearchParams writes a space as + but percent-encodes + itself, as the platform does once.
    const response = await fetch(`${url}${url.includes('?') ? '&' : '?'}${query}`, { redirect: 'manual', signal: AbortSignal.timeout(1000) })
    const text = await response.text()
    if (response.status !== 200) return { ok: false, reason: `HTTP ${response.status}` }
    return text === echo ? { ok: true, reason: '' } : { ok: false, reason: '返回的内容与明文不一致' }
  } catch (error) {
    const timeout = error instanceof Error && error.name === 'TimeoutError'
    return { ok: false, reason: timeout ? '1 秒内没有回答' : '无法连接' }
  }
}

import type { Browser } from '../../integrations/browser/index.ts'
import type { Fault as FilesFault, Files } from '../../integrations/files/index.ts'
import type { Fault, Seal } from '../../integrations/seal/index.ts'
import { schoolTime } from '../../platform/dates.ts'
import type { Database } from '../../platform/db.ts'
import { daysLeft, thresholdOf } from './sealing/rules.ts'

/** What keeps every document waiting on this installation, with what to do about it; a phrase for `t`. */
export type Hindrance = { text: string; params?: Record<string, string> }

type Deps = { database: Pick<Database, 'room'>; browser: Pick<Browser, 'available'>; files: Pick<Files, 'fault'>; seal: Seal | null }

/** Bytes that must be left to the database: before none are, whoever writes more than a line waits. */
const LEAST = 16 * 1024 * 1024

/** Looked at anew each time, so that documents go on by themselves once it is mended. Empty: nothing is in the way. */
export function createHindrances({ database, browser, files, seal }: Deps): () => Promise<Hindrance[]> {
  return async () => {
    const [room, drawing, storing] = [await database.room(), await browser.available(), await files.fault()]
    return [
      ...room !== null && room < LEAST ? [{ text: '数据库所在的磁盘快满了（还有 {mb} MB）：提交的内容可能存不下，证明文件在等待。请腾出空间，之后会自动继续', params: { mb: String(Math.floor(room / 1024 / 1024)) } }] : [],
      ...drawing.ok ? [] : [{ text: '服务器上没有浏览器，证明文件在等待，安装以后会自动继续。安装办法：{how}', params: { how: drawing.missing } }],
      ...sealFault(seal),
      ...storing ? [{ text: PLACES[storing.why], params: { answer: storing.answer } }] : [],
    ]
  }
}

const FAULTS: Record<Fault, string> = {
  ended: '电子签章的证书已经过期，证明文件在等待。请换上新的证书并重启',
  'not-begun': '电子签章的证书还没有生效，或者服务器的时钟慢了，证明文件在等待。请核对服务器的时间和证书的有效期',
  revoked: '电子签章的证书已被签发机构吊销，证明文件在等待。请换用新的证书并重启',
  clock: '服务器的时钟与时间戳服务相差 5 分钟以上，证明文件在等待。请校准服务器的时间，之后会自动继续',
  'signer-away': '签名服务（SEAL_SIGNER_URL）没有应答，证明文件在等待，恢复以后会自动继续',
}

const PLACES: Record<FilesFault['why'], string> = {
  away: '存文件的地方（FILES_URL）没有应答（{answer}）：上传的文件存不下，证明文件在等待，恢复以后会自动继续',
  refused: '存文件的地方（FILES_URL）拒绝了办事大厅（{answer}）：上传的文件存不下，证明文件在等待。请核对密钥和权限，改了 FILES_URL 要重启',
  missing: '存文件的桶（FILES_URL）不存在（{answer}）：上传的文件存不下，证明文件在等待。请建好这个桶，之后会自动继续',
  full: '存文件的地方（FILES_URL）满了（{answer}）：上传的文件存不下，证明文件在等待。请腾出空间，之后会自动继续',
  clock: '服务器的时钟与存文件的地方（FILES_URL）相差太大（{answer}）：上传的文件存不下，证明文件在等待。请校准服务器的时间，之后会自动继续',
}

// A signature made with a certificate that is not valid is worth nothing, and nobody would notice until somebody verifies it.
function sealFault(seal: Seal | null): Hindrance[] {
  if (!seal) return [{ text: '没有配置电子签章（SEAL_P12），证明文件在等待，配置并重启以后会自动继续' }]
  const fault = seal.fault()
  return fault ? [{ text: FAULTS[fault] }] : []
}

/** That the certificate will end before long. That it has ended is a hindrance. */
export function sealWarnings(seal: Seal | null, now: number): Hindrance[] {
  if (!seal || now >= seal.certificate.notAfter) return []
  const days = daysLeft(seal.certificate.notAfter, now)
  if (thresholdOf(days) === undefined) return []
  const { date, time } = schoolTime(seal.certificate.notAfter)
  if (days === 0) return [{ text: '电子签章的证书今天 {time} 到期，到期后证明文件停止签章。请马上换上新的证书并重启', params: { time } }]
  return [{ text: '电子签章的证书还有 {days} 天（{date}）到期，到期后证明文件停止签章。请申请新证书，换上并重启', params: { days: String(days), date } }]
}

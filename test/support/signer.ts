import { execFileSync } from 'node:child_process'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

// A signing server as a school might put before its HSM. It knows the protocol from the docs and nothing of the hall.
const { SIGNER_KEY: key = '', SIGNER_SECRET: secret = '' } = process.env
const FRESH = 60_000

const server = createServer(async (request, response) => {
  const body = await text(request)
  const time = String(request.headers['x-seal-time'])
  const expected = createHmac('sha256', secret).update(`${time}\n${body}`).digest()
  const given = Buffer.from(String(request.headers['x-seal-hmac']), 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected) || Math.abs(Date.now() - Number(time)) > FRESH) return void response.writeHead(403).end()
  const { digest }: { digest: string } = JSON.parse(body)
  const signature = execFileSync('openssl', ['pkeyutl', '-sign', '-inkey', key, '-pkeyopt', 'digest:sha256'], { input: Buffer.from(digest, 'hex') })
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ signature: signature.toString('base64') }))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/sign`)
})

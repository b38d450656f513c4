import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { checkSignature } from '../../src/integrations/seal/index.ts'
import { sharedModules, sharedName } from '../../src/platform/shared-modules.ts'
import { corpus } from '../support/corpus.ts'
import { launchBrowser } from './stage.ts'

// The corpus against the code that a reader's browser runs: it must find what the server finds.

const modules = sharedModules(['src/integrations/seal/shared/verify.ts'])
const { genuine, attacks, roots } = await corpus()
const files = [{ name: 'the genuine file', bytes: genuine }, ...attacks]
const server = createServer((request, response) => {
  const [, kind, name = ''] = (request.url ?? '').split('/')
  if (kind === 'files') response.end(files[Number(name)]?.bytes)
  else if (kind === 'modules') response.setHeader('content-type', 'text/javascript').end(modules.sources.get(name))
  else response.setHeader('content-type', 'text/html').end('<!doctype html><title>check</title>')
})
let browser: Browser
let page: Page

before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  browser = await launchBrowser()
  page = await browser.newPage()
  await page.goto(`http://localhost:${typeof address === 'object' && address ? address.port : 0}/`)
})
after(async () => {
  await browser.close()
  server.close()
})

for (const [number, { name, bytes }] of files.entries()) {
  test(`in a browser: ${name}`, async () => {
    const at = Date.now()
    const there = await page.evaluate(async ({ file, module, trust }) => {
      const { checkSignature: check } = await import(module)
      return check(new Uint8Array(await (await fetch(file)).arrayBuffer()), trust)
    }, { file: `/files/${number}`, module: `/modules/${sharedName('src/integrations/seal/shared/verify.ts')}`, trust: { roots, at } })
    assert.deepEqual(there, JSON.parse(JSON.stringify(await checkSignature(bytes, { roots, at }))))
  })
}

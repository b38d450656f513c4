import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { findBrowser } from '../../src/integrations/browser/find.ts'
import { type Browser, createBrowser, FONT_SHEET, missingGlyphs } from '../../src/integrations/browser/index.ts'
import { createLog } from '../../src/platform/log.ts'
import { printed, workshop } from './seal-material.ts'

const html = (body: string) => `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="${FONT_SHEET}">
  <style>@page { size: A4; margin: 20mm } body { font-family: var(--song) } h1 { font-family: var(--hei) }</style>${body}`
const heavy = html(Array.from({ length: 3000 }, (_, i) => `<p>第 ${i} 段，学习中文排版</p>`).join(''))

/** A browser together with the process ids that it logged. */
function watched(options: Partial<Parameters<typeof createBrowser>[0]> = {}): { browser: Browser; pids: number[] } {
  const pids: number[] = []
  const log = createLog('debug', { write(line) {
    const said: { browser?: number } = JSON.parse(line)
    if (said.browser) pids.push(said.browser)
  } })
  return { browser: createBrowser({ log, ...options }), pids }
}

describe('the browser', () => {
  const { browser, pids } = watched()
  before(() => browser.pdf(html('warm')))
  after(() => browser.close())

  test('draws Chinese with embedded TrueType fonts and text that can be extracted', async t => {
    const { file } = await workshop(t)
    const path = await file('page.pdf', await browser.pdf(html('<h1>在读证明</h1><p>兹证明 古丽巴哈尔·艾合买提 (Gulibahaer) 系我校学生，<b>成绩优秀</b>。')))
    assert.match(await printed('pdftotext', path, '-'), /在读证明[\s\S]*古丽巴哈尔·艾合买提 \(Gulibahaer\) 系我校学生，成绩优秀。/)
    const fonts = (await printed('pdffonts', path)).trim().split('\n').slice(2)
    assert.ok(fonts.length >= 3)
    for (const font of fonts) assert.match(font, /Noto(Serif|Sans)SC\S* +CID TrueType +Identity-H +yes yes yes/)
    assert.match(await printed('pdfinfo', path), /Page size: +59\d\.\d* x 84\d\.?\d* pts \(A4\)/)
  })

  test('reaches no network and runs no script, but shows what the page brings along', async t => {
    const asked: string[] = []
    const server = createServer((request, response) => { asked.push(request.url ?? ''); response.end() })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const address = server.address()
    const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    const dot = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    const { file } = await workshop(t)
    const path = await file('page.pdf', await browser.pdf(html(`<link rel="stylesheet" href="${origin}/a.css"><link rel="preconnect" href="${origin}"><img src="${origin}/b.png">
      <iframe src="${origin}/c.html"></iframe><iframe src="file:///etc/hostname"></iframe><object data="${origin}/d"></object>
      <script>fetch('${origin}/e'); document.body.append('a script ran')</script><script src="${origin}/f.js"></script>
      <meta http-equiv="refresh" content="0;url=${origin}/g"><img src="${dot}" onload="document.body.append('a script ran')" width="90">`)))
    assert.deepEqual(asked, [])
    assert.doesNotMatch(await printed('pdftotext', path, '-'), /a script ran/)
    assert.match(await printed('pdfimages', '-list', path), /\n +1 +0 +image/)
    assert.equal((await printed('pdftotext', path, '-')).includes(readFileSync('/etc/hostname', 'utf8').trim()), false)
  })

  test('takes a picture in device pixels', async () => {
    const picture = Buffer.from(await browser.picture(html('<h1>预览</h1>'), { width: 400, height: 300, scale: 2 }))
    assert.equal(picture.readUInt16BE(0), 0xffd8)
    const frame = picture.indexOf(Buffer.from([0xff, 0xc0]))
    assert.deepEqual([picture.readUInt16BE(frame + 7), picture.readUInt16BE(frame + 5)], [800, 600])
  })

  test('draws at most as many at once as it has pages, and all of them in the end', async () => {
    let most = 0
    const draws = Promise.all(Array.from({ length: 20 }, async (_, i) => {
      const pdf = await browser.pdf(html(`<p>第 ${i} 份`))
      most = Math.max(most, renderers(pids.at(-1)))
      return pdf
    }))
    assert.equal((await draws).every(pdf => Buffer.from(pdf).includes('%PDF-')), true)
    // One more may be kept ready by the browser itself.
    assert.ok(most >= 2 && most <= 3, `${most} renderers`)
  })

  test('rejects what it was drawing when it is killed, and starts again', async () => {
    for (let round = 0; round < 3; round++) {
      const drawing = browser.pdf(heavy)
      for (let turns = 400 * round; turns > 0; turns--) await setImmediate()
      process.kill(pids.at(-1) ?? 0, 'SIGKILL')
      await assert.rejects(drawing, { kind: 'upstream', code: 'browser-lost' })
      assert.ok((await browser.pdf(html('again'))).length > 1000)
    }
    assert.equal(new Set(pids).size, 4)
  })

  test('rejects also when only the page\'s own process is killed', async () => {
    const drawing = Promise.all([browser.pdf(heavy), browser.pdf(heavy)])
    await setImmediate()
    for (const pid of children(pids.at(-1)).filter(isRenderer)) process.kill(pid, 'SIGKILL')
    await assert.rejects(drawing, { kind: 'upstream', code: 'browser-lost' })
    assert.ok((await browser.pdf(html('again'))).length > 1000)
  })

  test('gives up after the time limit, and draws the next', async () => {
    await assert.rejects(browser.pdf(heavy, { timeout: 30 }), { kind: 'upstream', code: 'browser-timeout' })
    assert.ok((await browser.pdf(html('again'))).length > 1000)
  })

  test('finds what no font can print before anything is drawn', async () => {
    assert.deepEqual(await missingGlyphs('张晓明 龘 喆 堃 古丽巴哈尔·艾合买提 ZHANG Émile 2026—2027（，。）“”\u200d'), [])
    assert.deepEqual(await missingGlyphs('张𠮷𠮷\u{2B81D}'), ['𠮷', '\u{2B81D}'])
    assert.deepEqual(await browser.unprintable('张晓明'), [])
    // Nobody has a letter for an unassigned place; whether the machine has 𠮷 depends on its fonts.
    assert.ok((await browser.unprintable('张\u{3FFFD}')).includes('\u{3FFFD}'))
  })

  test('keeps nothing of what it has drawn', async () => {
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    assert.ok(typeof collect === 'function')
    const drawn: WeakRef<Uint8Array>[] = []
    for (let round = 0; round < 6; round++) drawn.push(new WeakRef(await browser.pdf(html(`${round}`))))
    await setImmediate()
    collect()
    // The last is still in the hands of who drew it.
    assert.deepEqual(drawn.slice(0, -1).filter(each => each.deref() !== undefined).length, 0)
  })
  test('refuses a page out of all proportion', async () => {
    await assert.rejects(browser.pdf('x'.repeat(17 * 1024 * 1024)), { kind: 'invalid' })
  })
})

test('without a browser it says what to install, and documents can wait', async () => {
  const { browser } = watched({ chromiumPath: '/nowhere/chromium' })
  const state = await browser.available()
  assert.ok(!state.ok && state.missing.includes('apt-get install chromium-headless-shell'))
  await assert.rejects(browser.pdf('x'), { kind: 'upstream', code: 'no-browser' })
  await browser.close()
})

test('a program that is no browser is an accident, not a hang', async () => {
  const { browser } = watched({ chromiumPath: '/bin/true' })
  await assert.rejects(browser.pdf('x'), { kind: 'upstream', code: 'browser-lost' })
  await browser.close()
})

test('a browser that dies while it starts costs that document, and the next one gets another', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'dying-browser-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const [path, dying, died] = [join(folder, 'chromium-headless-shell'), join(folder, 'dying.cjs'), join(folder, 'died')]
  // It has a tab, and is gone before it says which page that shows.
  writeFileSync(dying, `const { createReadStream, writeSync } = require('node:fs')
    const say = message => writeSync(4, JSON.stringify(message) + '\\0')
    createReadStream(null, { fd: 3 }).setEncoding('utf8').on('data', text => {
      for (const { id, method, sessionId } of text.split('\\0').filter(Boolean).map(each => JSON.parse(each))) {
        if (method === 'Target.setAutoAttach' && !sessionId) say({ method: 'Target.attachedToTarget', params: { sessionId: 'S', waitingForDebugger: false, targetInfo: { targetId: 'T', type: 'tab', title: '', url: 'about:blank', attached: true, canAccessOpener: false } } })
        say({ id, sessionId, result: {} })
        if (method === 'Target.setAutoAttach' && !sessionId) setTimeout(() => process.exit(1), 500)
      }
    })`)
  writeFileSync(path, `#!/bin/sh\nif [ -e '${died}' ]; then exec '${findBrowser()}' "$@"; fi\ntouch '${died}'\nexec '${process.execPath}' '${dying}'\n`, { mode: 0o755 })
  const { browser } = watched({ chromiumPath: path, start: 5000 })
  t.after(() => browser.close())
  await assert.rejects(browser.pdf(html('one')), { kind: 'upstream', code: 'browser-lost' })
  assert.equal(Buffer.from(await browser.pdf(html('two'))).includes('%PDF-'), true)
})

test('an idle browser ends, and the next document starts another', async () => {
  const { browser, pids } = watched({ idle: 1 })
  await browser.pdf(html('one'))
  await gone(pids[0])
  await browser.pdf(html('two'))
  assert.equal(pids.length, 2)
  await browser.close()
  await gone(pids[1])
})

test('the browser does not outlive a process that was killed', async () => {
  const program = `import { createBrowser } from '${new URL('../../src/integrations/browser/index.ts', import.meta.url)}'
    import { createLog } from '${new URL('../../src/platform/log.ts', import.meta.url)}'
    await createBrowser({ log: createLog('debug') }).pdf('x'); setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface(child.stdout), 'line')
  const { browser }: { browser: number } = JSON.parse(String(line))
  assert.ok(existsSync(`/proc/${browser}`))
  child.kill('SIGKILL')
  await gone(browser)
})

function children(pid: number | undefined): number[] {
  const all = readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number)
  const direct = all.filter(each => parentOf(each) === pid)
  return direct.flatMap(each => [each, ...children(each)])
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`)
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function isRenderer(pid: number): boolean {
  return read(`/proc/${pid}/cmdline`).includes('--type=renderer')
}

function renderers(pid: number | undefined): number {
  return children(pid).filter(isRenderer).length
}

async function gone(pid: number | undefined): Promise<void> {
  const until = Date.now() + 10_000
  while (existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(read(`/proc/${pid}/status`))) {
    assert.ok(Date.now() < until, `process ${pid} is still there`)
    await setImmediate()
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

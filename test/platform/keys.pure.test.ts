import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newCode, newId, readCode } from '../../src/platform/ids.ts'
import { createKeyring } from '../../src/platform/keys.ts'
import { loggable } from '../../src/platform/log.ts'
import { slotAt } from '../../src/platform/timetable.ts'

const [old, fresh] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]

test('what an old key signed or sealed is still read after a new one was put in front', () => {
  const before = createKeyring([old])
  const after = createKeyring([fresh, old])
  assert.ok(after.verify('link', 'a', before.sign('link', 'a')))
  assert.equal(after.open('phone', before.seal('phone', '13800000000')), '13800000000')
  assert.notEqual(after.sign('link', 'a'), before.sign('link', 'a'))
})

test('a key that is gone reads nothing, and one purpose nothing of another', () => {
  const ring = createKeyring([old])
  assert.equal(createKeyring([fresh]).open('phone', ring.seal('phone', 'x')), null)
  assert.equal(ring.open('mail', ring.seal('phone', 'x')), null)
  assert.equal(ring.verify('mail', 'x', ring.sign('phone', 'x')), false)
})

test('what was tampered with does not open', () => {
  const ring = createKeyring([old])
  const [version = '', body = ''] = ring.seal('phone', 'x').split('.')
  const sealed = Buffer.from(body, 'base64url')
  for (let place = 0; place < sealed.length; place++) {
    const bent = Buffer.from(sealed)
    bent[place] = (bent[place] ?? 0) ^ 1
    assert.equal(ring.open('phone', `${version}.${bent.toString('base64url')}`), null)
  }
  assert.equal(ring.open('phone', `v00000000.${body}`), null)
  assert.equal(ring.open('phone', `${version}.${body}`), 'x')
  assert.equal(ring.open('phone', ''), null)
})

test('what is sealed says which key it rests under', () => {
  const [before, after] = [createKeyring([old]), createKeyring([fresh, old])]
  assert.ok(before.seal('phone', 'x').startsWith(before.version))
  assert.ok(after.seal('phone', 'x').startsWith(after.version))
  assert.notEqual(before.version, after.version)
})

test('ids rise within a process', () => {
  const ids = Array.from({ length: 1000 }, newId)
  assert.deepEqual(ids, ids.toSorted())
  assert.equal(new Set(ids).size, 1000)
})

const typed: [string, (code: string) => string][] = [
  ['as printed', code => code.replace(/(.{4})(?=.)/g, '$1-')], ['in small letters', code => code.toLowerCase()], ['with spaces', code => ` ${code.replace(/(.{4})/g, '$1 ')}`],
  ['in full-width characters', code => [...code].map(letter => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)).join('')],
  ['with l for 1 and o for 0', code => code.replaceAll('1', 'l').replaceAll('0', 'o')],
]
for (const [how, type] of typed) {
  test(`a code typed ${how} is read`, () => {
    for (let round = 0; round < 200; round++) {
      const code = newCode()
      assert.equal(readCode(type(code)), code)
    }
  })
}

test('what cannot be a code is none', () => {
  for (const text of ['', 'ABC', `${newCode()}A`, 'U'.repeat(16), '验证码验证码验证码验证码验证码验']) assert.equal(readCode(text), null)
})

test('an address in the log names no code and no query', () => {
  assert.equal(loggable('/verify/ABCD-EFGH-JKMN-PQRS'), '/verify/…')
  assert.equal(loggable('/auth/wecom/callback?code=secret&state=s'), '/auth/wecom/callback')
  assert.equal(loggable('/applications/01J'), '/applications/01J')
})

test('a slot is the same on every machine and changes at the school\'s time of day', () => {
  const at = (iso: string) => slotAt({ dailyAt: '02:30' }, Date.parse(iso))
  assert.equal(at('2026-11-20T18:30:00Z'), at('2026-11-21T18:29:59Z'))
  assert.notEqual(at('2026-11-21T18:29:59Z'), at('2026-11-21T18:30:00Z'))
  assert.notEqual(slotAt({ minutes: 5 }, 0), slotAt({ minutes: 5 }, 300_000))
})

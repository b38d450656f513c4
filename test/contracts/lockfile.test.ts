import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

const Names = Type.Optional(Type.Record(Type.String(), Type.String()))
const Groups = Type.Object({ dependencies: Names, devDependencies: Names, optionalDependencies: Names })
const Lock = Type.Object({ packages: Type.Record(Type.String(), Type.Intersect([Groups, Type.Object({ version: Type.Optional(Type.String()) })])) })

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
const manifest = Value.Parse(Groups, JSON.parse(read('package.json')))
const lock = Value.Parse(Lock, JSON.parse(read('package-lock.json')))
const asked = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies })

test('the lock file names no address to download from', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved"|https?:\/\/[^"]*\.tgz/)
})

test('every dependency is asked for in one exact version, and the lock file has that one', () => {
  assert.ok(asked.length > 30)
  for (const [name, version] of asked) {
    assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name)
    assert.equal(lock.packages[`node_modules/${name}`]?.version, version, name)
  }
})

test('the lock file was made from this package.json', () => {
  const { dependencies, devDependencies, optionalDependencies } = lock.packages[''] ?? {}
  assert.deepEqual({ ...dependencies, ...devDependencies, ...optionalDependencies }, Object.fromEntries(asked))
})

test('the packages that the product is to stand on are there', () => {
  const fixed = ['fastify', '@fastify/view', 'wechat4u', '@wecom/crypto', 'kysely', 'mysql2', 'bullmq', 'ioredis', 'puppeteer', 'qrcode']
  assert.deepEqual(fixed.filter(name => manifest.dependencies?.[name] === undefined), [])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cast } from '../support/people.ts'
import { apply } from '../services/campus.ts'
import { startStage } from './stage.ts'

const stage = await startStage()

test('on the narrowest phone a slide holds its words, and in English a name stays in one line', async t => {
  const { student } = await cast(stage.app)
  const client = await stage.phone(student.userid)
  const { path } = await apply(client)
  const page = await stage.desk(t, 300)
  await page.context().addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: stage.origin })))
  await page.goto('/')
  const slides = page.locator('.carousel a:has(.carousel-words)')
  assert.ok(await slides.count() > 0)
  assert.deepEqual(await slides.evaluateAll(all => all.filter(slide => {
    const frame = slide.getBoundingClientRect()
    return [...slide.querySelectorAll('.carousel-words > *')].flatMap(words => [...words.getClientRects()]).some(words => words.top < frame.top || words.bottom > frame.bottom)
  }).map(slide => slide.textContent)), [])
  await page.getByRole('button', { name: 'English' }).click()
  for (const width of [300, 320, 340, 360, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await page.goto(path)
    // A range over the name alone: more than one rectangle where it is broken.
    assert.equal(await page.locator('.state-sentence').evaluate(sentence => {
      const text = [...sentence.querySelectorAll('span')].flatMap(span => [...span.childNodes]).find(node => /\p{Script=Han}/u.test(node.textContent ?? ''))
      const [name] = /\p{Script=Han}+/u.exec(text?.textContent ?? '') ?? []
      if (!text || name === undefined) return -1
      const range = document.createRange()
      range.setStart(text, text.textContent?.indexOf(name) ?? 0)
      range.setEnd(text, (text.textContent?.indexOf(name) ?? 0) + name.length)
      return range.getClientRects().length
    }), 1, `${width} px`)
  }
})

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { FrameLocator } from 'playwright-core'
import { schoolTime } from '../../src/platform/dates.ts'
import { look } from './look.ts'
import { agreeOnCard, cardOf, openCard, openHall, overCardOf, sendForm } from './scenes.ts'
import { type Phone, startStage, stepsOf } from './stage.ts'
import type { Someone } from '../support/people.ts'

const stage = await startStage()
const { app, clock } = stage
const WIDTH = 390
const HOUR = 3_600_000
/** The pages' script knows only the real time, so what lies ahead is counted from it. */
const day = (ahead: number): string => schoolTime(clock.now() + ahead * 24 * HOUR).date
const paper = { name: '合作函.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') }

async function someone(name: string): Promise<Someone> {
  return app.database.db.selectFrom('identity_people as person').innerJoin('identity_bindings as binding', 'binding.person_id', 'person.id')
    .select(['person.id as person_id', 'person.name', 'binding.current_number as number', 'binding.userid']).where('person.name', '=', name)
    .executeTakeFirstOrThrow().then(({ number, ...row }) => ({ ...row, number: number ?? '' }))
}

/** Phones of these people, and the story's steps. */
async function story(t: TestContext, title: string, names: readonly [applicant: string, ...others: string[]]) {
  const people = await Promise.all(names.map(someone))
  const phones = await stage.phones(t, WIDTH, people)
  const [applicant] = names
  const of = (name: string): Promise<Phone> => phones.of(people.find(person => person.name === name) ?? assert.fail(name))
  return {
    step: stepsOf(t), of, agree: async (name: string) => agreeOnCard(await of(name), applicant, name, title), open: async (name: string) => openCard(await of(name), applicant, title),
    see: (name: string) => look(phones.page, `手机 ${name}`, '应用内浏览器'),
    /** From the hall to the form. */
    async begin(): Promise<FrameLocator> {
      const web = await openHall(await of(applicant))
      await web.getByRole('searchbox').fill(title)
      await web.locator('#found').getByRole('link', { name: title }).click()
      await web.getByRole('link', { name: /^(开始办理|继续填写)$/ }).last().click()
      await web.getByRole('heading', { level: 1, name: title }).waitFor()
      return web
    },
    /** The applicant reads in WeCom how it ended. */
    async told(words: string): Promise<void> {
      const own = await of(applicant)
      await own.conversation()
      await own.frame.getByText(words, { exact: true }).last().waitFor()
    },
    /** What the story does not show on a screen: these people agree. */
    async others(who: readonly string[], chosen?: Record<string, string[]>): Promise<void> {
      for (const name of who) {
        const actor = await someone(name)
        const [task] = await app.approvals.openTasksOf(app.database.db, actor.person_id, { limit: 1 })
        await app.database.write(tx => app.approvals.decide(tx, actor, { task_id: task?.id ?? assert.fail(`${name} holds nothing`), decision: 'approve', ...(chosen && { chosen }) }))
      }
    },
  }
}

async function fill(web: FrameLocator, fields: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await web.locator(`[name="${name}"]`).fill(value)
}

async function sign(web: FrameLocator, name: string): Promise<void> {
  await fill(web, { 'promise.name': name })
}

/** An approver's own part of the form, and then 同意. */
async function enter(web: FrameLocator, work: () => Promise<void>): Promise<void> {
  await web.getByRole('link', { name: '去填写' }).click()
  await web.getByRole('heading', { level: 1, name: '填写审批环节的内容' }).waitFor()
  await work()
  await web.getByRole('button', { name: '保存', exact: true }).last().click()
  await web.getByRole('button', { name: '同意', exact: true }).click()
  await web.getByText('已同意').first().waitFor()
}

test('学生请假: a day, from the form to the tutor’s card to the end', async t => {
  const { step, begin, agree, see, told } = await story(t, '学生请假', ['陈思远', '李敏'])
  await step('the form counts the days and asks no more than they need', async () => {
    const web = await begin()
    await web.getByRole('radio', { name: '事假' }).check()
    await fill(web, { 'period.from': day(10), 'period.to': day(16) })
    await web.locator('[data-live=days]').filter({ hasText: '7 天' }).waitFor()
    await web.locator('#part-family').waitFor({ state: 'visible' })
    await fill(web, { 'period.to': day(10) })
    await web.locator('#part-family').waitFor({ state: 'hidden' })
    await fill(web, { reason: '姐姐结婚' })
    await web.getByRole('radio', { name: '不离校' }).check()
    await sign(web, '陈思远')
    await see('陈思远')
    await sendForm(web)
    await see('陈思远')
  })
  await step('the tutor agrees on the card, and the student is told', async () => {
    await agree('李敏')
    await told('学生请假已审批通过')
  })
})

test('会议室预约: what somebody has is refused in words; the manager says how the door opens', async t => {
  const { step, begin, open, see, told } = await story(t, '会议室预约', ['龚语怡', '史雨洁'])
  const on = day(10)
  const choose = async (web: FrameLocator) => {
    await fill(web, { subject: '教学研讨会', day: on, 'hours.from': '14:00', 'hours.to': '16:00', people: '12' })
    const places = web.locator('#part-room select:visible')
    await places.nth(0).selectOption('admin')
    await places.nth(1).selectOption('a201')
    await web.locator('[name=host]').selectOption({ label: '文学院' })
    await web.getByRole('radio', { name: '没有' }).check()
  }
  await step('it is booked', async () => {
    const web = await begin()
    await choose(web)
    await see('龚语怡')
    await sendForm(web)
  })
  await step('and nobody can book it again', async () => {
    const web = await begin()
    await choose(web)
    await web.getByRole('button', { name: '提交', exact: true }).last().click()
    await web.getByText(`“会议室”在 ${on.slice(5)} 14:00 至 ${on.slice(5)} 16:00 已有人预约`).first().waitFor()
    await see('龚语怡')
  })
  await step('the manager opens the card, fills in and agrees; the applicant is told', async () => {
    const web = await open('史雨洁')
    await enter(web, () => fill(web, { door: '管理员现场开门' }))
    await see('史雨洁')
    await told('会议室预约已审批通过')
  })
})

test('设备报修: claimed on the card, repaired, tried for a day, accepted', async t => {
  const { step, begin, of, open, see, told } = await story(t, '设备报修', ['陈思远', '苏可婷', '史若悦'])
  await step('the student reports it; what is dangerous says so at once', async () => {
    const web = await begin()
    await web.locator('#part-danger_tip').waitFor({ state: 'hidden' })
    await web.locator('#part-danger').getByRole('radio', { name: '有', exact: true }).check()
    await web.getByText('请先离开现场').waitFor()
    await web.locator('[name=kind]').selectOption('power')
    const places = web.locator('#part-building select:visible')
    await places.nth(0).selectOption('living')
    await places.nth(1).selectOption('d2')
    await fill(web, { room: '410', problem: '插座冒火花' })
    await web.locator('[name="chosen__accept.id"]').first().waitFor()
    await web.getByRole('radio', { name: '史若悦' }).check()
    await see('陈思远')
    await sendForm(web)
  })
  await step('one of the team claims it on the card, repairs it and enters materials', async () => {
    const phone = await of('苏可婷')
    await phone.conversation()
    await cardOf(phone, '陈思远', '设备报修', '可以认领').getByRole('button', { name: '认领', exact: true }).click()
    await overCardOf(phone, '陈思远', '设备报修').getByText('苏可婷 已认领').first().waitFor()
    const web = await open('苏可婷')
    await enter(web, async () => {
      await fill(web, { 'materials.0.name': '插座面板', 'materials.0.price': '25', 'materials.0.count': '2', labour: '30' })
      await web.getByRole('radio', { name: '已修好' }).check()
      await see('苏可婷')
    })
    await web.getByText('¥80.00').first().waitFor()
  })
  await step('after a working day the building manager accepts it, and the student is told', async () => {
    clock.advance(96 * HOUR)
    await stage.drain()
    const web = await open('史若悦')
    await enter(web, () => web.locator('[name=score][value="5"]').check())
    await told('设备报修已审批通过')
  })
})

test('用印申请: a table of documents with its sum, stamped in the end', async t => {
  const { step, begin, agree, open, see, told, others } = await story(t, '用印申请', ['龚语怡', '崔语涵', '曹书舟'])
  await step('the form adds up what is to be stamped', async () => {
    const web = await begin()
    await web.locator('[name=department]').selectOption({ label: '文学院' })
    await web.getByRole('radio', { name: '学校公章' }).check()
    await fill(web, { 'files.0.name': '合作函', 'files.0.copies': '3' })
    await web.locator('[name="files.0.kind"]').selectOption('letter')
    await web.locator('[data-live="files.sum.copies"]').filter({ hasText: '3 份' }).waitFor()
    await fill(web, { purpose: '和实习单位互寄' })
    await web.locator('[name=scans]').setInputFiles(paper)
    await web.getByRole('link', { name: paper.name }).waitFor()
    await web.getByRole('radio', { name: '到党政办公室盖章' }).check()
    await sign(web, '龚语怡')
    await see('龚语怡')
    await sendForm(web)
  })
  await step('the head agrees on the card, the office too, and the keeper of the seals enters what was stamped', async () => {
    await agree('崔语涵')
    await others(['王艳'])
    const web = await open('曹书舟')
    await enter(web, () => fill(web, { stamped: '3', stamped_on: day(0) }))
    await see('曹书舟')
    await told('用印申请已审批通过')
  })
})

test('网站变更申请: many hands, the last of them the scan', async t => {
  const { step, begin, agree, open, see, told, others } = await story(t, '网站变更申请', ['龚语怡', '崔语涵', '毛娟'])
  await step('the list of changes is asked where there is something to list, and the owner is found by name', async () => {
    const web = await begin()
    await web.locator('[name=department]').selectOption({ label: '文学院' })
    await fill(web, { site: '文学院网站', address: 'wxy.minghu.example' })
    await web.locator('#part-pages').waitFor({ state: 'hidden' })
    await web.getByRole('checkbox', { name: '网站关停' }).check()
    await web.locator('#part-pages').waitFor({ state: 'hidden' })
    await fill(web, { reason: '并入新网站' })
    await web.getByRole('radio', { name: '不公布' }).check()
    await web.locator('[name="owner.q"]').fill('renxinxin')
    await web.locator('[name="owner.q"]').press('Enter')
    await web.locator('#part-owner').getByRole('radio', { name: '任心欣' }).check()
    await fill(web, { online_on: day(20) })
    await see('龚语怡')
    await sendForm(web)
    await see('龚语怡')
  })
  await step('head, owner, the board and the centre agree; it is done and scanned, and the applicant is told', async () => {
    await agree('崔语涵')
    await others(['任心欣', '吴妍', '郑子琳'])
    const built = await someone('何嘉妍')
    await others(['郑子琳'], { build: [built.person_id] })
    assert.equal((await app.approvals.openTasksOf(app.database.db, built.person_id, { limit: 5 })).length, 1)
    const number = await app.database.db.selectFrom('services_applications').select('id').where('service_key', '=', 'website-change').where('status', '=', 'running').executeTakeFirstOrThrow()
    await app.database.write(tx => app.services.amend(tx, built, { id: number.id, input: { done_on: day(0) } }))
    await others(['何嘉妍', '任心欣'])
    const web = await open('毛娟')
    await enter(web, () => web.getByRole('radio', { name: '没有问题' }).check())
    await told('网站变更申请已审批通过')
  })
})

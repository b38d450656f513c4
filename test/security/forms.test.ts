import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { once } from 'node:events'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { applyForCertificate, idIn } from '../support/certificate.ts'
import { cast } from '../support/people.ts'
import { ask, multipart, type Part, send, tokenOf } from './attack.ts'

const APPLY = '/services/enrolment-certificate/apply'
const MB = 1024 * 1024
const PDF = Buffer.from('%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF\n')
const GOOD = { purpose: 'visa', language: 'zh', mailbox: 'student@example.com', intent: 'submit' }

test('whatever a form brings', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const form = await phone.get(APPLY)
  const own = { _csrf: form.value('_csrf'), draft: form.value('draft') }
  const post = (fields: Record<string, string> | string, more = '') =>
    send(hall.origin, APPLY, typeof fields === 'string' ? fields : new URLSearchParams({ ...own, ...fields }).toString() + more, { client: phone })
  const upload = (parts: readonly Part[]) => {
    const { headers, body } = multipart([...Object.entries({ ...own, ...GOOD }).map(([name, content]) => ({ name, content })), ...parts])
    return send(hall.origin, APPLY, '', { client: phone, headers, body })
  }
  const sent = async () => Number((await hall.app.database.db.selectFrom('services_applications').select(({ fn }) => fn.countAll().as('n')).where('submitted_at', 'is not', null).executeTakeFirstOrThrow()).n)

  const wrong: [string, Record<string, string>, string, RegExp][] = [
    ['a million letters', { remark: '我'.repeat(100_000) }, '', /最多 200 字，现在有 100000 字/],
    ['a choice that is not offered', { purpose: 'admin' }, '', /请从给出的选项里选择/],
    ['two choices where one is asked', {}, '&purpose=other', /“用途”的内容格式不对/],
    ['an object by bracket names', { 'purpose[$ne]': 'x', 'mailbox[]': 'a@b.cn' }, '', /purpose\[\$ne\]/],
    ['fields of the record itself', { status: 'approved', person_id: '1', number: '2', instance_id: '3' }, '', /status, person_id, number/],
    ['a thousand fields', Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`f${at}`, 'x'])), '', /收到了这项服务没有的内容/],
    ['a mailbox with a second line', { mailbox: 'a@b.cn\r\nBcc: evil@evil.example' }, '', /不是完整的邮箱地址/],
    ['two mailboxes', { mailbox: 'a@b.cn,evil@evil.example' }, '', /不是完整的邮箱地址/],
    ['a mailbox with a name', { mailbox: '"a" <a@b.cn>' }, '', /不是完整的邮箱地址/],
  ]
  for (const [what, fields, more, sentence] of wrong) await t.test(`${what}: the form comes back with the sentence, and nothing is sent`, async () => {
    const answer = await post({ ...GOOD, ...fields }, more)
    assert.equal(answer.status, 422)
    assert.match(answer.root.textContent.replace(/\s+/g, ' '), sentence)
    assert.ok(answer.root.querySelector(`form[action="${APPLY}"]`), 'a form again')
    assert.equal(await sent(), 0)
  })

  const strange: [string, Record<string, string>][] = [
    ['NUL bytes', { remark: 'a\0b' }], ['emoji and rare characters', { remark: '👩‍🎓𠮷' }], ['right-to-left marks', { remark: '\u202Eabc\u202C\u200F' }], ['template marks', { remark: '<%= it.csrf %> {{1}} ${1} {label} {name}' }], ['SQL', { remark: "'; drop table services_applications; --" }],
  ]
  for (const [what, fields] of strange) await t.test(`${what} are kept as text`, async () => {
    const answer = await post({ ...GOOD, ...fields, intent: 'save' })
    assert.equal(answer.status, 303)
    const back = await phone.get(APPLY)
    assert.equal(back.status, 200)
    assert.equal(back.value('remark').replace(/^\n/, '').replace(/[\0\uFFFD]/g, ''), (fields.remark ?? '').replaceAll('\0', ''))
  })

  await t.test('bytes that are no text, and halves of characters, are no fault of ours', async () => {
    for (const body of ['remark=%ff%fe&purpose=%ED%A0%80', 'remark=%', '%', '&&&===', '=', 'a'.repeat(5000), '__proto__=1&constructor=2&toString=3'])
      assert.ok((await post(`${new URLSearchParams(own)}&${body}`)).status < 500, body.slice(0, 20))
  })

  const files: [string, Part, RegExp][] = [
    ['a program called .pdf', { name: 'attachment', filename: 'a.pdf', type: 'application/pdf', content: 'MZ\x90\0\x03\0\0\0\x04' }, /内容不是 PDF/],
    ['a page called .png', { name: 'attachment', filename: 'a.png', type: 'image/png', content: '<!doctype html><script>alert(1)</script>' }, /内容不是/],
    ['a drawing that can hold scripts', { name: 'attachment', filename: 'a.svg', type: 'image/svg+xml', content: '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>' }, /内容不是/],
    ['an empty file', { name: 'attachment', filename: 'a.pdf', type: 'application/pdf', content: '' }, /空文件/],
    ['a file for a field of text', { name: 'remark', filename: 'a.pdf', type: 'application/pdf', content: PDF }, /不收文件/],
    ['a file for a field that is not there', { name: 'nothing', filename: 'a.pdf', type: 'application/pdf', content: PDF }, /没有的内容/],
    ['a file of eleven megabytes', { name: 'attachment', filename: 'a.pdf', type: 'application/pdf', content: Buffer.concat([PDF, Buffer.alloc(11 * MB)]) }, /超过 10 MB/],
    ['a file of twenty-one megabytes', { name: 'attachment', filename: 'a.pdf', type: 'application/pdf', content: Buffer.concat([PDF, Buffer.alloc(21 * MB)]) }, /超过 10 MB/],
  ]
  for (const [what, part, sentence] of files) await t.test(`${what} is refused by its content, at its field`, async () => {
    const answer = await upload([part])
    assert.equal(answer.status, 422)
    assert.match(answer.root.textContent, sentence)
    assert.equal(await sent(), 0)
  })

  await t.test('twenty files at once, four thousand fields more, and a cut-off form get a clear answer', async () => {
    const many = await upload(Array.from({ length: 20 }, (_, at) => ({ name: 'attachment', filename: `${at}.pdf`, type: 'application/pdf', content: PDF })))
    assert.equal(many.status, 413)
    assert.ok(many.root.textContent.includes('一次上传的文件太多'))
    assert.equal((await upload(Array.from({ length: 4000 }, (_, at) => ({ name: `f${at}`, content: '' })))).status, 413)
    assert.equal((await upload([{ name: 'remark', content: 'x'.repeat(300 * 1024) }])).status, 413)
    for (const body of ['', '--edge--\r\n', '--edge\r\nContent-Dispo', '--edge\r\n\r\n\r\n--edge--', `--edge\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n${'x'.repeat(1000)}`, 'garbage'])
      for (const type of ['multipart/form-data; boundary=edge', 'multipart/form-data', 'multipart/form-data; boundary=', `multipart/form-data; boundary=${'x'.repeat(3000)}`]) {
        const { status } = await send(hall.origin, '/verify/file', '', { body, headers: { 'content-type': type } })
        assert.ok(status >= 400 && status < 500, `${status} ${type.slice(0, 40)} ${body.slice(0, 20)}`)
      }
  })

  const names = ['../../x.pdf', 'C:\\\\x.pdf', '/etc/passwd', 'a%22b.pdf', 'a%0D%0ASet-Cookie: x=1.pdf', '<img src=x onerror=alert(1)>.pdf', '\u202Efdp.exe', 'CON.pdf', '.htaccess', `${'长'.repeat(300)}.pdf`, "a'b;c=d.pdf", '`$(id)`.pdf']
  await t.test('a file of any name is kept under a plain one, and comes back as a file that opens nowhere', async () => {
    for (const filename of names) {
      const fresh = await phone.get(APPLY)
      const { headers, body } = multipart([
        ...Object.entries({ _csrf: fresh.value('_csrf'), draft: fresh.value('draft'), ...GOOD }).map(([name, content]) => ({ name, content })),
        { name: 'attachment', filename, type: 'text/html', content: Buffer.concat([PDF, Buffer.from('<script>alert(1)</script>')]) },
      ])
      for (const old of fresh.root.querySelectorAll('button[name=remove]')) await phone.submit(fresh, APPLY, { ...GOOD, intent: '', remove: old.getAttribute('value') ?? '' })
      const answer = await send(hall.origin, APPLY, '', { client: phone, headers, body })
      assert.equal(answer.status, 303, `${filename}: ${answer.root.querySelector('.error-summary')?.textContent}`)
      const page = await phone.get(String(answer.headers.location))
      assert.equal(page.root.querySelectorAll('img, script:not([src]):not([nonce])').filter(each => each.getAttribute('onerror')).length, 0)
      const href = page.root.querySelectorAll('a').map(link => link.getAttribute('href') ?? '').find(each => each.includes('/attachments/')) ?? ''
      const file = await ask(hall.origin, href, { client: phone })
      assert.equal(file.status, 200)
      const disposition = String(file.headers['content-disposition'])
      assert.match(disposition, /^attachment; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+\.pdf$/)
      assert.doesNotMatch(decodeURIComponent(disposition), /[/\\<>"\r\n\u202E]|\.\./)
      assert.deepEqual([file.headers['content-type'], file.headers['x-content-type-options'], file.headers['content-security-policy'], file.headers['set-cookie']], ['application/pdf', 'nosniff', "default-src 'none'; sandbox", undefined])
    }
  })
})

test('a stranger cannot fill our memory', async t => {
  const hall = await startTestApp(t)
  const { port } = new URL(hall.origin)
  const says = async (head: string, body = ''): Promise<string> => {
    const socket = connect(Number(port), 'localhost')
    socket.on('error', () => {})
    socket.write(`${head}\r\nHost: localhost\r\nAccept: text/html\r\n\r\n${body}`)
    const [answer] = await once(socket, 'data')
    socket.destroy()
    return String(answer).split('\r\n', 1)[0] ?? ''
  }
  const type = 'Content-Type: multipart/form-data; boundary=edge'
  const form = '--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
  assert.match(await says(`POST /login HTTP/1.1\r\n${type}\r\nContent-Length: 300000`, form), / 413 /, 'more than a sign-in needs')
  assert.match(await says(`POST /verify/file HTTP/1.1\r\n${type}\r\nContent-Length: ${32 * MB}`, form), / 413 /, 'more than a certificate has')
  assert.match(await says(`POST /verify/file HTTP/1.1\r\n${type}\r\nTransfer-Encoding: chunked`, `5\r\n--edg\r\n`), / 411 /, 'a form without an end')
  assert.match(await says(`POST /documents/x/deliveries/y/resending HTTP/1.1\r\n${type}\r\nContent-Length: ${60 * MB}`, form), / 403 /, 'what only people signed in may send')
  assert.match(await says(`POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${10 * MB}`, 'a='), / 413 /)
  assert.match(await says('POST /login HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n'), / 400 /, 'two lengths: smuggling')
  assert.match(await says('POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Encoding: gzip\r\nContent-Length: 2', 'a='), / 4\d\d /)
})

test('an application shows its files to those concerned, and a file of one is none of another', async t => {
  const hall = await startTestApp(t)
  const { student, classmate, tutor } = await cast(hall.app)
  const [phone, other, desk] = [await hall.phone(student.userid), await hall.phone(classmate.userid), await hall.phone(tutor.userid)]
  const file = { filename: 'a.pdf', type: 'application/pdf', content: PDF }
  const mine = await applyForCertificate(phone, { attachment: file })
  const theirs = await applyForCertificate(other, { attachment: file })
  const href = mine.link('a.pdf')
  const foreign = href.replace(idIn(mine.path), idIn(theirs.path))
  assert.equal((await desk.get(href)).status, 200)
  assert.equal((await other.get(href)).status, 403)
  assert.equal((await other.get(foreign)).status, 404, 'the id of a file under an application of one’s own')
  assert.equal((await hall.stranger().get(href)).heading, '登录')
  assert.ok(await tokenOf(phone))
})

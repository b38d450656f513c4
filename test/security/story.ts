import { startTestApp } from '../support/app.ts'
import { applyForCertificate } from '../support/certificate.ts'
import { cast } from '../support/people.ts'

// A whole story, for its log: told with LOG_LEVEL=trace on standard output. On standard error: every word that must not stand in it.
const cleaners: (() => unknown)[] = []
const hall = await startTestApp({ after(clean) { cleaners.push(clean) } })
const { db } = hall.app.database
const { student, tutor, registrars: [registrar] } = await cast(hall.app)
if (!registrar) throw new Error('the sample has no registrar')

const phone = await hall.phone(student.userid)
const mailbox = 'private.mailbox@student-mail.example'
await applyForCertificate(phone, { mailbox, remark: 'SECRETREMARK' })
await hall.drain()
for (const { userid } of [tutor, registrar]) {
  const client = await hall.phone(userid)
  const page = await client.get((await client.get('/received')).link('在读证明'))
  await client.submit(page, page.root.querySelector('form[action^="/tasks/"]')?.getAttribute('action') ?? '', { decision: 'approve', comment: 'SECRETCOMMENT' })
  await hall.drain()
}
const stranger = hall.stranger()
const document = await db.selectFrom('documents_documents').select(['id', 'code']).executeTakeFirst()
const code = document?.code ?? 'ABCDEFGHJKMNPQRS'
await stranger.get(`/verify?code=${code}`)
await stranger.get(`/verify/${code.toLowerCase()}%E0%A4`)
const login = await stranger.get('/login?to=%2Fservices%3Fq%3DSECRETQUERY')
await stranger.submit(login, '/login', { account: student.number, password: 'SECRETPASSWORD' })
await hall.phone('nobody-at-all')
// Errors of drivers carry what they were about.
hall.app.log.error({ err: Object.assign(new Error(`Duplicate entry '${student.number}' for key 'PRIMARY'`), { code: 'ER_DUP_ENTRY', sql: `insert into people values ('${student.name}')`, sqlMessage: `Duplicate entry '${student.number}' for key 'PRIMARY'` }) }, 'as a database says it')
hall.app.log.error({ err: new Error('first', { cause: Object.assign(new Error(`550 <${mailbox}> unknown`), { response: `550 <${mailbox}> unknown`, rejected: [mailbox] }) }) }, 'as a mail server says it')

const { document_sealed, phone_sealed } = await db.selectFrom('identity_people').select(['document_sealed', 'phone_sealed']).where('id', '=', student.person_id).executeTakeFirstOrThrow()
const { keyring, config } = hall.app
const sessions = [...phone.cookies.values(), ...stranger.cookies.values()]
const secrets = [
  student.name, tutor.name, registrar.name, student.number, mailbox, 'SECRETREMARK', 'SECRETCOMMENT', 'SECRETQUERY', 'SECRETPASSWORD', code, code.toLowerCase(),
  keyring.open('identity.document', document_sealed), phone_sealed && keyring.open('identity.phone', phone_sealed),
  ...sessions, ...sessions.map(value => value.split('.')[0]), login.value('_csrf'),
  config.wecom.secret, config.wecom.contactsSecret, config.wecom.encodingAesKey, config.seal.password, config.secrets[0]?.toString('base64'),
  ...(await db.selectFrom('leases').selectAll().execute()).map(row => JSON.stringify(row)),
]
for (const clean of cleaners.toReversed()) await clean()
process.stderr.write(`\nWORDS ${JSON.stringify(secrets.filter(word => typeof word === 'string' && word.length > 1))}\n`, () => process.exit(0))

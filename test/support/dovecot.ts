import { execFileSync } from 'node:child_process'
import { chmod, mkdir } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { ImapFlow } from 'imapflow'
import { untilListening } from './ports.ts'
import { type PrivateServer, startServer } from './private-server.ts'

export type Dovecot = PrivateServer & {
  /** Puts a mail into the mailbox, unread. */
  put(raw: string | Buffer): Promise<void>
  /** where a mail server of this machine delivers into it, and as whom */
  maildir: { folder: string; user: string; group: string }
  /** subjects of the mails that nobody has looked at */
  unread(): Promise<string[]>
}

/** A real IMAP server with one mailbox. */
export async function startDovecot(): Promise<Dovecot> {
  // It serves no mail as root; as anybody else it can be nobody but itself.
  const { username, uid } = userInfo()
  const owner = uid === 0 ? 'dovecot' : username
  const [id, group, groupName] = [['-u'], ['-g'], ['-gn']].map(option => execFileSync('id', [...option, owner], { encoding: 'utf8' }).trim())
  let mailbox = ''
  const server = await startServer({
    name: 'dovecot',
    ready: /starting up for imap/,
    async prepare(folder) {
      mailbox = join(folder, 'mail')
      await mkdir(mailbox)
      await chmod(folder, 0o755)
      await chmod(join(folder, 'mail'), 0o777)
      return []
    },
    command: (folder, port) => ['/bin/sh', '-c', 'printf "%s\\n" "$2" > "$1/dovecot.conf" && exec dovecot -F -c "$1/dovecot.conf"', 'sh', folder, `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
log_path = /dev/stderr
ssl = no
disable_plaintext_auth = no
default_internal_user = ${owner}
default_internal_group = ${groupName}
default_login_user = ${uid === 0 ? 'dovenull' : owner}
first_valid_uid = 1
mail_location = maildir:${folder}/mail
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${id} gid=${group} home=${folder}/mail
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}`],
    url: port => `imap://bounces:secret@127.0.0.1:${port}/INBOX`,
  })
  const port = Number(new URL(server.url).port)
  await untilListening(port)
  const within = async <R>(use: (client: ImapFlow) => Promise<R>): Promise<R> => {
    const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, auth: { user: 'bounces', pass: 'secret' }, logger: false, disableAutoIdle: true })
    await client.connect()
    try {
      await client.mailboxOpen('INBOX')
      return await use(client)
    } finally {
      await client.logout()
    }
  }
  return {
    ...server,
    maildir: { folder: mailbox, user: owner, group: groupName ?? owner },
    put: raw => within(async client => { await client.append('INBOX', Buffer.from(String(raw).replace(/\r?\n/g, '\r\n'))) }),
    unread: () => within(async client => {
      const found = await client.search({ seen: false }) || []
      return found.length === 0 ? [] : (await client.fetchAll(found, { envelope: true })).map(each => each.envelope?.subject ?? '')
    }),
  }
}

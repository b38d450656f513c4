import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dovecot } from './dovecot.ts'
import { untilListening } from './ports.ts'
import { type PrivateServer, startServer } from './private-server.ts'

type Ways = {
  /** the mailbox that everything comes to which is not for `domain` */
  maildir: Dovecot['maildir']
  /** what it hands on to the server at this port of this machine */
  domain: string
  port: number
}

/** A real mail server: takes every mail, hands on what is for the domain, and tells the sender by mail what became of it (RFC 3464). */
export async function startExim({ maildir: { folder: mailbox, user, group }, domain, port: onward }: Ways): Promise<PrivateServer> {
  const server = await startServer({
    name: 'exim',
    ready: /configured/,
    async prepare(folder) {
      await mkdir(join(folder, 'spool'))
      await mkdir(join(folder, 'log'))
      // As root it delivers as the owner of the mailbox, who then needs its own folders; as anybody else it is that anyway.
      return process.getuid?.() === 0 ? [['chown', '-R', `${user}:${group}`, folder]] : []
    },
    command: (folder, port) => ['/bin/sh', '-c', 'printf "%s\\n" "$2" > "$1/exim.conf" && echo configured && exec exim4 -C "$1/exim.conf" -bdf -q1m', 'sh', folder, `
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
pid_file_path = ${folder}/exim.pid
exim_user = ${user}
exim_group = ${group}
deliver_drop_privilege = true
primary_hostname = relay.example.net
daemon_smtp_ports = ${port}
local_interfaces = 127.0.0.1
dsn_advertise_hosts = *
tls_advertise_hosts =
host_lookup =
rfc1413_hosts =
keep_environment =
acl_smtp_rcpt = take
acl_smtp_data = take
begin acl
take:
  accept
begin routers
onward:
  driver = manualroute
  domains = ${domain}
  route_list = * 127.0.0.1
  self = send
  transport = onward
here:
  driver = accept
  transport = mailbox
begin transports
onward:
  driver = smtp
  port = ${onward}
  hosts_avoid_tls = *
mailbox:
  driver = appendfile
  maildir_format = true
  directory = ${mailbox}
  user = ${user}
  group = ${group}
begin retry
* * F,1h,1m`],
    url: port => `smtp://127.0.0.1:${port}`,
  })
  await untilListening(Number(new URL(server.url).port))
  return server
}

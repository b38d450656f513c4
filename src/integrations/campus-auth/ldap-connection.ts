import { isIP, connect as connectPlain, type Socket } from 'node:net'
import { connect as connectSecure, type ConnectionOptions } from 'node:tls'
import { Client } from 'ldapts'

type Options = {
  url: string
  startTls: boolean
  ca: Buffer | undefined
  bindDn: string | undefined
  bindPassword: string | undefined
  /** ms for each step */
  patience: number
}

export type Connection = {
  client: Client
  /** Connects, encrypts where asked, and binds as the service account where there is one. */
  ready(): Promise<void>
  /** Lets go of the connection, also of one that hangs. */
  end(): void
}

/**
 * One connection for one check: binding as a person changes who the connection is, so none is shared. When it is lost the client
 * would open another by itself, neither encrypted nor bound as the first was, and send the password over it; so a second is refused.
 */
export function connect({ url, startTls, ca, bindDn, bindPassword, patience }: Options): Connection {
  const { hostname } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const tls: ConnectionOptions = { host, minVersion: 'TLSv1.2', ...(isIP(host) === 0 && { servername: host }), ...(ca && { ca }) }
  const sockets: Socket[] = []
  const once = <Kind extends Socket>(open: () => Kind): Kind => {
    if (sockets.length > 0) throw new Error('the connection was lost')
    const socket = open()
    sockets.push(socket)
    return socket
  }
  const port = Number(new URL(url).port || (url.startsWith('ldaps:') ? 636 : 389))
  const client = new Client({
    url, timeout: patience, connectTimeout: patience,
    createConnection: () => once(() => connectPlain(port, host)),
    // Begun on a plain connection (StartTLS) it goes the client's own way.
    ...(url.startsWith('ldaps:') && { createSecureConnection: () => once(() => connectSecure({ ...tls, port })) }),
  })
  return {
    client,
    async ready() {
      if (startTls) await client.startTLS(tls)
      if (bindDn !== undefined) await client.bind(bindDn, bindPassword)
    },
    end() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { startServer, type PrivateServer } from './private-server.ts'

/** The file that every scanner takes for a virus by agreement (eicar.org). Written in two, so that this source is not one. */
export const EICAR = Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('-'), 'latin1')

const PACKED = deflateSync(EICAR)

/** EICAR as a file inside a PDF, where a scanner must look for it. */
export const INFECTED_PDF = Buffer.concat([
  Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Names << /EmbeddedFiles << /Names [(a.com) 2 0 R] >> >> >>\nendobj\n2 0 obj\n<< /Type /Filespec /F (a.com) /EF << /F 3 0 R >> >>\nendobj\n3 0 obj\n<< /Type /EmbeddedFile /Filter /FlateDecode /Length ${PACKED.length} >>\nstream\n`),
  PACKED, Buffer.from('\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n'),
])

/** The signature of EICAR alone: MD5, size, name. The real database has millions, and would have to be downloaded. */
const DATABASE = '44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n'

/** A real ClamAV daemon that knows one virus. Files above `largest` it does not take. */
export async function startClamd({ largest = '25M' } = {}): Promise<PrivateServer> {
  return startServer({
    name: 'clamd',
    ready: /Listening daemon/,
    async prepare(folder) {
      await mkdir(join(folder, 'database'))
      await writeFile(join(folder, 'database', 'eicar.hdb'), DATABASE)
      return []
    },
    command: (folder, port) => ['/bin/sh', '-c', 'printf "%s\\n" "$2" > "$1/clamd.conf" && exec clamd --config-file="$1/clamd.conf"', 'sh', folder, [
      'Foreground yes', 'TCPAddr 127.0.0.1', `TCPSocket ${port}`, `DatabaseDirectory ${join(folder, 'database')}`, `TemporaryDirectory ${join(folder, 'tmp')}`,
      `StreamMaxLength ${largest}`, 'SelfCheck 3600', 'MaxThreads 4',
      // Without this it does not say that it listens.
      'LogVerbose yes', 'AlertEncrypted yes',
    ].join('\n')],
    url: port => `tcp://127.0.0.1:${port}`,
  })
}

import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'

export type Environment = Readonly<Record<string, string | undefined>>

/** Everything wrong with the environment, a line each; values are never shown. */
export class ConfigError extends Error {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(`wrong settings:\n${faults.map(fault => `  ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/** Reads variables one by one, collects what is wrong, and knows the name of each that was asked for. */
export class EnvironmentReader {
  readonly names: string[] = []
  readonly #env: Environment
  readonly #faults: string[] = []

  constructor(env: Environment) {
    this.#env = env
  }

  fault(name: string, sentence: string): void {
    this.#faults.push(`${name} ${sentence}`)
  }

  throwFaults(): void {
    if (this.#faults.length > 0) throw new ConfigError(this.#faults)
  }

  text(name: string, { is, or }: { is: string; or?: string }): string {
    return this.matching(name, /\S/, is, or)
  }

  matching(name: string, pattern: RegExp, is: string, or?: string): string {
    const value = this.#value(name) ?? or
    if (value === undefined) this.fault(name, `is missing: ${is}`)
    else if (!pattern.test(value) || !isWhole(value)) this.fault(name, `should be ${is}`)
    return value ?? ''
  }

  optional(name: string, pattern: RegExp, is: string): string | undefined {
    const value = this.#value(name)
    if (value !== undefined && !(pattern.test(value) && isWhole(value))) this.fault(name, `should be ${is}`)
    return value
  }

  /** The path of a file that is there, and that `check` takes: it throws where the file is not what it should be. */
  file(name: string, is: string, check: (content: Buffer) => void = () => undefined): string | undefined {
    const path = this.#value(name)
    if (path === undefined) return undefined
    try {
      check(readFileSync(path))
    } catch {
      // Without the error: it may quote the path, or what stands in the file.
      this.fault(name, `should be the path of ${is}`)
    }
    return path
  }

  integer(name: string, { from, to, or }: { from: number; to: number; or?: number }): number {
    const value = this.#value(name)
    if (value === undefined && or !== undefined) return or
    const number = Number(value)
    const right = value !== undefined && /^\d+$/.test(value) && number >= from && number <= to
    if (!right) this.fault(name, `${value === undefined ? 'is missing:' : 'should be'} a whole number from ${from} to ${to}`)
    return right ? number : or ?? from
  }

  oneOf<const Word extends string>(name: string, words: readonly Word[], or: Word): Word {
    const value = this.#value(name)
    if (value === undefined) return or
    const word = words.find(each => each === value)
    if (word === undefined) this.fault(name, `should be ${words.join(' or ')}`)
    return word ?? or
  }

  list(name: string, { is, or }: { is: string; or: string }): string[] {
    return this.text(name, { is, or }).split(',').map(part => part.trim()).filter(Boolean)
  }

  /** Networks as 10.0.0.0/8, by comma. */
  networks(name: string, or: string): string[] {
    const networks = (this.#value(name) ?? or).split(',').map(part => part.trim()).filter(Boolean)
    if (!networks.every(isNetwork)) this.fault(name, 'should be networks by comma, as 10.0.0.0/8,2001:db8::/32')
    return networks.filter(isNetwork)
  }

  origin(name: string, or?: string): string {
    const value = this.#value(name) ?? or
    const url = value === undefined ? null : URL.parse(value)
    if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
      this.fault(name, `${value === undefined ? 'is missing:' : 'should be'} an origin, as https://hall.example.edu.cn`)
      return ''
    }
    return url.origin
  }

  secrets(name: string): Buffer[] {
    const values = this.#value(name)?.split(',').map(part => Buffer.from(part.trim(), 'base64'))
    if (!values) this.fault(name, 'is missing: 32 or more random bytes as base64 (openssl rand -base64 32); several by comma, the first writes')
    else if (values.some(bytes => bytes.length < 32)) this.fault(name, 'should be 32 or more bytes as base64, each')
    return values ?? []
  }

  #value(name: string): string | undefined {
    this.names.push(name)
    const value = this.#env[name]?.trim()
    return value === '' ? undefined : value
  }
}

function isNetwork(text: string): boolean {
  const [address = '', bits = '0', ...more] = text.split('/')
  return more.length === 0 && isIP(address) > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128)
}

// A broken address fails where it is used, with an error that shows all of it, the password too.
function isWhole(value: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || URL.canParse(value)
}

import assert from 'node:assert/strict'
import { type HTMLElement, parse } from 'node-html-parser'

export type File = { filename: string; type: string; content: Uint8Array }
export type Fields = Record<string, string | File | readonly (string | File)[]>

/** What came back, read as a reader does: by heading, label and button. */
export type Page = {
  status: number
  headers: Headers
  /** where a redirect leads, as a path */
  location: string | null
  /** the path that was asked for last */
  path: string
  bytes: Uint8Array
  html: string
  root: HTMLElement
  /** all words of the page, white space folded */
  text: string
  heading: string
  /** the address behind a link or a link-like button with these words */
  link(words: string): string
  has(words: string): boolean
  /** what a form's field holds now */
  value(name: string): string
}

export type Client = {
  /** follows redirects of its own origin */
  get(path: string, headers?: Record<string, string>): Promise<Page>
  /** sends a form as a browser would: with the token and the hidden fields of the form on `page` that posts there */
  submit(page: Page, action: string, fields?: Fields): Promise<Page>
  /** sends what it is told, and nothing else */
  post(path: string, fields: Fields, headers?: Record<string, string>): Promise<Page>
  readonly cookies: Map<string, string>
}

/** A browser without script: cookies, redirects, forms. */
export function createClient(origin: string, headers: Record<string, string> = {}): Client {
  const cookies = new Map<string, string>()

  async function request(path: string, init: RequestInit = {}): Promise<Page> {
    const response = await fetch(new URL(path, origin), {
      ...init, redirect: 'manual',
      headers: { accept: 'text/html', cookie: [...cookies].map(pair => pair.join('=')).join('; '), ...headers, ...Object.fromEntries(new Headers(init.headers)) },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return readPage(path, response)
  }

  async function follow(page: Page): Promise<Page> {
    let at = page
    for (let hops = 0; at.location?.startsWith('/') && hops < 8; hops++) at = await request(at.location)
    return at
  }

  return {
    cookies,
    get: async (path, more = {}) => follow(await request(path, { headers: more })),
    post: async (path, fields, more = {}) => follow(await request(path, { method: 'POST', body: bodyOf(fields), headers: more })),
    async submit(page, action, fields = {}) {
      const form = page.root.querySelectorAll('form').find(each => each.getAttribute('action') === action || (each.getAttribute('action') ?? page.path) === action)
        ?? page.root.querySelectorAll('[formaction]').find(each => each.getAttribute('formaction') === action)?.closest('form')
      assert.ok(form, `no form on ${page.path} posts to ${action}`)
      const hidden = Object.fromEntries([...Map.groupBy(form.querySelectorAll('input[type=hidden]'), input => input.getAttribute('name') ?? '')].map(([name, inputs]) => [name, inputs.map(input => input.getAttribute('value') ?? '')]))
      const multipart = form.getAttribute('enctype') === 'multipart/form-data'
      return follow(await request(action, { method: 'POST', body: bodyOf({ ...hidden, ...fields }, multipart) }))
    },
  }
}

function bodyOf(fields: Fields, multipart = Object.values(fields).flat().some(value => typeof value !== 'string')): FormData | URLSearchParams {
  const pairs = Object.entries(fields).flatMap(([name, value]) => [value].flat().map(each => [name, each] as const))
  if (!multipart) return new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))
  const body = new FormData()
  for (const [name, value] of pairs) {
    if (typeof value === 'string') body.append(name, value)
    else if ('content' in value) body.append(name, new Blob([new Uint8Array(value.content)], { type: value.type }), value.filename)
  }
  return body
}

async function readPage(path: string, response: Response): Promise<Page> {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const html = response.headers.get('content-type')?.startsWith('text/html') ? new TextDecoder().decode(bytes) : ''
  const root = parse(html)
  const words = (element: HTMLElement) => element.structuredText.replace(/\s+/g, ' ').trim()
  const { status, headers } = response
  return {
    status, headers, path, bytes, html, root, location: headers.get('location'),
    text: words(root.querySelector('body') ?? root),
    heading: root.querySelector('h1') ? words(root.querySelector('h1') ?? root) : '',
    has: text => words(root).includes(text),
    link(text) {
      const found = root.querySelectorAll('a').find(each => words(each) === text || words(each).includes(text))
      assert.ok(found, `no link '${text}' on ${path}`)
      return found.getAttribute('href') ?? ''
    },
    value(name) {
      const field = root.querySelector(`[name="${name}"]`)
      if (field?.tagName === 'TEXTAREA') return field.text
      if (field?.tagName === 'SELECT') return field.querySelector('option[selected]')?.getAttribute('value') ?? ''
      const chosen = root.querySelectorAll(`input[name="${name}"]`).find(each => each.hasAttribute('checked'))
      return (chosen ?? field)?.getAttribute('value') ?? ''
    },
  }
}

/** Writing and reading the XML of callbacks: elements, CDATA and text are all there is. */
export type XmlValue = string | number | XmlFields | XmlValue[]
export type XmlFields = { [name: string]: XmlValue }

/** Text goes into CDATA, numbers stand bare, a list repeats its element. */
export function writeXml(name: string, value: XmlValue): string {
  if (Array.isArray(value)) return value.map((item) => writeXml(name, item)).join('')
  if (typeof value === 'number') return `<${name}>${value}</${name}>`
  if (typeof value === 'string') return `<${name}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`
  const inner = Object.entries(value).map(([key, item]) => writeXml(key, item)).join('')
  return `<${name}>${inner}</${name}>`
}

export type XmlNode = { name: string; text: string; children: XmlNode[] }

const token = /<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z_][\w.-]*)\s*(\/?)>|([^<]+)/y
const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function plain(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_all, name: string) => entities[name] ?? '')
}

/** The root element, or null when it is not well-formed or uses anything but elements, CDATA and text. */
export function readXml(source: string): XmlNode | null {
  const top: XmlNode = { name: '', text: '', children: [] }
  const open = [top]
  token.lastIndex = 0
  const xml = source.trim()
  while (token.lastIndex < xml.length) {
    const match = token.exec(xml)
    const at = open.at(-1)
    if (!match || !at) return null
    const [, cdata, closing, name = '', empty, text] = match
    if (cdata !== undefined) at.text += cdata
    else if (text !== undefined) at.text += plain(text)
    else if (closing) {
      if (open.pop()?.name !== name || open.length === 0) return null
    } else {
      const node: XmlNode = { name, text: '', children: [] }
      at.children.push(node)
      if (!empty) open.push(node)
    }
  }
  return open.length === 1 && top.children.length === 1 ? top.children[0] ?? null : null
}

/** The text of the first child with this name; empty without one. */
export function childText(node: XmlNode, name: string): string {
  return node.children.find((child) => child.name === name)?.text.trim() ?? ''
}

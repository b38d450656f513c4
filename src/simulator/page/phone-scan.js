import { h, postJson } from './dom.js'

const LONG = 500

/** 扫一扫: codes that hang on walls, or the address that a code holds. */
export function createScanner(root, { codes, open }) {
  const list = root.querySelector('#scan-codes')
  const form = root.querySelector('#scan-form')
  const close = () => (root.hidden = true)
  root.querySelector('#scan-cancel').addEventListener('click', close)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const url = form.elements.url.value.trim()
    if (!/^(https?|weixin):\/\/\S+$/.test(url) || !URL.canParse(url)) {
      form.elements.url.setCustomValidity('请粘贴二维码里的网址，以 http:// 或 https:// 开头')
      form.elements.url.reportValidity()
      return
    }
    close()
    form.reset()
    open(url)
  })
  form.elements.url.addEventListener('input', () => form.elements.url.setCustomValidity(''))
  return () => {
    list.replaceChildren(...codes().map(({ name, url }) => h('button', { type: 'button', onclick: () => {
      close()
      open(url)
    } }, name)))
    root.hidden = false
  }
}

async function recognise(picture) {
  const bytes = new Uint8Array(await (await fetch(picture.currentSrc || picture.src)).arrayBuffer())
  const answer = await postJson('/__phone/recognise', { picture: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) })
  return answer.address ?? null
}

/** A picture of a page that is pressed long (or clicked with the other button) shows what a phone offers: to follow the code in it. */
export function listenForLongPress(page, { sheet, toast, open }) {
  let timer = 0
  const picture = (event) => event.target.closest?.('img')
  async function pressed(image) {
    const address = await recognise(image).catch(() => null)
    if (address === null) toast('图中没有能识别的二维码')
    else sheet('图片', [{ text: '识别图中的二维码', run: () => open(address) }])
  }
  page.addEventListener('contextmenu', (event) => {
    const image = picture(event)
    if (!image) return
    event.preventDefault()
    clearTimeout(timer)
    void pressed(image)
  })
  page.addEventListener('pointerdown', (event) => {
    const image = picture(event)
    clearTimeout(timer)
    if (image && event.button === 0) timer = setTimeout(() => void pressed(image), LONG)
  })
  for (const name of ['pointerup', 'pointercancel', 'pointerleave', 'scroll']) page.addEventListener(name, () => clearTimeout(timer))
  page.addEventListener('dragstart', (event) => picture(event) && event.preventDefault())
}

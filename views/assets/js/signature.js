/** A pad to sign on. What is drawn goes along with the form as a picture, ink on nothing. */
export function enhance(wrapper) {
  const pad = wrapper.querySelector('canvas')
  const kept = wrapper.querySelector('input[type="hidden"]')
  const done = wrapper.querySelector('[data-signature-done]')
  const pen = pad.getContext('2d')
  wrapper.hidden = false
  Object.assign(pen, { lineWidth: 7, lineCap: 'round', lineJoin: 'round', strokeStyle: getComputedStyle(pad).color })

  const place = event => {
    const box = pad.getBoundingClientRect()
    return [(event.clientX - box.left) * pad.width / box.width, (event.clientY - box.top) * pad.height / box.height]
  }
  pad.addEventListener('pointerdown', event => {
    event.preventDefault()
    pad.setPointerCapture(event.pointerId)
    wrapper.dataset.drawn = ''
    pen.beginPath()
    pen.moveTo(...place(event))
    pen.lineTo(...place(event))
    pen.stroke()
  })
  pad.addEventListener('pointermove', event => {
    if (!pad.hasPointerCapture(event.pointerId)) return
    for (const one of event.getCoalescedEvents?.() ?? [event]) pen.lineTo(...place(one))
    pen.stroke()
  })
  pad.addEventListener('pointerup', () => {
    kept.value = pad.toDataURL('image/png')
    done.disabled = false
  })
  wrapper.querySelector('[data-signature-clear]').addEventListener('click', () => {
    pen.clearRect(0, 0, pad.width, pad.height)
    delete wrapper.dataset.drawn
    kept.value = ''
    done.disabled = true
  })
}

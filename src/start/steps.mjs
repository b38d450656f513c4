const labelWidth = 44

/**
 * Returns step(work): runs `work(doing)`, and prints what it returned with how long it took. `doing(label)` says
 * what takes time meanwhile. `work` may return { label, note } when there is something to know about it.
 * With `quiet` a step that had nothing to do prints nothing.
 */
export function stepsTo(out, quiet) {
  return async function step(work) {
    const began = performance.now()
    const progress = progressOn(out, began)
    try {
      const result = await work(progress.doing)
      const { label, note } = typeof result === 'string' ? { label: result } : result
      progress.end()
      if (!quiet || progress.shown()) out.write(`${note ? '!' : '✓'} ${row(label, began)}\n`)
      if (note) out.write(`${note.replace(/^/gm, '    ')}\n`)
    } catch (error) {
      progress.end()
      if (progress.shown()) out.write(`✗ ${row(progress.shown(), began)}\n`)
      throw error
    }
  }
}

function progressOn(out, began) {
  let label = ''
  let timer
  const draw = () => out.write(`\r\x1b[2K… ${row(label, began)}`)
  return {
    doing(text) {
      label = text
      if (!out.isTTY) return void out.write(`… ${text}\n`)
      draw()
      timer ??= setInterval(draw, 1000)
    },
    end() {
      clearInterval(timer)
      if (timer) out.write('\r\x1b[2K')
    },
    shown: () => label,
  }
}

function row(label, began) {
  const seconds = ((performance.now() - began) / 1000).toFixed(2)
  return `${label.padEnd(labelWidth)} ${seconds.padStart(7)} s`
}

import { postJson } from './dom.js'

/** The payment sheet: what is paid, how much, and the two ways out. What the page is told proves nothing, as on a real phone. */
export function createPaySheet(root, { toast }) {
  const part = (name) => root.querySelector(`#pay-${name}`)
  let order = null
  let done = () => undefined

  function close(answer) {
    root.hidden = true
    order = null
    done({ err_msg: `get_brand_wcpay_request:${answer}` })
  }

  async function show(asked, after) {
    const answer = await postJson('/__phone/payable', asked)
    if (!answer.out_trade_no || answer.state !== 'NOTPAY') {
      toast(answer.message || (answer.state === 'SUCCESS' ? '已经付过款了' : '订单已关闭'))
      after({ err_msg: 'get_brand_wcpay_request:fail' })
      return
    }
    order = answer
    done = after
    part('for').textContent = answer.description
    part('amount').textContent = `¥${(answer.total / 100).toFixed(2)}`
    root.hidden = false
  }

  part('cancel').addEventListener('click', () => close('cancel'))
  part('confirm').addEventListener('click', async () => {
    const answer = await postJson('/__phone/pay', { out_trade_no: order.out_trade_no })
    toast(answer.ok ? '支付成功' : answer.message || '支付失败')
    close(answer.ok ? 'ok' : 'fail')
  })
  return { call: (call, after) => void show({ call }, after), scan: (code) => void show({ code }, () => undefined) }
}

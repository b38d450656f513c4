import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../platform/jobs.ts'

// One payer waits for the answer; what is only looked after must not stand before them.
const paying = defineQueue('paying', { concurrency: 8 })
const looking = defineQueue('payments', { concurrency: 4 })

const charge = Type.Object({ charge_id: Type.String() })

/** Gets the code of a charge from the platform, while its payer looks at the page. */
export const placeCharge = defineJob({ name: 'payments.place', queue: paying, input: charge })
/** Asks what became of a charge when no notification comes. */
export const watchCharge = defineJob({ name: 'payments.watch', queue: looking, input: charge, attempts: 20 })
/** Closes one way of paying when the order was paid by another. */
export const closeCharge = defineJob({ name: 'payments.close-charge', queue: looking, input: charge, attempts: 20 })
/** Closes what is not paid in its time. */
export const expireOrder = defineJob({ name: 'payments.expire', queue: looking, input: Type.Object({ order_id: Type.String() }), attempts: 20 })
/** Asks for money back until it is back. */
export const refundCharge = defineJob({ name: 'payments.refund', queue: looking, input: Type.Object({ refund_id: Type.String() }), attempts: 20 })
/** A day's bill is there from about ten o'clock. */
export const checkBills = defineJob({ name: 'payments.check-bills', queue: looking, every: { dailyAt: '10:30' } })
export const checkBill = defineJob({ name: 'payments.check-bill', queue: looking, input: Type.Object({ date: Type.String() }), attempts: 12 })
export const forget = defineJob({ name: 'payments.forget', queue: looking, every: { dailyAt: '03:40' } })

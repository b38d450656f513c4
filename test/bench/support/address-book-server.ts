import { startSimulator } from '../../../src/simulator/index.ts'
import { corp } from '../../support/app.ts'
import { bookOf, corpOf } from './address-book.ts'

// WeCom as a process of its own, so that its work is not counted as the hall's. Its limits are far away: the bare reader comes as often as it can.
const unlimited = Number.POSITIVE_INFINITY
const simulator = await startSimulator({
  ...corp, hallOrigin: 'http://localhost', ...corpOf(bookOf(Number(process.argv[2]))),
  limits: { callsPerMinute: unlimited, callsPerHour: unlimited, callsPerMinuteOfAddress: unlimited, callsPerHourOfAddress: unlimited },
})
process.on('disconnect', () => process.exit())
process.send?.({ origin: simulator.origin })

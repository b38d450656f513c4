import { startSimulator } from '../../../src/simulator/index.ts'
import { corp } from '../../support/app.ts'

/** Where WeCom's interfaces are; for each member that was asked for, a code of web OAuth, in their order. */
export type Told = { origin: string } | { codes: string[] }

// WeCom as a process of its own, so that its work is not counted as the hall's. What it is sent are the userids of members who come with a code.
const unlimited = Number.POSITIVE_INFINITY
const simulator = await startSimulator({
  ...corp, hallOrigin: 'http://localhost', departments: [{ id: 1, name: '明湖大学', parentid: 0 }], members: [],
  limits: { callsPerMinute: unlimited, callsPerHour: unlimited, callsPerMinuteOfAddress: unlimited, callsPerHourOfAddress: unlimited },
})
process.on('message', (userids: string[]) => tell({ codes: userids.map(userid => simulator.authorizeCode(userid)) }))
process.on('disconnect', () => process.exit())
tell({ origin: simulator.origin })

function tell(told: Told): void {
  process.send?.(told)
}

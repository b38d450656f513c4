/** Who calls `runJob(id)` when a job is due. */
export type Dispatcher = {
  start(): Promise<void>
  /** Takes no new work, lets the running end. */
  stop(): Promise<void>
  /** Runs what is due until nothing is; for tests and commands. */
  drain(): Promise<void>
}

/** milliseconds between looks at the table; commits of the same process are seen at once */
export const LOOK_EVERY = 1000
/** milliseconds that running work has to end when the process stops */
export const SETTLE_WITHIN = 25_000

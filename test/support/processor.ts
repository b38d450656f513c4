/** Begins to count; the answer tells the milliseconds of the processor that this process has spent since: a busy machine changes the clock's, and these hardly. */
export function processorTime(): () => number {
  const began = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(began)
    return (user + system) / 1000
  }
}

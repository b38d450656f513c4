/**
 * Stands for `kill -9`: at the n-th boundary between two steps (before or after a transaction or a call to the outside) nothing of the
 * process runs any more, until it is started again.
 */
export function killer() {
  let left = Infinity
  let dead = false
  const boundary = () => {
    if (!dead && --left === 0) dead = true
    if (dead) throw new Error('killed')
  }
  return {
    around: <Args extends unknown[], R>(work: (...args: Args) => Promise<R>) => async (...args: Args): Promise<R> => {
      boundary()
      const result = await work(...args)
      boundary()
      return result
    },
    arm(steps: number) { left = steps },
    /** whether it had struck */
    revive(): boolean {
      const struck = dead
      dead = false
      return struck
    },
  }
}

export type Killer = ReturnType<typeof killer>

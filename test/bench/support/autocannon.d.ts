/** The part of autocannon that the benchmarks use; it brings no types. */
declare module 'autocannon' {
  type Options = {
    url: string
    connections: number
    /** seconds, or so many requests */
    duration?: number
    amount?: number
    /** each connection walks through them from the first */
    requests: readonly { path: string; headers: Record<string, string> }[]
  }
  type Result = { requests: { total: number; average: number }; duration: number; errors: number; non2xx: number }
  export default function autocannon(options: Options): Promise<Result>
}

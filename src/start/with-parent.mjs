// Loaded before the program that the starter runs: when the starter is gone (even by SIGKILL), the program ends as by
// SIGTERM. Without it a killed starter would leave a hall that holds the port and that nobody knows of.
const longestGoodbye = 30_000

if (process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), longestGoodbye).unref()
  })
  // Listening to the channel must not keep a program alive that has nothing left to do.
  process.channel.unref()
}

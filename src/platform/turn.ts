/** Lets others have their turn in the midst of long work: a database in the process answers at once, so `await` alone does not. */
export function turn(): Promise<void> {
  return new Promise(resolve => { setImmediate(resolve) })
}

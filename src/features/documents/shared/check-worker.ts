import { checkSignature } from '../../../integrations/seal/shared/verify.ts'

// Runs in a browser's worker: a file that is hard to check does not hold up the page, and can be given up.

type Question = { file: ArrayBuffer; roots: string[]; at: number }

addEventListener('message', (event: MessageEvent<Question>) => {
  const { file, roots, at } = event.data
  void checkSignature(new Uint8Array(file), { roots, at }).then(found => postMessage(found))
})
postMessage('ready')

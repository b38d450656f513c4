import { parentPort } from 'node:worker_threads'
import { checkSignature } from './shared/verify.ts'

type Question = { file: Uint8Array; roots: string[]; at: number }

parentPort?.on('message', ({ file, roots, at }: Question) => {
  void checkSignature(file, { roots, at }).then(found => parentPort?.postMessage(found, []))
})

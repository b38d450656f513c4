import { CryptoEngine } from 'pkijs'

/**
 * The cryptography behind every pkijs call here, always passed by hand: @libpdf/core brings an older pkijs, and the two
 * keep their default engine in the same global variable, where the older one breaks the newer.
 */
export const engine = new CryptoEngine({ name: 'seal', crypto: globalThis.crypto })

/** clean: no known virus. infected: `virus` is its name. unscannable: the scanner could not look inside, as of what is encrypted or too deep. */
export type Verdict = { word: 'clean' } | { word: 'infected'; virus: string } | { word: 'unscannable'; why: string }

export type Scanner = {
  /** Looks for viruses. Throws `upstream` while there is no scanner to be reached: then nothing is known of the bytes. */
  scan(bytes: Uint8Array): Promise<Verdict>
}

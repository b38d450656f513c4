/** A mail address as it is kept, in lower case; null where it is none. */
export function readEmail(typed: string): string | null {
  const address = typed.normalize('NFKC').replace(/\s/g, '').toLowerCase()
  return address.length <= 254 && /^[a-z0-9._%+'-]{1,64}@([a-z0-9-]+\.)+[a-z]{2,}$/.test(address) ? address : null
}

/** May this reader move a binding between these people's numbers? Nobody gives an account to themselves: another one has to check them. */
export function mayMove(reader_id: string, person_ids: readonly string[]): boolean {
  return !person_ids.includes(reader_id)
}

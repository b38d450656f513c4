type Delegation = { person_id: string; delegate_id: string; delegate_name: string }

/**
 * Who stands in for the person, over as many absences as follow each other; null where nobody does, where it would lead in a circle,
 * or to the applicant, who is not to decide the own application.
 */
export function deputyOf(person_id: string, delegations: readonly Delegation[], applicant_id: string): { id: string; name: string } | null {
  const seen = new Set([person_id])
  let deputy: { id: string; name: string } | null = null
  for (let next = delegations.find(one => one.person_id === person_id); next; next = delegations.find(one => one.person_id === deputy?.id)) {
    if (seen.has(next.delegate_id) || next.delegate_id === applicant_id) return null
    seen.add(next.delegate_id)
    deputy = { id: next.delegate_id, name: next.delegate_name }
  }
  return deputy
}

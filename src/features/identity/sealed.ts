import type { SealedColumn } from '../../platform/reseal.ts'
import type { Vault } from './vault.ts'
import { FACTOR } from './verbs/factor.ts'

/** What of people rests sealed and outlives a change of keys. Codes, notes and uploaded files end by themselves within days. */
export function sealedColumns(vault: Vault): SealedColumn[] {
  return [
    { table: 'identity_people', id: 'id', column: 'document_sealed', purpose: 'identity.document', indexes: { columns: ['document_index'], of: text => vault.index('document', text) } },
    { table: 'identity_people', id: 'id', column: 'phone_sealed', purpose: 'identity.phone', indexes: { columns: ['phone_index', 'proven_phone_index'], of: text => vault.index('phone', text) } },
    { table: 'identity_phone_notes', id: 'id', column: 'phone_sealed', purpose: 'identity.phone' },
    { table: 'identity_members', id: 'userid_key', column: 'mobile_sealed', purpose: 'identity.phone' },
    { table: 'identity_import_slices', id: 'id', column: 'rows_sealed', purpose: 'identity.roster' },
    { table: 'identity_factors', id: 'person_id', column: 'secret_sealed', purpose: FACTOR },
  ]
}

import type { SealedColumn } from '../../platform/reseal.ts'

export const HEADERS = 'connections.headers'

/** For a change of keys. */
export const sealedColumns: readonly SealedColumn[] = [{ table: 'connections_connections', id: 'id', column: 'headers', purpose: HEADERS }]

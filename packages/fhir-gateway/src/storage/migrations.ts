import { OUTBOX_MIGRATIONS } from '@uthopp/audit/outbox-migrations'
import type { Migration } from '@uthopp/storage/migrate'
import { STATE_MIGRATIONS } from '#src/app-state/sql-state-store.ts'
import { PUBLICATION_MIGRATIONS } from '#src/brands/publication.ts'
import { KEY_MIGRATIONS } from './signing-key.ts'

/** The whole schema of a gateway: its key, what apps keep here, when its brands changed, and what is to be audited. */
export const MIGRATIONS: readonly Migration[] = [
  ...KEY_MIGRATIONS,
  ...STATE_MIGRATIONS,
  ...PUBLICATION_MIGRATIONS,
  ...OUTBOX_MIGRATIONS,
]

import type { Migration } from '@uthopp/storage/migrate'
import { STATE_MIGRATIONS } from '#src/app-state/sql-state-store.ts'
import { KEY_MIGRATIONS } from './signing-key.ts'

/** The whole schema of a gateway: its key, and what apps keep here. */
export const MIGRATIONS: readonly Migration[] = [...KEY_MIGRATIONS, ...STATE_MIGRATIONS]

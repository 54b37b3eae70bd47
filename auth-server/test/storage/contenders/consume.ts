import { contend } from '@uthopp/storage/race'
import { createOidcRows } from '#src/storage/sql-oidc-rows.ts'
import { NOW, TENANT } from '../builders.ts'

await contend((db) => createOidcRows(db, TENANT).consume('AuthorizationCode', 'a-code', NOW))

import { contend } from '@uthopp/storage/race'
import { createOidcRows } from '#src/storage/sql-oidc-rows.ts'
import { later, TENANT } from '../builders.ts'

await contend((db) =>
  createOidcRows(db, TENANT).putOnce({
    model: 'ReplayDetection',
    id: 'a-jti',
    payload: {},
    grantId: undefined,
    uid: undefined,
    expiresAt: later(60),
  }),
)

import { contend } from '@uthopp/storage/race'
import { secretHash } from '#src/launch/secrets.ts'
import { createLaunchStore } from '#src/storage/sql-launches.ts'
import { NOW, TENANT } from '../builders.ts'

await contend(async (db) => {
  const attempt = {
    handleHash: secretHash('handle-a'),
    proofHash: secretHash('proof'),
    clientId: 'pacs-viewer',
    now: NOW,
  }
  return (await createLaunchStore(db, TENANT).redeem(attempt)) !== undefined
})

import { contend } from '@uthopp/storage/race'
import { tenantOf } from '@uthopp/storage/tenant'
import { createRepository } from '#src/repository/repository.ts'
import { aRecord, OUS } from '#test/records.ts'

/** Twenty records of its own, and ten that every process brings. */
await contend(async (db) => {
  const log = createRepository(db, tenantOf(OUS))
  const shared = Array.from({ length: 10 }, (_, index) =>
    aRecord({ id: `019aa000-0000-7000-8000-00000000000${index}` }),
  )
  await Promise.all([
    ...Array.from({ length: 20 }, () => log.append([aRecord()])),
    ...shared.map((record) => log.append([record])),
  ])
})

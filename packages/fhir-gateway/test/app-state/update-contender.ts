import { contend } from '@uthopp/storage/race'
import { tenantOf } from '@uthopp/storage/tenant'
import { createStateStore } from '#src/app-state/sql-state-store.ts'
import { aWish, CLIENT } from './wishes.ts'

/** Finds the state at the place of the tests and replaces its first version. */
await contend(async (db) => {
  const store = createStateStore(db, tenantOf('993467049'))
  const wish = aWish({ content: `by ${process.pid}` })
  const state = await store.find(CLIENT, wish.place)
  return (await store.update(CLIENT, state?.id ?? '', 1, wish)) !== undefined
})

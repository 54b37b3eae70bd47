import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { openFhirStore } from '#src/fhir/repository.ts'
import { BASE } from './fixture.ts'

const dir = mkdtempSync(join(tmpdir(), 'uthopp-fhir-'))
after(() => rmSync(dir, { recursive: true }))

describe('a store on disk', () => {
  test('keeps resources, versions, notes and the search across a restart', async () => {
    const file = join(dir, 'kept.sqlite')
    const before = openFhirStore({ file, base: BASE })
    await before.createResource({ resourceType: 'Patient', id: 'p', name: [{ family: 'Berg' }] })
    await before.updateResource({ resourceType: 'Patient', id: 'p', name: [{ family: 'Lien' }] })
    await before.setNote('seeded', 'yes')
    before.close()
    const after = openFhirStore({ file, base: BASE })
    assert.equal((await after.findAll('Patient?family=lien')).length, 1)
    assert.equal((await after.readVersion('Patient', 'p', '1')).id, 'p')
    assert.equal(await after.note('seeded'), 'yes')
    after.close()
    for (const name of readdirSync(dir))
      assert.equal(statSync(join(dir, name)).mode & 0o077, 0, 'only its owner reads it')
  })

  test('whose search tables were made by other rules indexes itself anew', async () => {
    const file = join(dir, 'stale.sqlite')
    const before = openFhirStore({ file, base: BASE })
    await before.createResource({ resourceType: 'Patient', id: 'p', name: [{ family: 'Berg' }] })
    before.close()
    const raw = new DatabaseSync(file)
    raw.exec("delete from index_string; update store_note set value = 'other rules' where name = 'search index'")
    raw.close()
    const after = openFhirStore({ file, base: BASE })
    assert.equal((await after.findAll('Patient?family=berg')).length, 1)
    after.close()
  })
})

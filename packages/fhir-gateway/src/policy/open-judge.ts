import { patientsOf } from '@uthopp/smart-core/fhir/patient-compartment'
import type { Ledger } from '#src/audit/ledger.ts'
import type { Judge } from './judge.ts'

/** For a trust whose gateway asks nobody: everything the scopes cover is shown, and kept in the log. */
export const openJudge = (ledger: Ledger, bases: readonly string[]): Judge => ({
  enforces: false,
  mayHide: () => false,
  foresee: () => undefined,
  blockable: () => Promise.resolve('nothing'),
  standing: () => Promise.resolve(undefined),
  decide(items, { looking = false } = {}) {
    for (const { resource } of looking ? [] : items) {
      const { ids } = patientsOf(resource, bases)
      const name = typeof resource['id'] === 'string' ? `${resource.resourceType}/${resource['id']}` : null
      for (const patient of ids.length === 0 ? [null] : ids) ledger.permitted(patient, name, undefined)
    }
    return Promise.resolve(items.map(({ resource }) => ({ kind: 'shown', resource })))
  },
})

import { Select, TextField } from '@navikt/ds-react'
import { encountersOf, peopleOf, rolesOf, type Composition, type World } from '../api/world.ts'
import { StartLaunch } from './start-launch.tsx'

type Props = {
  readonly world: World
  readonly composition: Composition
  readonly onChange: (change: Partial<Composition>) => void
}

/** Who launches what, for whom: exactly the facts a host would send over its back channel. */
export function LaunchComposer({ world, composition, onChange }: Props) {
  const app = world.apps.find(({ client_id }) => client_id === composition.clientId)
  const trusts = world.trusts.filter(({ tenant }) => app === undefined || app.tenants.includes(tenant))
  const patients = world.patients.filter(({ tenant }) => tenant === composition.tenant)
  return (
    <section className="panel" aria-labelledby="compose">
      <h2 id="compose">Launch {app?.name ?? 'an app'}</h2>
      <div className="fields">
        <Select
          size="small"
          label="Trust"
          value={composition.tenant}
          onChange={(event) => onChange({ tenant: event.target.value })}
        >
          {trusts.map(({ tenant, name }) => (
            <option key={tenant} value={tenant}>
              {name}
            </option>
          ))}
        </Select>
        <Select
          size="small"
          label="User"
          value={composition.user}
          onChange={(event) => onChange({ user: event.target.value })}
        >
          {peopleOf(world, composition.tenant).map(({ user, name, profession }) => (
            <option key={user} value={user}>
              {name}, {profession}
            </option>
          ))}
        </Select>
        <Select
          size="small"
          label="Active role"
          value={composition.role}
          onChange={(event) => onChange({ role: event.target.value })}
        >
          {rolesOf(world, composition).map(({ role, name }) => (
            <option key={role} value={role}>
              {name}
            </option>
          ))}
        </Select>
        <Select
          size="small"
          label="Patient"
          value={composition.patient}
          onChange={(event) => onChange({ patient: event.target.value })}
        >
          <option value="">no patient</option>
          {patients.map(({ patient, name, birthDate }) => (
            <option key={patient} value={patient}>
              {name}, born {birthDate} ({patient})
            </option>
          ))}
        </Select>
        <Select
          size="small"
          label="Encounter"
          value={composition.encounter}
          onChange={(event) => onChange({ encounter: event.target.value })}
        >
          <option value="">none</option>
          {encountersOf(world, composition).map((entry) => (
            <option key={entry.encounter} value={entry.encounter}>
              {entry.class} {entry.status} ({entry.encounter})
            </option>
          ))}
        </Select>
        <TextField
          size="small"
          label="Intent"
          value={composition.intent}
          onChange={(event) => onChange({ intent: event.target.value })}
        />
        <StartLaunch composition={composition} />
        {app !== undefined && (
          <details>
            <summary>What the app may ask for</summary>
            <ul className="scopes address">
              {app.scope.split(' ').map((scope) => (
                <li key={scope}>{scope}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  )
}

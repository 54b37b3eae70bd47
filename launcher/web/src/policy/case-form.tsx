import { Select, TextField } from '@navikt/ds-react'
import { peopleOf, rolesOf, type World } from '../api/world.ts'
import { type Case, PURPOSES } from './what-if.ts'

type Props = { readonly world: World; readonly asked: Case; readonly onChange: (change: Partial<Case>) => void }

/** Person, role, app, patient, purpose and time. */
export function CaseForm({ world, asked, onChange }: Props) {
  const apps = world.apps.filter(({ tenants }) => tenants.includes(asked.tenant))
  const patients = world.patients.filter(({ tenant }) => tenant === asked.tenant)
  return (
    <div className="fields fields-wide">
      <Choice
        label="Trust"
        value={asked.tenant}
        options={world.trusts.map(({ tenant, name }) => [tenant, name])}
        onChange={(tenant) => onChange({ tenant })}
      />
      <Choice
        label="App"
        value={asked.clientId}
        options={apps.map(({ client_id, name }) => [client_id, name])}
        onChange={(clientId) => onChange({ clientId })}
      />
      <Choice
        label="Person"
        value={asked.user}
        options={peopleOf(world, asked.tenant).map(({ user, name, profession }) => [user, `${name}, ${profession}`])}
        onChange={(user) => onChange({ user })}
      />
      <Choice
        label="Active role"
        value={asked.role}
        options={rolesOf(world, asked).map(({ role, name }) => [role, name])}
        onChange={(role) => onChange({ role })}
      />
      <Choice
        label="Patient"
        value={asked.patient}
        options={[
          ['', 'no patient'],
          ...patients.map(({ patient, name }) => [patient, `${name} (${patient})`] as const),
        ]}
        onChange={(patient) => onChange({ patient })}
      />
      <Choice
        label="Purpose"
        value={asked.purpose}
        options={[...PURPOSES.map((code) => [code, code] as const), ['', 'none']]}
        onChange={(purpose) => onChange({ purpose })}
      />
      <Choice
        label="Sign-in level (acr)"
        value={asked.acr}
        options={['0', '1', '2', '3', '4'].map((level) => [level, level])}
        onChange={(acr) => onChange({ acr })}
      />
      <TextField
        size="small"
        label="Time (empty: now)"
        placeholder="2026-11-20T14:00"
        value={asked.at}
        onChange={(event) => onChange({ at: event.target.value })}
      />
    </div>
  )
}

type ChoiceProps = {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, text: string])[]
  readonly onChange: (value: string) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <Select size="small" label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </Select>
  )
}

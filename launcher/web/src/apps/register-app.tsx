import { Alert, Button, Select, TextField } from '@navikt/ds-react'
import { useState, type FormEvent } from 'react'
import { ApiProblem, registerApp } from '../api/client.ts'
import type { World } from '../api/world.ts'
import { faultsOf, inFieldNames } from './registration-faults.ts'

type Props = { readonly trusts: World['trusts']; readonly onRegistered: (clientId: string) => void }
type Outcome =
  | { readonly kind: 'registered'; readonly clientId: string }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
  | undefined

const SUGGESTED_SCOPE = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs'

/** The same registration a script sends to `POST <issuer>/register` (RFC 7591), as a form. */
export function RegisterApp({ trusts, onRegistered }: Props) {
  const [outcome, setOutcome] = useState<Outcome>(undefined)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const field = (name: string) => {
      const value = form.get(name)
      return typeof value === 'string' ? value.trim() : ''
    }
    const launchUri = field('launch_uri')
    const redirectUris = field('redirect_uris').split(/\s+/).filter(Boolean)
    const faults = faultsOf({ launchUri, redirectUris, scope: field('scope') })
    if (faults.length > 0) return setOutcome({ kind: 'refused', reasons: faults })
    try {
      const { client_id } = await registerApp(field('tenant'), {
        client_name: field('client_name'),
        launch_uris: [launchUri],
        redirect_uris: redirectUris,
        scope: field('scope'),
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
      })
      setOutcome({ kind: 'registered', clientId: client_id })
      onRegistered(client_id)
    } catch (error) {
      setOutcome({
        kind: 'refused',
        reasons: [error instanceof ApiProblem ? inFieldNames(error.message) : 'the launcher does not answer'],
      })
    }
  }

  return (
    <section className="panel" aria-labelledby="register">
      <h2 id="register">Register an app</h2>
      <form className="fields" onSubmit={(event) => void submit(event)}>
        <Select size="small" label="Trust" name="tenant">
          {trusts.map((trust) => (
            <option key={trust.tenant} value={trust.tenant}>
              {trust.name}
            </option>
          ))}
        </Select>
        <TextField size="small" label="Name" name="client_name" required maxLength={80} />
        <TextField
          size="small"
          label="Launch address"
          name="launch_uri"
          type="url"
          required
          placeholder="http://localhost:3000/launch.html"
        />
        <TextField
          size="small"
          label="Redirect addresses"
          name="redirect_uris"
          required
          description="Absolute, separated by spaces; compared letter by letter"
        />
        <TextField size="small" label="Scopes" name="scope" required defaultValue={SUGGESTED_SCOPE} />
        <div className="actions">
          <Button size="small" type="submit">
            Register
          </Button>
        </div>
      </form>
      {outcome?.kind === 'registered' && (
        <Alert size="small" variant="success">
          Registered as <span className="address">{outcome.clientId}</span>, approved by the demo world.
        </Alert>
      )}
      {outcome?.kind === 'refused' && (
        <Alert size="small" variant="error">
          {outcome.reasons.length === 1
            ? outcome.reasons[0]
            : outcome.reasons.map((reason) => <p key={reason}>{reason}</p>)}
        </Alert>
      )}
    </section>
  )
}

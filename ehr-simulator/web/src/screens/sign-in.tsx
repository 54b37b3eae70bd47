import { Alert, BodyShort, Button, Heading, TextField } from '@navikt/ds-react'
import { useState, type FormEvent } from 'react'
import type { HostClient, Refused } from '../api/client.ts'
import type { SessionFace, TrustFace } from '../api/session.ts'
import { formatRefusal } from '../format/refusals.ts'
import { WorldNotice } from '../parts/world-notice.tsx'

type Props = {
  readonly trust: TrustFace
  readonly expired: boolean
  readonly client: HostClient
  readonly onSignedIn: (session: SessionFace) => void
}

export function SignIn({ trust, expired, client, onSignedIn }: Props) {
  const [refused, setRefused] = useState<Refused | null>(null)
  const [busy, setBusy] = useState(false)
  const signIn = async (form: FormData) => {
    setBusy(true)
    const answer = await client.signIn(word(form, 'username'), word(form, 'password'))
    setBusy(false)
    if (answer.kind === 'answered') onSignedIn(answer.value)
    else setRefused(answer)
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    void signIn(new FormData(event.currentTarget))
  }
  return (
    <main className="door">
      <section className="door__place" aria-hidden="true">
        <p className="door__mark">Arbeidsflate</p>
        <p className="door__trust">{trust.name}</p>
        <p className="door__words">Pasientjournal og kliniske apper på ett sted.</p>
      </section>
      <section className="door__card">
        <WorldNotice world={trust.world} />
        <Heading level="1" size="medium">
          Logg inn
        </Heading>
        <BodyShort size="small" className="door__at">
          {trust.name}
        </BodyShort>
        {expired && refused === null && (
          <Alert variant="info" size="small">
            Økten er utløpt, logg inn på nytt.
          </Alert>
        )}
        {refused !== null && (
          <Alert variant="error" size="small" role="alert">
            {formatRefusal(refused)}
          </Alert>
        )}
        <form method="post" action="api/session" onSubmit={submit} className="door__form">
          <TextField label="Brukernavn" name="username" size="small" autoComplete="username" autoFocus required />
          <TextField
            label="Passord"
            name="password"
            type="password"
            size="small"
            autoComplete="current-password"
            required
          />
          <Button type="submit" size="small" loading={busy}>
            Logg inn
          </Button>
        </form>
      </section>
    </main>
  )
}

function word(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

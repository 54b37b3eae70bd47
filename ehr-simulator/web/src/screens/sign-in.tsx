import { Alert, BodyShort, Button, Heading, TextField } from '@navikt/ds-react'
import { useState, type FormEvent } from 'react'
import type { Answer, Refused } from '../api/client.ts'
import type { TrustFace } from '../api/session.ts'
import { formatRefusal } from '../format/refusals.ts'
import { WorldNotice } from '../parts/world-notice.tsx'

type Props<Session> = {
  readonly trust: TrustFace
  readonly expired: boolean
  /** What this door leads to. */
  readonly words: { readonly mark: string; readonly about: string; readonly heading: string }
  readonly signIn: (username: string, password: string) => Promise<Answer<Session>>
  readonly onSignedIn: (session: Session) => void
}

/** The doors of staff and of citizens look alike and open different rooms. */
export function SignIn<Session>({ trust, expired, words, signIn: ask, onSignedIn }: Props<Session>) {
  const [refused, setRefused] = useState<Refused | null>(null)
  const [busy, setBusy] = useState(false)
  const signIn = async (form: FormData) => {
    setBusy(true)
    const answer = await ask(word(form, 'username'), word(form, 'password'))
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
        <p className="door__mark">{words.mark}</p>
        <p className="door__trust">{trust.name}</p>
        <p className="door__words">{words.about}</p>
      </section>
      <section className="door__card">
        <WorldNotice world={trust.world} />
        <Heading level="1" size="medium">
          {words.heading}
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

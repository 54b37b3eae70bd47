import { Button, Heading } from '@navikt/ds-react'
import { useId, useState } from 'react'
import { formatLength } from '../access/countdown.ts'
import { formError, reasonError } from '../access/refused-words.ts'
import { useTaking } from '../access/use-taking.ts'
import type { GroundFace } from '../api/access.ts'
import type { Answer } from '../api/client.ts'
import { ReasonField } from './reason-field.tsx'
import { RefusalNotice } from './refusal-notice.tsx'

type Props = {
  readonly ground: GroundFace
  readonly take: (ground: string, reason: string) => Promise<Answer<unknown>>
  readonly onTaken: () => void
}

/** The blue light: for acute help when nothing else fits. What the patient has blocked stays closed. */
export function EmergencyForm({ ground, take, onTaken }: Props) {
  const heading = useId()
  const [reason, setReason] = useState('')
  const { busy, refused, attempt } = useTaking(take, onTaken)
  const failed = formError(refused)
  return (
    <form
      className="way way--emergency"
      aria-labelledby={heading}
      onSubmit={(event) => {
        event.preventDefault()
        attempt(ground.id, reason)
      }}
    >
      <Heading level="2" size="xsmall" id={heading}>
        Blålys – akutt helsehjelp
      </Heading>
      <p className="way__words">
        Bare når pasienten trenger akutt hjelp og ingen andre grunnlag passer. Tilgangen varer i{' '}
        {formatLength(ground.minutes)} og åpner ikke opplysninger som pasienten har sperret. Lederen din kontrollerer
        hver bruk.
      </p>
      <ReasonField value={reason} onChange={setReason} error={reasonError(refused)} />
      {failed && <RefusalNotice refused={failed} />}
      <div className="way__ways">
        <Button size="small" type="submit" variant="danger" loading={busy}>
          Start blålys
        </Button>
      </div>
    </form>
  )
}

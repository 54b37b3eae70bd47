import { Button, Radio, RadioGroup, Textarea } from '@navikt/ds-react'
import { useState } from 'react'
import { useTaking } from '../access/use-taking.ts'
import type { HostClient } from '../api/client.ts'
import { OUTCOMES, type Outcome } from '../api/control.ts'
import { formatRefusal } from '../format/refusals.ts'
import { RefusalNotice } from './refusal-notice.tsx'

type Props = {
  readonly client: HostClient
  readonly decision: string
  readonly onReviewed: () => void
  readonly onCancel: () => void
}

const WORDS: Readonly<Record<Outcome, string>> = { accepted: 'I orden', questioned: 'Følges opp med den ansatte' }

/** What the leader made of it; it is written once and stays. */
export function ReviewForm({ client, decision, onReviewed, onCancel }: Props) {
  const [outcome, setOutcome] = useState<Outcome | ''>('')
  const [note, setNote] = useState('')
  const [missing, setMissing] = useState(false)
  const { busy, refused, attempt } = useTaking(
    (chosen: Outcome) => client.review({ decision, outcome: chosen, note }),
    onReviewed,
  )
  const noteRefused = refused?.code === 'note_required'
  return (
    <form
      className="review"
      onSubmit={(event) => {
        event.preventDefault()
        setMissing(outcome === '')
        if (outcome !== '') attempt(outcome)
      }}
    >
      <RadioGroup
        legend="Vurdering"
        size="small"
        value={outcome}
        error={missing ? 'Velg en vurdering.' : undefined}
        onChange={(value: Outcome) => setOutcome(value)}
      >
        {OUTCOMES.map((each) => (
          <Radio key={each} value={each}>
            {WORDS[each]}
          </Radio>
        ))}
      </RadioGroup>
      <Textarea
        label="Merknad"
        size="small"
        minRows={2}
        maxLength={500}
        value={note}
        error={noteRefused ? formatRefusal(refused) : undefined}
        onChange={(event) => setNote(event.target.value)}
      />
      {refused !== null && !noteRefused && <RefusalNotice refused={refused} />}
      <div className="way__ways">
        <Button size="small" type="submit" loading={busy}>
          Marker som kontrollert
        </Button>
        <Button size="small" type="button" variant="tertiary" onClick={onCancel}>
          Avbryt
        </Button>
      </div>
    </form>
  )
}

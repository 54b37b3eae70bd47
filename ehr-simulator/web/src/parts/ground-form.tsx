import { Button, Heading, Radio, RadioGroup } from '@navikt/ds-react'
import { useId, useState } from 'react'
import { formatLength } from '../access/countdown.ts'
import { formError, reasonError } from '../access/refused-words.ts'
import { useTaking } from '../access/use-taking.ts'
import type { GroundFace } from '../api/access.ts'
import type { Answer } from '../api/client.ts'
import { ReasonField } from './reason-field.tsx'
import { RefusalNotice } from './refusal-notice.tsx'

type Props = {
  readonly grounds: readonly GroundFace[]
  readonly take: (ground: string, reason: string) => Promise<Answer<unknown>>
  readonly onTaken: () => void
  readonly onCancel: () => void
}

/** «Velg grunnlag for tilgang»: nothing is chosen beforehand, so that somebody chooses. */
export function GroundForm({ grounds, take, onTaken, onCancel }: Props) {
  const heading = useId()
  const [chosen, setChosen] = useState('')
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const { busy, refused, attempt } = useTaking(take, onTaken)
  const ground = grounds.find(({ id }) => id === chosen)
  const failed = formError(refused)
  return (
    <form
      className="way"
      aria-labelledby={heading}
      onSubmit={(event) => {
        event.preventDefault()
        setMissing(ground === undefined)
        if (ground !== undefined) attempt(ground.id, reason)
      }}
    >
      <Heading level="2" size="xsmall" id={heading}>
        Velg grunnlag for tilgang
      </Heading>
      <RadioGroup
        legend="Grunnlag"
        hideLegend
        size="small"
        value={chosen}
        error={missing ? 'Velg et grunnlag.' : undefined}
        onChange={(value: string) => {
          setChosen(value)
          setMissing(false)
        }}
      >
        {grounds.map(({ id, title, hint, minutes }) => (
          <Radio key={id} value={id} description={`${hint} Varer i ${formatLength(minutes)}.`}>
            {title}
          </Radio>
        ))}
      </RadioGroup>
      {ground?.reasonRequired !== false && (
        <ReasonField value={reason} onChange={setReason} error={reasonError(refused)} />
      )}
      {failed && <RefusalNotice refused={failed} />}
      <div className="way__ways">
        <Button size="small" type="submit" loading={busy}>
          Åpne journalen
        </Button>
        <Button size="small" variant="tertiary" type="button" onClick={onCancel}>
          Avbryt
        </Button>
      </div>
    </form>
  )
}

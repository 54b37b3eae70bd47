import { Heading, Search } from '@navikt/ds-react'
import { useCallback, useDeferredValue, useState } from 'react'
import type { HostClient } from '../api/client.ts'
import type { UnitFace } from '../api/patients.ts'
import { formatMoment } from '../format/dates.ts'
import { formatCount } from '../format/numbers.ts'
import { PatientTable } from '../parts/patient-table.tsx'
import { useAnswer, type Asked } from '../surface/use-answer.ts'

type Props = {
  readonly client: HostClient
  readonly unit: Asked<UnitFace>
  readonly onAgain: () => void
  readonly onOpen: (patient: string) => void
}

export function PatientList({ client, unit, onAgain, onOpen }: Props) {
  const [text, setText] = useState('')
  const name = unit.kind === 'answered' ? unit.value.name : 'Enheten'
  return (
    <div className="list-page">
      <div className="list-page__head">
        <Heading level="1" size="small">
          Pasientliste – {name}
        </Heading>
        {unit.kind === 'answered' && (
          <span className="list-page__count">
            {formatCount(unit.value.patients.length, 'pasient', 'pasienter')} · oppdatert {formatMoment(unit.value.now)}
          </span>
        )}
        <Search
          label="Søk i enhetens pasienter"
          placeholder="Navn, fødselsnummer eller rom"
          size="small"
          variant="simple"
          value={text}
          onChange={setText}
          className="list-page__search"
        />
      </div>
      {text.trim() === '' ? (
        <PatientTable asked={unit} onAgain={onAgain} onOpen={onOpen} empty="Ingen pasienter i enheten akkurat nå." />
      ) : (
        <Found client={client} text={text.trim()} onOpen={onOpen} />
      )}
    </div>
  )
}

function Found({
  client,
  text,
  onOpen,
}: {
  readonly client: HostClient
  readonly text: string
  readonly onOpen: (patient: string) => void
}) {
  const asked = useDeferredValue(text)
  const ask = useCallback(() => client.searchPatients(asked), [client, asked])
  const [answer, again] = useAnswer(ask)
  return <PatientTable asked={answer} onAgain={again} onOpen={onOpen} empty="Ingen treff" />
}

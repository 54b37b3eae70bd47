import { BodyShort, Button, Heading, Loader, Tag, TextField } from '@navikt/ds-react'
import { useState, type FormEvent } from 'react'
import type { Answer, HostClient } from '../api/client.ts'
import type { Found, FoundPatient } from '../api/found.ts'
import { formatAge, formatGender, formatPatientName, formatPatientNumber } from '../format/patient-line.ts'
import { RefusalNotice } from '../parts/refusal-notice.tsx'
import { formatAddress } from '../surface/address.ts'

type Search = { readonly kind: 'none' } | { readonly kind: 'searching' } | Answer<Found>

/** Somebody who is not on one's own list. What is searched for never stands in an address. */
export function FindPatient({ client }: { readonly client: HostClient }) {
  const [text, setText] = useState('')
  const [search, setSearch] = useState<Search>({ kind: 'none' })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const run = async () => {
      setSearch({ kind: 'searching' })
      setSearch(await client.findPatient(text.trim()))
    }
    void run()
  }
  return (
    <div className="find">
      <Heading level="1" size="small">
        Finn pasient
      </Heading>
      <BodyShort size="small" className="find__words">
        Søk blant alle pasienter ved sykehuset. Søk bare når du har tjenstlig behov: alle oppslag logges.
      </BodyShort>
      <form onSubmit={submit} className="find__form" role="search">
        <TextField
          label="Navn, fødselsdato eller fødselsnummer"
          size="small"
          value={text}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
        <Button size="small" type="submit">
          Søk
        </Button>
      </form>
      <div aria-live="polite">
        <Result search={search} />
      </div>
    </div>
  )
}

function Result({ search }: { readonly search: Search }) {
  switch (search.kind) {
    case 'none':
      return null
    case 'searching':
      return <Loader title="Søker …" className="waiting" />
    case 'refused':
      return <RefusalNotice refused={search} />
    case 'answered': {
      const { patients, now, more } = search.value
      if (patients.length === 0) return <p className="empty-line">Ingen treff</p>
      return (
        <>
          <ul className="find__hits" aria-label="Treff">
            {patients.map((found) => (
              <Hit key={found.patient.id} found={found} now={now} />
            ))}
          </ul>
          {more && <p className="empty-line">Flere treff enn det er plass til. Søk mer presist.</p>}
        </>
      )
    }
  }
}

function Hit({ found: { patient, open }, now }: { readonly found: FoundPatient; readonly now: Date }) {
  const href = formatAddress({ kind: 'patient', patient: patient.id, view: { kind: 'chart', page: 'oversikt' } })
  return (
    <li className="find__hit">
      <a href={href} className="list-row__name">
        {formatPatientName(patient)}
      </a>
      <span className="figures">{formatPatientNumber(patient)}</span>
      <span>
        {formatAge(patient.birthDate, now)} – {formatGender(patient.gender)}
      </span>
      {open ? (
        <Tag size="xsmall" variant="success">
          Du har tilgang
        </Tag>
      ) : (
        <Tag size="xsmall" variant="neutral">
          Krever grunnlag
        </Tag>
      )}
    </li>
  )
}

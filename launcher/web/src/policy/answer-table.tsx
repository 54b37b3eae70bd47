import { Alert, Checkbox, Table, Tag } from '@navikt/ds-react'
import { useState } from 'react'
import type { Answer, WhatIfAnswer } from '../api/decisions.ts'
import { groundText } from './grounds.ts'
import { ScopeText } from './scope-text.tsx'
import { patientLine, personLine, type Row, rowsOf } from './what-if.ts'

type Props = { readonly answer: WhatIfAnswer; readonly unitName: (id: string) => string }

/** The facts, and each question with the answer of one book or two. */
export function AnswerTable({ answer, unitName }: Props) {
  const [onlyDifferent, setOnlyDifferent] = useState(false)
  const { serving, candidate, facts } = answer
  const rows = rowsOf(answer)
  const different = rows.filter(({ differs }) => differs === 'effect')
  const otherwise = rows.filter(({ differs }) => differs === 'rules').length
  const shown = onlyDifferent ? different : rows
  const sideBySide = candidate !== undefined && candidate.problem === undefined
  return (
    <>
      <dl className="facts">
        <dt>Decided for</dt>
        <dd>{new Date(answer.at).toLocaleString('en-GB')}</dd>
        <dt>Person</dt>
        <dd>{personLine(facts.person, unitName)}</dd>
        {facts.patients.map((patient) => (
          <div key={patient.patient} className="facts-patient">
            <dt>Patient</dt>
            <dd>{patientLine(patient, unitName)}</dd>
          </div>
        ))}
      </dl>
      {serving.problem !== undefined && <Alert variant="error">The serving book: {serving.problem}</Alert>}
      {candidate?.problem !== undefined && <Alert variant="error">The candidate is refused: {candidate.problem}</Alert>}
      {sideBySide && (
        <div className="actions">
          <Checkbox size="small" checked={onlyDifferent} onChange={(event) => setOnlyDifferent(event.target.checked)}>
            Only where access differs ({different.length} of {rows.length})
          </Checkbox>
          {otherwise > 0 && <p className="aside">{otherwise} more give the same answer by other rules.</p>}
        </div>
      )}
      <Table size="small">
        <Table.Header>
          <Table.Row>
            <Table.HeaderCell scope="col">Question</Table.HeaderCell>
            <Table.HeaderCell scope="col">Serving book</Table.HeaderCell>
            {sideBySide && <Table.HeaderCell scope="col">Candidate</Table.HeaderCell>}
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {shown.map((row) => (
            <Table.Row key={row.name} className={row.differs === 'effect' ? 'row-differs' : ''}>
              <Table.HeaderCell scope="row">
                <ScopeText text={row.name} />
              </Table.HeaderCell>
              <AnswerCell answer={row.serving} />
              {sideBySide && <CandidateCell row={row} />}
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </>
  )
}

/** What the candidate says, unless it says the same. */
function CandidateCell({ row }: { readonly row: Row }) {
  if (row.candidate !== undefined && row.differs === undefined)
    return <Table.DataCell className="row-same">the same</Table.DataCell>
  return <AnswerCell answer={row.candidate} />
}

function AnswerCell({ answer }: { readonly answer: Answer | undefined }) {
  if (answer === undefined) return <Table.DataCell>no answer</Table.DataCell>
  const { effect, reason_text: reason, rules, requestable, valid_until: until } = answer
  return (
    <Table.DataCell>
      <Tag size="xsmall" variant={effect === 'permit' ? 'success' : 'error'}>
        {effect}
      </Tag>{' '}
      {reason.en}
      {until !== undefined && ` until ${new Date(until).toLocaleTimeString('en-GB')}`}
      {requestable !== undefined && `; could be asked for: ${requestable.templates.map(groundText).join(', ')}`}
      <div className="address">{rules.join(' ') || answer.reason_code}</div>
    </Table.DataCell>
  )
}

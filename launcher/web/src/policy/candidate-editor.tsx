import { Button, Select, Tag, Textarea } from '@navikt/ds-react'
import { useState } from 'react'
import type { Rules } from '../api/decisions.ts'
import type { Change } from './what-if.ts'

type Props = { readonly rules: Rules; readonly change: Change; readonly onChange: (change: Change) => void }

/** Makes a second rule book out of the one that serves, a rule at a time. */
export function CandidateEditor({ rules, change, onChange }: Props) {
  const [chosen, setChosen] = useState(Object.keys(rules.rules)[0] ?? '')
  const serving = rules.rules[chosen] ?? ''
  const text = change[chosen] === undefined ? serving : change[chosen]
  const put = (next: string | null) => {
    const { [chosen]: _, ...others } = change
    onChange(next === serving ? others : { ...others, [chosen]: next })
  }
  const changed = Object.entries(change)
  return (
    <div className="fields">
      <p className="address">serving book {rules.version}</p>
      <Select size="small" label="Rule" value={chosen} onChange={(event) => setChosen(event.target.value)}>
        {Object.keys(rules.rules).map((id) => (
          <option key={id} value={id}>
            {id}
            {change[id] === undefined ? '' : change[id] === null ? ' (left out)' : ' (changed)'}
          </option>
        ))}
      </Select>
      <Textarea
        size="small"
        label="Its text in the candidate"
        className="rule"
        minRows={8}
        maxRows={18}
        value={text ?? ''}
        disabled={text === null}
        onChange={(event) => put(event.target.value)}
      />
      <div className="actions">
        <Button size="xsmall" variant="secondary" onClick={() => put(text === null ? serving : null)}>
          {text === null ? 'Take it in again' : 'Leave it out'}
        </Button>
        <Button size="xsmall" variant="tertiary" disabled={change[chosen] === undefined} onClick={() => put(serving)}>
          As it serves
        </Button>
      </div>
      {changed.length > 0 && (
        <p className="tags">
          {changed.map(([id, next]) => (
            <Tag key={id} size="xsmall" variant={next === null ? 'error' : 'warning'}>
              {id} {next === null ? 'left out' : 'changed'}
            </Tag>
          ))}
        </p>
      )}
    </div>
  )
}

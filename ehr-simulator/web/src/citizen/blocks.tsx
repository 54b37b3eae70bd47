import { Alert, Button, Heading, Loader, Select } from '@navikt/ds-react'
import { useCallback, useState, type FormEvent } from 'react'
import { useTaking } from '../access/use-taking.ts'
import { formatDate } from '../format/dates.ts'
import { RefusalNotice } from '../parts/refusal-notice.tsx'
import { useAnswer } from '../surface/use-answer.ts'
import type { BlockChoice, BlockFace, BlockKind, BlocksFace, CitizenClient } from './api.ts'

/** «Sperringer»: what the citizen has closed, and what can be. */
export function Blocks({ client }: { readonly client: CitizenClient }) {
  const ask = useCallback(() => client.blocks(), [client])
  const [answer, again] = useAnswer(ask)
  return (
    <section className="insight" aria-labelledby="blocks">
      <Heading level="1" size="medium" id="blocks">
        Sperringer
      </Heading>
      <p className="insight__words">
        Du kan motsette deg at opplysninger i journalen blir sett. En sperring kan gjøre det vanskeligere å gi deg
        riktig hjelp. Er det fare for liv eller alvorlig helseskade, kan en lege oppheve den for enkelte opplysninger,
        og da ser du det i innsynsloggen.
      </p>
      {answer.kind === 'loading' && <Loader size="large" title="Henter sperringene …" className="waiting" />}
      {answer.kind === 'refused' && <RefusalNotice refused={answer} onAgain={again} />}
      {answer.kind === 'answered' && <Standing client={client} face={answer.value} onChanged={again} />}
    </section>
  )
}

type StandingProps = {
  readonly client: CitizenClient
  readonly face: BlocksFace
  readonly onChanged: () => void
}

function Standing({ client, face, onChanged }: StandingProps) {
  return (
    <>
      <Heading level="2" size="small">
        Dette har du sperret
      </Heading>
      {face.blocks.length === 0 && <p className="empty-line">Du har ikke sperret noe.</p>}
      <ul className="blocks" aria-label="Dine sperringer">
        {face.blocks.map((block) => (
          <Block key={block.id} block={block} client={client} onChanged={onChanged} />
        ))}
      </ul>
      <NewBlock client={client} choices={face.choices} onChanged={onChanged} />
    </>
  )
}

const named = ({ label, at }: { readonly label: string; readonly at: Date | null }): string =>
  at === null ? label : `${label}, ${formatDate(at)}`

function Block({
  block,
  client,
  onChanged,
}: {
  readonly block: BlockFace
  readonly client: CitizenClient
  readonly onChanged: () => void
}) {
  const { busy, refused, attempt } = useTaking(() => client.lift(block.id), onChanged)
  return (
    <li className="blocks__block">
      <span>{named(block)}</span>
      <Button
        size="xsmall"
        variant="secondary"
        loading={busy}
        aria-label={`Opphev sperringen: ${named(block)}`}
        onClick={() => attempt()}
      >
        Opphev sperringen
      </Button>
      {refused !== null && <RefusalNotice refused={refused} />}
    </li>
  )
}

const GROUPS: readonly (readonly [BlockKind, string])[] = [
  ['document', 'Ett dokument'],
  ['unit', 'Én enhet'],
  ['employee', 'Én ansatt'],
  ['profession', 'En yrkesgruppe'],
  ['record', 'Alt'],
]
const keyOf = ({ kind, target }: Pick<BlockChoice, 'kind' | 'target'>): string => `${kind} ${target}`

function NewBlock({
  client,
  choices,
  onChanged,
}: {
  readonly client: CitizenClient
  readonly choices: readonly BlockChoice[]
  readonly onChanged: () => void
}) {
  const [chosen, setChosen] = useState('')
  const [missing, setMissing] = useState(false)
  const { busy, refused, attempt } = useTaking(
    (choice: BlockChoice) => client.block(choice),
    () => {
      setChosen('')
      onChanged()
    },
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const choice = choices.find((each) => keyOf(each) === chosen)
    setMissing(choice === undefined)
    if (choice !== undefined) attempt(choice)
  }
  return (
    <form className="new-block" onSubmit={submit}>
      <Heading level="2" size="small">
        Ny sperring
      </Heading>
      <Select
        label="Hva vil du sperre?"
        size="small"
        value={chosen}
        error={missing ? 'Velg hva du vil sperre.' : undefined}
        onChange={(event) => setChosen(event.target.value)}
      >
        <option value="">Velg …</option>
        {GROUPS.map(([kind, name]) => {
          const each = choices.filter((choice) => choice.kind === kind)
          return each.length === 0 ? null : (
            <optgroup key={kind} label={name}>
              {each.map((choice) => (
                <option key={keyOf(choice)} value={keyOf(choice)}>
                  {named(choice)}
                </option>
              ))}
            </optgroup>
          )
        })}
      </Select>
      {chosen.startsWith('record') && (
        <Alert variant="warning" size="small">
          Da kan ingen ved sykehuset se journalen din uten at en lege opphever sperringen.
        </Alert>
      )}
      {refused !== null && <RefusalNotice refused={refused} />}
      <Button type="submit" size="small" loading={busy}>
        Sperr
      </Button>
    </form>
  )
}

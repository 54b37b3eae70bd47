import { Button, Checkbox, CheckboxGroup, Loader, Modal, TextField } from '@navikt/ds-react'
import { useCallback, useId, useState } from 'react'
import { formError, reasonError } from '../access/refused-words.ts'
import { useTaking } from '../access/use-taking.ts'
import type { BlockedItem } from '../api/access.ts'
import type { HostClient } from '../api/client.ts'
import { formatMoment } from '../format/dates.ts'
import { formatRefusal } from '../format/refusals.ts'
import { useAnswer } from '../surface/use-answer.ts'
import { ReasonField } from './reason-field.tsx'
import { RefusalNotice } from './refusal-notice.tsx'

type Props = {
  readonly client: HostClient
  readonly patient: string
  readonly onTaken: () => void
  readonly onCancel: () => void
}

/** «Opphev sperring»: named items, for a quarter of an hour, to read. Not the blue light, and never begun by it. */
export function GlassDialog({ client, patient, onTaken, onCancel }: Props) {
  const ask = useCallback(() => client.blocked(patient), [client, patient])
  const [answer, again] = useAnswer(ask)
  return (
    <Modal open onClose={onCancel} header={{ heading: 'Åpne sperrede opplysninger', size: 'small' }} width="medium">
      {answer.kind === 'answered' ? (
        <Form client={client} patient={patient} items={answer.value.items} onTaken={onTaken} onCancel={onCancel} />
      ) : (
        <Modal.Body>
          {answer.kind === 'loading' ? (
            <Loader title="Henter …" className="waiting" />
          ) : (
            <RefusalNotice refused={answer} onAgain={again} onClose={onCancel} />
          )}
        </Modal.Body>
      )}
    </Modal>
  )
}

const PASSWORD: ReadonlySet<string> = new Set(['password_required', 'password_wrong', 'too_many_attempts'])
/** Refusals that stand at the field they are about. */
const AT_FIELDS: ReadonlySet<string> = new Set(['items_required', 'confirmation_required', ...PASSWORD])

function Form({ client, patient, items, onTaken, onCancel }: Props & { readonly items: readonly BlockedItem[] }) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [reason, setReason] = useState('')
  const [confirmed, setConfirmed] = useState(false)
  const [password, setPassword] = useState('')
  const form = useId()
  const { busy, refused, attempt } = useTaking(
    () => client.openBlocked({ patient, items: chosen, reason, confirmed, password }),
    onTaken,
  )
  const code = refused?.code
  const failed = AT_FIELDS.has(code ?? '') ? null : formError(refused)
  return (
    <>
      <Modal.Body>
        <form
          id={form}
          className="glass"
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            attempt()
          }}
        >
          <p className="way__words">
            Pasienten har motsatt seg at du ser disse opplysningene. De kan bare åpnes når tungtveiende grunner taler
            for det, bare de du velger, bare for lesing og i 15 minutter. Pasienten ser begrunnelsen, og lederen din
            kontrollerer den.
          </p>
          {items.length === 0 ? (
            <p className="empty-line">Ingen sperrede opplysninger som kan åpnes.</p>
          ) : (
            <CheckboxGroup
              legend="Sperrede opplysninger"
              size="small"
              value={[...chosen]}
              error={code === 'items_required' ? 'Velg hva som skal åpnes.' : undefined}
              onChange={(value: string[]) => setChosen(value)}
            >
              {items.map(({ id, kind, at }) => (
                <Checkbox key={id} value={id}>
                  {[kind, at && formatMoment(at)].filter(Boolean).join(' · ')}
                </Checkbox>
              ))}
            </CheckboxGroup>
          )}
          <ReasonField value={reason} onChange={setReason} error={reasonError(refused)} />
          <Checkbox
            size="small"
            checked={confirmed}
            error={code === 'confirmation_required'}
            onChange={(event) => setConfirmed(event.target.checked)}
          >
            Jeg bekrefter at vilkårene er oppfylt
          </Checkbox>
          {code === 'confirmation_required' && <p className="field-error">Bekreft at vilkårene er oppfylt.</p>}
          {/* Nothing a browser fills in by itself: it would sign in for whoever happens to sit there. */}
          <TextField
            label="Passord"
            description="Bekreft at det er du som sitter ved skjermen. Passordet står her for smartkort på sikkerhetsnivå 4."
            type="password"
            size="small"
            className="glass__password"
            autoComplete="new-password"
            value={password}
            error={refused && PASSWORD.has(refused.code) ? formatRefusal(refused) : undefined}
            onChange={(event) => setPassword(event.target.value)}
          />
          {failed && <RefusalNotice refused={failed} />}
        </form>
      </Modal.Body>
      <Modal.Footer>
        <Button size="small" variant="danger" loading={busy} disabled={items.length === 0} type="submit" form={form}>
          Åpne i 15 minutter
        </Button>
        <Button size="small" variant="tertiary" onClick={onCancel}>
          Avbryt
        </Button>
      </Modal.Footer>
    </>
  )
}

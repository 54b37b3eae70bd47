import { Button, Modal } from '@navikt/ds-react'
import { useState } from 'react'
import { formError, reasonError } from '../access/refused-words.ts'
import { useTaking } from '../access/use-taking.ts'
import type { TakenFace } from '../api/access.ts'
import type { HostClient } from '../api/client.ts'
import { ReasonField } from './reason-field.tsx'
import { RefusalNotice } from './refusal-notice.tsx'

type Props = {
  readonly client: HostClient
  readonly taken: TakenFace
  readonly onTaken: () => void
  readonly onCancel: () => void
}

/** Once more, with a reason of its own: an access is prolonged by somebody, never by itself. */
export function RenewDialog({ client, taken, onTaken, onCancel }: Props) {
  const [reason, setReason] = useState('')
  const { busy, refused, attempt } = useTaking(() => client.renewAccess(taken.decision, reason), onTaken)
  const failed = formError(refused)
  return (
    <Modal open onClose={onCancel} header={{ heading: 'Forny tilgangen', size: 'small' }} width="medium">
      <Modal.Body>
        <p className="way__words">{taken.title} kan fornyes én gang.</p>
        <ReasonField value={reason} onChange={setReason} error={reasonError(refused)} />
        {failed && <RefusalNotice refused={failed} />}
      </Modal.Body>
      <Modal.Footer>
        <Button size="small" loading={busy} onClick={() => attempt()}>
          Forny tilgangen
        </Button>
        <Button size="small" variant="tertiary" onClick={onCancel}>
          Avbryt
        </Button>
      </Modal.Footer>
    </Modal>
  )
}

import { BodyShort, Modal } from '@navikt/ds-react'
import type { PatientRow } from '../api/patients.ts'
import { formatPatientLine } from '../format/patient-line.ts'

type Props = {
  readonly rows: readonly PatientRow[]
  readonly now: Date
  readonly onChoose: (patient: string) => void
  readonly onCancel: () => void
}

/** Another patient in the same tab. The apps of the former one lose their access at once. */
export function PatientSwitch({ rows, now, onChoose, onCancel }: Props) {
  return (
    <Modal open onClose={onCancel} header={{ heading: 'Velg pasient', size: 'small' }} width="medium">
      <Modal.Body>
        <BodyShort size="small" spacing>
          Apper som er åpnet i denne arkfanen, avsluttes når pasienten byttes.
        </BodyShort>
        {rows.length === 0 ? (
          <p className="empty-line">Ingen andre pasienter i enheten.</p>
        ) : (
          <ul className="roles">
            {rows.map(({ patient, place, reason }) => (
              <li key={patient.id}>
                <button type="button" className="roles__role" onClick={() => onChoose(patient.id)}>
                  <span className="roles__name">{formatPatientLine(patient, now)}</span>
                  <span className="roles__where">{[place, reason].filter((part) => part !== '').join(' · ')}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Modal.Body>
    </Modal>
  )
}

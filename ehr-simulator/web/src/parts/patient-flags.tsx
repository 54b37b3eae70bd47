import { Tag } from '@navikt/ds-react'
import type { PatientFace } from '../api/patients.ts'

export function PatientFlags({ patient }: { readonly patient: Pick<PatientFace, 'hasAllergy' | 'hasCriticalInfo'> }) {
  return (
    <span className="flags">
      {patient.hasCriticalInfo && (
        <Tag size="xsmall" variant="error-filled">
          Kritisk info
        </Tag>
      )}
      {patient.hasAllergy && (
        <Tag size="xsmall" variant="warning">
          Allergi
        </Tag>
      )}
    </span>
  )
}

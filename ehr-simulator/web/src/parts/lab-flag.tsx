import { Tag } from '@navikt/ds-react'
import type { LabResult } from '../api/overview.ts'
import { formatFlag, isCritical } from '../chart/lab-flags.ts'

/** Never colour alone: the word says what the colour does. */
export function LabFlag({ flag }: { readonly flag: LabResult['flag'] }) {
  if (flag === null) return null
  return (
    <Tag size="xsmall" variant={isCritical(flag) ? 'error-filled' : 'warning'} className="lab-flag">
      {formatFlag(flag)}
    </Tag>
  )
}

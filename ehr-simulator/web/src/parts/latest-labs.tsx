import type { LabFace, LabResult } from '../api/overview.ts'
import { formatMoment } from '../format/dates.ts'
import { formatDecimals } from '../format/numbers.ts'
import { LabFlag } from './lab-flag.tsx'

export const formatResult = ({ value, text }: LabResult, decimals: number): string =>
  text ?? (value === null ? '–' : formatDecimals(value, decimals))

/** The newest answer of each analysis, with the one before it for comparison. */
export function LatestLabs({ labs }: { readonly labs: readonly LabFace[] }) {
  return (
    <table className="labs">
      <thead>
        <tr>
          <th scope="col">Analyse</th>
          <th scope="col" className="labs__number">
            Svar
          </th>
          <th scope="col">Vurdering</th>
          <th scope="col">Enhet</th>
          <th scope="col">Referanse</th>
          <th scope="col" className="labs__number">
            Forrige
          </th>
          <th scope="col">Tatt</th>
        </tr>
      </thead>
      <tbody>
        {labs.slice(0, 10).map((lab) => (
          <LabRow key={lab.code} lab={lab} />
        ))}
      </tbody>
    </table>
  )
}

function LabRow({ lab }: { readonly lab: LabFace }) {
  const [last, before] = lab.results
  if (last === undefined) return null
  return (
    <tr>
      <th scope="row">{lab.name}</th>
      <td className="labs__number">
        <strong>{formatResult(last, lab.decimals)}</strong>
      </td>
      <td>
        <LabFlag flag={last.flag} />
        {last.preliminary && <span className="labs__preliminary">Foreløpig</span>}
      </td>
      <td className="labs__quiet">{lab.unit}</td>
      <td className="labs__quiet">{lab.reference}</td>
      <td className="labs__number labs__quiet">{before === undefined ? '' : formatResult(before, lab.decimals)}</td>
      <td className="labs__quiet">{formatMoment(last.at)}</td>
    </tr>
  )
}

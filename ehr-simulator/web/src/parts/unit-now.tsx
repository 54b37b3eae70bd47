import type { PatientRow } from '../api/patients.ts'
import { formatLevel } from '../chart/news2.ts'
import { formatNear } from '../format/dates.ts'
import { formatPatientName } from '../format/patient-line.ts'
import { summariseUnit } from '../surface/unit-now.ts'
import { EmptyLine, Panel } from './panel.tsx'

/** The unit at a glance, beneath its list. */
export function UnitNow({ rows, now }: { readonly rows: readonly PatientRow[]; readonly now: Date }) {
  const { levels, coming, recent } = summariseUnit(rows, now)
  return (
    <div className="unit-now">
      <Panel title="NEWS2 i enheten">
        <table className="vitals">
          <tbody>
            {levels.map(({ level, count }) => (
              <tr key={level}>
                <th scope="row">{level === 'unknown' ? 'Uten verdi å vise' : `${formatLevel(level)} risiko`}</th>
                <td className="unit-now__share">
                  <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" className="unit-now__track">
                    <rect
                      width={(100 * count) / rows.length}
                      height="10"
                      className={`unit-now__bar unit-now__bar--${level}`}
                    />
                  </svg>
                </td>
                <td className="vitals__number">
                  <strong>{count}</strong>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
      <Panel title="Neste hendelser">
        {coming.length === 0 && <EmptyLine>Ingen kommende oppmøter å vise.</EmptyLine>}
        <ul className="rows">
          {coming.map(({ patient, next }) => (
            <li key={patient.id} className="rows__row">
              <span className="rows__when">{next && formatNear(next.at, now)}</span>
              <span className="rows__main">{next?.what}</span>
              <span className="rows__aside">{formatPatientName(patient)}</span>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title="Sist ankommet">
        {recent.length === 0 && <EmptyLine>Ingen nye pasienter å vise for den siste uken.</EmptyLine>}
        <ul className="rows">
          {recent.map(({ patient, admitted, reason }) => (
            <li key={patient.id} className="rows__row">
              <span className="rows__when">{admitted && formatNear(admitted, now)}</span>
              <span className="rows__main rows__main--short">{reason}</span>
              <span className="rows__aside">{formatPatientName(patient)}</span>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  )
}

import { formatClock, formatNumber } from '../format.ts'
import { type Intake, needText, type Nutrients } from '../nourishment/intake.ts'
import type { Part } from '../smart/part.ts'

const ROWS = [
  { of: 'energy', name: 'Energi', unit: 'kcal' },
  { of: 'protein', name: 'Protein', unit: 'g' },
  { of: 'fluid', name: 'Væske', unit: 'ml' },
] as const

type IntakeBarsProps = { readonly intake: Intake; readonly assessed: Part<{ readonly need: Nutrients }> }

/** What has been eaten and drunk today against the need of a whole day. */
export function IntakeBars({ intake, assessed }: IntakeBarsProps) {
  const need = assessed.kind === 'read' ? assessed.value.need : undefined
  const nothing = ROWS.every((row) => intake.total[row.of] === undefined)
  return (
    <>
      {nothing && <p className="empty">Ingenting funnet for i dag.</p>}
      <ul className="bars">
        {ROWS.map((row) => (
          <Bar
            key={row.of}
            name={row.name}
            eaten={intake.total[row.of]}
            need={need?.[row.of]}
            against={needText(assessed, row.of, row.unit)}
          />
        ))}
      </ul>
      {intake.meals.length > 0 && (
        <details>
          <summary>Måltider i dag ({intake.meals.length})</summary>
          <table>
            <thead>
              <tr>
                <th>Kl.</th>
                <th>Måltid</th>
                <th>Spist</th>
                <th className="number">kcal</th>
                <th className="number">protein g</th>
                <th className="number">væske ml</th>
              </tr>
            </thead>
            <tbody>
              {intake.meals.map((meal) => (
                <tr key={`${meal.at.toISOString()} ${meal.name}`}>
                  <td>{formatClock(meal.at)}</td>
                  <td>{meal.name}</td>
                  <td>{meal.portion ?? '–'}</td>
                  <td className="number">{numberText(meal.energy)}</td>
                  <td className="number">{numberText(meal.protein)}</td>
                  <td className="number">{numberText(meal.fluid)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  )
}

const numberText = (value: number | undefined): string => (value === undefined ? '–' : formatNumber(value, 0))

type BarProps = {
  readonly name: string
  readonly eaten: number | undefined
  readonly need: number | undefined
  readonly against: string
}

function Bar({ name, eaten, need, against }: BarProps) {
  const share = need ? ((eaten ?? 0) / need) * 100 : undefined
  return (
    <li>
      <span>{name}</span>
      <span className="bar-track" aria-hidden="true">
        <span className="bar-fill" style={{ width: `${Math.min(share ?? 0, 100)}%` }} />
      </span>
      <span className="bar-text">
        {eaten === undefined ? '–' : formatNumber(eaten, 0)}
        {against}
        {share !== undefined && <strong> {formatNumber(share, 0)} %</strong>}
      </span>
    </li>
  )
}

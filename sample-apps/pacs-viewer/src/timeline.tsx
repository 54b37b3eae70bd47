import { formatDay } from './format.ts'
import type { Study } from './imaging/study.ts'

type TimelineProps = {
  readonly studies: readonly Study[]
  readonly chosen: Study
  readonly onChoose: (id: string) => void
}

/** The patient's studies, newest first; a row of cards in a small tile, a column beside the images otherwise. */
export function Timeline({ studies, chosen, onChoose }: TimelineProps) {
  return (
    <nav aria-label="Undersøkelser" className="timeline">
      <ul>
        {studies.map((study) => (
          <li key={study.id}>
            <button
              type="button"
              aria-current={study.id === chosen.id ? 'true' : undefined}
              onClick={() => onChoose(study.id)}
            >
              <span className="study-day">{study.started ? formatDay(study.started) : 'Ukjent dato'}</span>
              <span className="study-modality">{study.modality}</span>
              <span className="study-name">{study.description}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

import { useState } from 'react'
import { ClosedPanel } from './frame/closed-panel.tsx'
import { FailurePanel } from './frame/failure-panel.tsx'
import { useSession } from './frame/session-context.ts'
import { Waiting } from './frame/session-frame.tsx'
import { useLoad } from './frame/use-load.ts'
import { figuresOf } from './nourishment/figures.ts'
import { loadNourishment } from './nourishment/load.ts'
import { Actions, Allergies, Diagnoses, Diets } from './sections/diet-parts.tsx'
import { IntakeBars } from './sections/intake-bars.tsx'
import { KeyFigures } from './sections/key-figures.tsx'
import { PartOf } from './sections/part-of.tsx'
import { WeightCurve } from './sections/weight-curve.tsx'
import { closedNotice } from './smart/closed-notice.ts'

export function Screen() {
  const { session } = useSession()
  const [reading, setReading] = useState(1)
  if (!session.patientId) return <p>Åpne appen fra en pasient for å se ernæring.</p>
  return <PatientNourishment key={reading} onAgain={() => setReading(reading + 1)} />
}

function PatientNourishment({ onAgain }: { readonly onAgain: () => void }) {
  const load = useLoad(loadNourishment)
  if (load.kind === 'loading') return <Waiting />
  if (load.kind === 'failed') return <FailurePanel failure={load.failure} />
  const { readAt, weights, intake, assessed, diets, allergies, diagnoses, actions } = load.value
  const notice = closedNotice([
    { title: 'vekt, BMI og vekttap', part: weights },
    { title: 'NRS-2002 og behov', part: assessed },
    { title: 'inntak i dag', part: intake },
    { title: 'kost', part: diets },
    { title: 'allergi og intoleranse', part: allergies },
    { title: 'åpne tiltak', part: actions },
    { title: 'ernæringsdiagnoser', part: diagnoses },
  ])
  return (
    <>
      {notice && <ClosedPanel notice={notice} onAgain={onAgain} />}
      <div className="nourishment">
        <KeyFigures figures={figuresOf(readAt, weights, assessed)} />
        <PartOf title="Inntak i dag" area="intake" part={intake}>
          {(eaten) => <IntakeBars intake={eaten} assessed={assessed} />}
        </PartOf>
        <PartOf title="Kost" area="diet" part={diets}>
          {(orders) => <Diets diets={orders} />}
        </PartOf>
        <PartOf title="Allergi og intoleranse" area="allergy" part={allergies}>
          {(found) => <Allergies allergies={found} />}
        </PartOf>
        <PartOf title="Vektkurve" area="curve" part={weights}>
          {(known) => <WeightCurve weights={known.weights} />}
        </PartOf>
        <PartOf title="Åpne tiltak" area="actions" part={actions}>
          {(open) => <Actions actions={open} />}
        </PartOf>
        <PartOf title="Ernæringsdiagnoser" area="diagnoses" part={diagnoses}>
          {(found) => <Diagnoses diagnoses={found} />}
        </PartOf>
      </div>
    </>
  )
}

import { FailurePanel } from './frame/failure-panel.tsx'
import { useSession } from './frame/session-context.ts'
import { Waiting } from './frame/session-frame.tsx'
import { useLoad } from './frame/use-load.ts'
import { loadNourishment } from './nourishment/load.ts'
import { Actions, Allergies, Diagnoses, Diets } from './sections/diet-parts.tsx'
import { IntakeBars } from './sections/intake-bars.tsx'
import { KeyFigures } from './sections/key-figures.tsx'
import { PartOf } from './sections/part-of.tsx'
import { WeightCurve } from './sections/weight-curve.tsx'

export function Screen() {
  const { session } = useSession()
  if (!session.patientId) return <p>Åpne appen fra en pasient for å se ernæring.</p>
  return <PatientNourishment />
}

function PatientNourishment() {
  const load = useLoad(loadNourishment)
  if (load.kind === 'loading') return <Waiting />
  if (load.kind === 'failed') return <FailurePanel failure={load.failure} />
  const { readAt, weights, intake, assessed, diets, allergies, diagnoses, actions } = load.value
  const need = assessed.kind === 'read' ? assessed.value.need : undefined
  return (
    <div className="nourishment">
      <KeyFigures readAt={readAt} weights={weights} risk={assessed} />
      <PartOf title="Inntak i dag" area="intake" part={intake}>
        {(eaten) => <IntakeBars intake={eaten} need={need} />}
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
  )
}

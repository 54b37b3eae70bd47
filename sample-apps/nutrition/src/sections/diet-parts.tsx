import { Tag } from '@navikt/ds-react/Tag'
import type { Action, Allergy, Diet } from '../nourishment/diet.ts'

const joined = (texts: readonly string[]): string => texts.join(', ')

export function Diets({ diets }: { readonly diets: readonly Diet[] }) {
  if (diets.length === 0) return <p className="empty">Ingen kost er bestilt.</p>
  return diets.map((diet) => (
    <dl key={diet.id} className="pairs">
      <Pair name="Kost" value={joined(diet.types)} />
      <Pair name="Konsistens" value={joined(diet.textures)} />
      <Pair name="Uten" value={joined(diet.excluded)} />
      <Pair name="Tillegg" value={joined(diet.supplements)} />
      <Pair name="Merknad" value={diet.instruction ?? ''} />
    </dl>
  ))
}

function Pair({ name, value }: { readonly name: string; readonly value: string }) {
  if (value === '') return null
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}

export function Allergies({ allergies }: { readonly allergies: readonly Allergy[] }) {
  if (allergies.length === 0) return <p className="empty">Ingen funnet. Pasienten kan ha sperret opplysninger.</p>
  return (
    <ul className="lines">
      {allergies.map((allergy) => (
        <li key={allergy.id}>
          <strong>{allergy.name}</strong>
          {allergy.reaction && `: ${allergy.reaction}`}{' '}
          {allergy.severe && (
            <Tag size="xsmall" variant="moderate" data-color="danger">
              Alvorlig
            </Tag>
          )}
        </li>
      ))}
    </ul>
  )
}

export function Actions({ actions }: { readonly actions: readonly Action[] }) {
  if (actions.length === 0) return <p className="empty">Ingen åpne tiltak.</p>
  return (
    <ul className="lines">
      {actions.map((action) => (
        <li key={action.text}>
          {action.text} <span className="note">{action.state}</span>
        </li>
      ))}
    </ul>
  )
}

export function Diagnoses({ diagnoses }: { readonly diagnoses: readonly string[] }) {
  if (diagnoses.length === 0) return <p className="empty">Ingen funnet. Pasienten kan ha sperret opplysninger.</p>
  return (
    <ul className="lines">
      {diagnoses.map((diagnosis) => (
        <li key={diagnosis}>{diagnosis}</li>
      ))}
    </ul>
  )
}

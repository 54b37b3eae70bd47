import type { ReactNode } from 'react'
import { FailurePanel } from '../frame/failure-panel.tsx'
import type { Part } from '../smart/part.ts'

type PartOfProps<T> = {
  readonly title: string
  readonly area: string
  readonly part: Part<T>
  readonly children: (value: T) => ReactNode
}

/** A titled part of the screen that shows its content, or why it is closed. */
export function PartOf<T>({ title, area, part, children }: PartOfProps<T>) {
  const id = `part-${area}`
  return (
    <section className="part" style={{ gridArea: area }} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {part.kind === 'read' ? children(part.value) : <FailurePanel failure={part.failure} />}
    </section>
  )
}

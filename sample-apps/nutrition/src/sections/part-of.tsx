import type { ReactNode } from 'react'
import { closedLine, type Part } from '../smart/part.ts'

type PartOfProps<T> = {
  readonly title: string
  readonly area: string
  readonly part: Part<T>
  readonly children: (value: T) => ReactNode
}

/** A titled part of the screen that shows its content, or a line in its place; the notice above says why. */
export function PartOf<T>({ title, area, part, children }: PartOfProps<T>) {
  const id = `part-${area}`
  return (
    <section className="part" style={{ gridArea: area }} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {part.kind === 'read' ? children(part.value) : <p className="closed">{closedLine(part.failure)}</p>}
    </section>
  )
}

import { Heading } from '@navikt/ds-react'
import { useId, type ReactNode } from 'react'

type Props = {
  readonly title: string
  readonly aside?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

/** One titled region of the overview. */
export function Panel({ title, aside, className, children }: Props) {
  const heading = useId()
  return (
    <section className={`panel ${className ?? ''}`} aria-labelledby={heading}>
      <header className="panel__head">
        <Heading level="2" size="xsmall" id={heading}>
          {title}
        </Heading>
        {aside}
      </header>
      {children}
    </section>
  )
}

export const EmptyLine = ({ children }: { readonly children: ReactNode }) => <p className="empty-line">{children}</p>

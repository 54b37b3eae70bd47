import { XMarkIcon } from '@navikt/aksel-icons'
import { useRef, type KeyboardEvent, type ReactNode } from 'react'

export type StripTab = {
  readonly id: string
  readonly label: string
  readonly icon?: ReactNode
  /** Says more than the label to whoever cannot see where the tab stands. */
  readonly description?: string
  readonly onClose?: () => void
}

type Props = {
  readonly label: string
  readonly className: string
  readonly tabs: readonly StripTab[]
  readonly selected: string
  readonly panelOf: (id: string) => string
  readonly onSelect: (id: string) => void
}

export const tabIdOf = (panel: string): string => `${panel}-tab`

/**
 * A tab list after the ARIA pattern: arrows move, Delete closes.
 *
 * The close cross is for the pointer only, since a button inside a tab is not allowed; keyboards have Delete and
 * the page itself has a named close button.
 */
export function TabStrip({ label, className, tabs, selected, panelOf, onSelect }: Props) {
  const list = useRef<HTMLDivElement>(null)
  const focusOn = (index: number) => {
    const tab = tabs[(index + tabs.length) % tabs.length]
    if (tab === undefined) return
    onSelect(tab.id)
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(tabIdOf(panelOf(tab.id)))}`)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent, index: number, tab: StripTab) => {
    const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }[event.key]
    if (target === undefined && !(event.key === 'Delete' && tab.onClose)) return
    event.preventDefault()
    if (target === undefined) tab.onClose?.()
    else focusOn(target)
  }
  return (
    <div role="tablist" aria-label={label} className={className} ref={list}>
      {tabs.map((tab, index) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={tabIdOf(panelOf(tab.id))}
          aria-selected={tab.id === selected}
          aria-controls={panelOf(tab.id)}
          title={tab.description}
          tabIndex={tab.id === selected ? 0 : -1}
          onClick={() => onSelect(tab.id)}
          onKeyDown={(event) => onKeyDown(event, index, tab)}
          className={`${className}__tab`}
        >
          {tab.icon}
          <span className={`${className}__label`} data-label={tab.label}>
            {tab.label}
          </span>
          {tab.onClose && <CloseCross onClose={tab.onClose} />}
        </button>
      ))}
    </div>
  )
}

function CloseCross({ onClose }: { readonly onClose: () => void }) {
  return (
    <span
      className="close-cross"
      aria-hidden="true"
      onClick={(event) => {
        event.stopPropagation()
        onClose()
      }}
    >
      <XMarkIcon fontSize="1rem" />
    </span>
  )
}

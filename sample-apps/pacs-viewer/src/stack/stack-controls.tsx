import { Button } from '@navikt/ds-react/Button'
import type { RefObject } from 'react'
import type { Series } from '../imaging/study.ts'
import type { Stack, StackView } from './engine.ts'
import { isWindow, presetsFor } from './window-level.ts'

type StackControlsProps = {
  readonly series: Series
  readonly view: StackView
  readonly stack: RefObject<Stack | undefined>
}

/** Slice and window for those who use neither wheel nor keys. */
export function StackControls({ series, view, stack }: StackControlsProps) {
  return (
    <div className="stack-controls">
      {view.total > 1 && (
        <input
          type="range"
          aria-label="Snitt"
          aria-valuetext={`${view.index + 1} av ${view.total}`}
          min={1}
          max={view.total}
          value={view.index + 1}
          onChange={(event) => void stack.current?.scrollTo(event.target.valueAsNumber - 1)}
        />
      )}
      <div className="stack-buttons" role="group" aria-label="Vindu">
        {presetsFor(series).map(({ name, window }, index) => (
          <Button
            key={name}
            size="xsmall"
            variant={isWindow(window, view.window) ? 'primary' : 'secondary'}
            aria-pressed={isWindow(window, view.window)}
            title={`Tast ${index + 1}`}
            onClick={() => stack.current?.setWindow(window)}
          >
            {name}
          </Button>
        ))}
        <Button size="xsmall" variant="tertiary" onClick={() => stack.current?.reset()}>
          Tilbakestill
        </Button>
      </div>
    </div>
  )
}

import { Button } from '@navikt/ds-react/Button'
import type { RefObject } from 'react'
import type { Series } from '../imaging/study.ts'
import type { Stack, StackView } from './engine.ts'
import { PRESETS, presetOf } from './window-level.ts'

type StackControlsProps = {
  readonly series: Series
  readonly view: StackView
  readonly stack: RefObject<Stack | undefined>
}

/** Slice and window for those who use neither wheel nor keys. */
export function StackControls({ series, view, stack }: StackControlsProps) {
  const chosen = view.window ? presetOf(view.window) : ''
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
      {/* The windows are in Hounsfield units, which only CT has. */}
      <div className="stack-buttons" role="group" aria-label="Vindu">
        {series.modality === 'CT' &&
          PRESETS.map((preset) => (
            <Button
              key={preset.id}
              size="xsmall"
              variant={chosen === preset.id ? 'primary' : 'secondary'}
              aria-pressed={chosen === preset.id}
              title={`Tast ${preset.key}`}
              onClick={() => stack.current?.setWindow(preset.window)}
            >
              {preset.name}
            </Button>
          ))}
        <Button size="xsmall" variant="tertiary" onClick={() => stack.current?.reset()}>
          Tilbakestill
        </Button>
      </div>
    </div>
  )
}

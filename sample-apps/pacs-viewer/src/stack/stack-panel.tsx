import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { FailurePanel } from '../frame/failure-panel.tsx'
import { useSession } from '../frame/session-context.ts'
import { Waiting } from '../frame/session-frame.tsx'
import { loadFrames } from '../imaging/load-frames.ts'
import type { Series, Study } from '../imaging/study.ts'
import { type Failure, failureOf } from '../smart/failure.ts'
import type { Stack, StackView } from './engine.ts'
import { StackControls } from './stack-controls.tsx'
import { sliceAfter } from './stack-keys.ts'
import { webglWorks } from './webgl.ts'
import { presetsFor } from './window-level.ts'

type StackPanelProps = { readonly study: Study; readonly series: Series }

/** One series as a stack of images to scroll through. Give it a `key` of study and series. */
export function StackPanel(props: StackPanelProps) {
  const [works] = useState(webglWorks)
  if (works) return <OpenStack {...props} />
  return (
    <p className="no-webgl" role="note">
      Nettleseren kan ikke vise bilder fordi WebGL er slått av. Be brukerstøtte om å slå på maskinvareakselerasjon,
      eller åpne undersøkelsen på en annen arbeidsstasjon. Beskrivelsen kan leses som vanlig.
    </p>
  )
}

function OpenStack({ study, series }: StackPanelProps) {
  const { session, close } = useSession()
  const place = useRef<HTMLDivElement>(null)
  const stack = useRef<Stack>(undefined)
  const [view, setView] = useState<StackView>()
  const [failure, setFailure] = useState<Failure>()
  const [lostImage, setLostImage] = useState(false)

  useEffect(() => {
    const element = place.current
    if (!element) return undefined
    const abort = new AbortController()
    const authorization = async () => {
      await session.client.refreshIfNeeded()
      return session.client.getAuthorizationHeader() ?? ''
    }
    const onImageProblem = (status: number) => {
      if (status === 401) close({ kind: 'expired' })
      else if (!abort.signal.aborted) setLostImage(true)
    }
    const open = async () => {
      try {
        const [engine, frames] = await Promise.all([
          import('./engine.ts'),
          loadFrames(session, study, series, abort.signal),
        ])
        if (abort.signal.aborted) return
        const opened = engine.openStack(element, { authorization, onView: setView, onImageProblem })
        stack.current = opened
        await opened.show(frames)
      } catch (error) {
        if (abort.signal.aborted) return
        const failure = failureOf(error)
        if (failure.kind === 'expired') close(failure)
        else setFailure(failure)
      }
    }
    void open()
    const observer = new ResizeObserver(() => stack.current?.resize())
    observer.observe(element)
    return () => {
      abort.abort()
      observer.disconnect()
      stack.current?.close()
      stack.current = undefined
    }
  }, [session, close, study, series])

  const name = view ? sliceName(series, view) : 'Henter bilder'
  useEffect(() => {
    const canvas = place.current?.querySelector('canvas')
    canvas?.setAttribute('role', 'img')
    canvas?.setAttribute('aria-label', `${study.description}, ${name}`)
  }, [study, name])

  const onKeyDown = (event: KeyboardEvent) => {
    if (!view || event.ctrlKey || event.altKey || event.metaKey) return
    const preset = presetsFor(series)[Number(event.key) - 1]
    const slice = sliceAfter(event.key, stack.current?.target() ?? view.index, view.total)
    if (preset) stack.current?.setWindow(preset.window)
    else if (slice !== undefined) void stack.current?.scrollTo(slice)
    else return
    event.preventDefault()
  }

  if (failure) return <FailurePanel failure={failure} />
  return (
    <div className="stack">
      {/* The library puts its canvas in here; keys work once the image has focus. */}
      <div
        ref={place}
        className="stack-image"
        role="application"
        aria-label="Bildeserie. Piltaster, Page Up og Page Down blar."
        tabIndex={0}
        onKeyDown={onKeyDown}
        onContextMenu={(event) => event.preventDefault()}
      />
      {view ? (
        <div className="stack-legend">
          <span>{name}</span>
          {view.window && (
            <span>
              W {view.window.width} L {view.window.level}
            </span>
          )}
        </div>
      ) : (
        <div className="stack-waiting">
          <Waiting />
        </div>
      )}
      {lostImage && (
        <p className="stack-lost" role="status">
          Minst ett bilde kunne ikke hentes.
        </p>
      )}
      {view && <StackControls series={series} view={view} stack={stack} />}
    </div>
  )
}

const sliceName = (series: Series, view: StackView): string =>
  `${series.modality === 'CT' || series.modality === 'MR' ? 'Snitt' : 'Bilde'} ${view.index + 1} av ${view.total}`

import { ArrowsCirclepathIcon, ExpandIcon, ExternalLinkIcon, XMarkIcon } from '@navikt/aksel-icons'
import { Alert, Button, Heading, Loader } from '@navikt/ds-react'
import { useId } from 'react'
import type { AppFace } from '../api/session.ts'
import { aboutApp } from '../surface/apps.ts'
import type { Tile } from '../surface/tiles.ts'
import type { Launches } from '../surface/use-launches.ts'
import { AppIcon } from './app-icon.tsx'
import { RefusalNotice } from './refusal-notice.tsx'

type Props = {
  readonly app: AppFace
  readonly title: string
  readonly tile: Tile
  readonly launches: Launches
  readonly large: boolean
  readonly hidden?: boolean
  readonly onEnlarge?: () => void
  /** Why it cannot be opened now. */
  readonly withheld?: string | null
}

/** One app: the tile that offers it, and the frame it runs in. */
export function AppTile({ app, title, tile, launches, large, hidden = false, onEnlarge, withheld = null }: Props) {
  const heading = useId()
  const started = tile.kind !== 'idle'
  return (
    <section className={`tile ${large ? 'tile--large' : ''}`} aria-labelledby={heading} hidden={hidden}>
      <header className="tile__head">
        <AppIcon app={app.id} size="1.2rem" />
        <Heading level="2" size="xsmall" id={heading} className="tile__title">
          {title}
        </Heading>
        {started && !large && onEnlarge && (
          <Tool name={`Vis ${app.name} stort`} onClick={onEnlarge} icon={<ExpandIcon aria-hidden />} />
        )}
        {started && (
          <Tool
            name={`Last ${app.name} på nytt`}
            onClick={() => launches.open(app.id)}
            icon={<ArrowsCirclepathIcon aria-hidden />}
          />
        )}
        <Tool
          name={`Åpne ${app.name} i egen fane`}
          onClick={() => launches.openInWindow(app.id)}
          icon={<ExternalLinkIcon aria-hidden />}
          disabled={withheld !== null}
          {...(large ? { label: 'Åpne i egen fane' } : {})}
        />
        {started && (
          <Tool name={`Lukk ${app.name}`} onClick={() => launches.close(app.id)} icon={<XMarkIcon aria-hidden />} />
        )}
      </header>
      <Body app={app} tile={tile} launches={launches} withheld={withheld} />
    </section>
  )
}

type ToolProps = {
  readonly name: string
  readonly icon: React.ReactNode
  readonly onClick: () => void
  readonly label?: string
  readonly disabled?: boolean
}

function Tool({ name, icon, onClick, label, disabled = false }: ToolProps) {
  return (
    <Button
      size="xsmall"
      variant="tertiary"
      data-color="neutral"
      icon={icon}
      {...(label === undefined ? { 'aria-label': name } : {})}
      title={name}
      disabled={disabled}
      onClick={onClick}
      className="tile__tool"
    >
      {label}
    </Button>
  )
}

type BodyProps = Pick<Props, 'app' | 'tile' | 'launches'> & { readonly withheld: string | null }

function Body({ app, tile, launches, withheld }: BodyProps) {
  switch (tile.kind) {
    case 'idle':
      return (
        <button
          type="button"
          className="tile__offer"
          aria-label={`Åpne app ${app.name}`}
          {...(withheld === null ? {} : { disabled: true, 'aria-description': withheld })}
          onClick={() => launches.open(app.id)}
        >
          <span className="tile__emblem">
            <AppIcon app={app.id} size="2.25rem" />
          </span>
          <span className="tile__about">{aboutApp(app)}</span>
          <span className="tile__open">{withheld ?? 'Åpne app'}</span>
        </button>
      )
    case 'offering':
    case 'starting':
    case 'running':
      return (
        <div className="tile__stage">
          {tile.kind !== 'running' && (
            <div className="tile__waiting" role="status">
              <Loader size="medium" title="Starter" />
              <span>Starter {app.name} …</span>
            </div>
          )}
          <iframe
            // A new opening is a new frame: nothing of the former run is left in it.
            key={tile.generation}
            name={launches.frameName(app.id)}
            title={app.name}
            allow="fullscreen"
            // Without allow-top-navigation an app cannot take the whole work surface somewhere else. The rule fears a
            // frame of our own origin, which could lift its sandbox; apps always stand on other origins.
            // oxlint-disable-next-line react/iframe-missing-sandbox
            sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"
            onLoad={() => launches.loaded(app.id)}
            className="tile__frame"
          />
        </div>
      )
    case 'refused':
      return (
        <div className="tile__message">
          <RefusalNotice refused={tile} onAgain={() => launches.open(app.id)} />
        </div>
      )
    case 'blocked':
      return (
        <div className="tile__message">
          <Alert variant="warning" size="small">
            Appen fikk ikke lagret det den trenger i denne rammen, fordi nettleseren blokkerer det.
          </Alert>
          <Button size="small" onClick={() => launches.openInWindow(app.id)}>
            Åpne i eget vindu
          </Button>
        </div>
      )
  }
}

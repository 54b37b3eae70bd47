import { Button, Tag } from '@navikt/ds-react'
import type { TaskFace } from '../api/overview.ts'
import type { AppFace } from '../api/session.ts'
import { formatDate, formatMoment } from '../format/dates.ts'
import { Panel } from './panel.tsx'

type Props = {
  readonly tasks: readonly TaskFace[]
  readonly apps: readonly AppFace[]
  readonly onStart: (app: string, task: string) => void
}

/** What somebody has asked to be done in an app, and the way into it. */
export function TasksPanel({ tasks, apps, onStart }: Props) {
  return (
    <Panel title="Oppgaver">
      <ul className="rows">
        {tasks.map((task) => (
          <li key={task.id} className="rows__row rows__row--tall">
            {task.urgent && (
              <Tag size="xsmall" variant="warning">
                Haster
              </Tag>
            )}
            <span className="rows__main">
              <strong>{task.what}</strong>
              <span className="rows__aside">
                {' '}
                {[task.by, task.due && `frist ${formatDate(task.due)}`].filter(Boolean).join(' · ')}
              </span>
            </span>
            <span className="rows__when">{task.at && formatMoment(task.at)}</span>
            <Start task={task} app={apps.find(({ id }) => id === task.app)} onStart={onStart} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Why there is nothing to click; an app that is not on offer here is the ordinary reason. */
function hindranceWords({ hindrance, owner }: TaskFace): string {
  if (hindrance === 'not-yours') return owner === '' ? 'Oppgaven er en annens' : `Oppgaven er tildelt ${owner}`
  return hindrance === 'malformed' ? 'Oppgaven er ikke riktig utfylt' : 'Appen er ikke godkjent her'
}

function Start({
  task,
  app,
  onStart,
}: Pick<Props, 'onStart'> & { readonly task: TaskFace; readonly app?: AppFace | undefined }) {
  if (app === undefined) return <span className="rows__aside">{hindranceWords(task)}</span>
  if (task.address !== null) {
    return (
      <Button as="a" size="xsmall" variant="secondary" href={task.address} target="_blank" rel="noopener noreferrer">
        Åpne {app.name} i egen fane
      </Button>
    )
  }
  return (
    <Button
      size="xsmall"
      variant="secondary"
      aria-label={`Start ${app.name}: ${task.what}`}
      onClick={() => onStart(app.id, task.id)}
    >
      Start {app.name}
    </Button>
  )
}

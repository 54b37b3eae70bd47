import { Alert, Loader } from '@navikt/ds-react'
import { useEffect, useState } from 'react'
import { fetchWorld } from './api/client.ts'
import { choose, startingComposition, type Composition, type World } from './api/world.ts'
import { AppTable } from './apps/app-table.tsx'
import { RegisterApp } from './apps/register-app.tsx'
import { LaunchComposer } from './compose/launch-composer.tsx'
import { WhatIfPage } from './policy/what-if-page.tsx'

type State =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'ready'; readonly world: World; readonly composition: Composition }

async function readState(clientId?: string): Promise<State> {
  try {
    const world = await fetchWorld()
    const app = clientId ?? world.apps[0]?.client_id ?? ''
    const tenant = world.apps.find(({ client_id }) => client_id === app)?.tenants[0] ?? world.trusts[0]?.tenant ?? ''
    return { kind: 'ready', world, composition: startingComposition(world, app, tenant) }
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : 'the launcher does not answer' }
  }
}

/** The developer portal's first page: what is registered, and one launch away from seeing it run. */
export function LauncherPage() {
  const [state, setState] = useState<State>({ kind: 'loading' })
  const whatIf = new URLSearchParams(window.location.search).get('page') === 'what-if'

  const show = (clientId?: string) => readState(clientId).then(setState)

  useEffect(() => {
    readState().then(setState, () => undefined)
  }, [])

  return (
    <>
      <header className="masthead">
        <h1>Uthopp launcher</h1>
        <p>Register an app and launch it in a chart. Synthetic people only.</p>
        <nav aria-label="Pages">
          <a href="/" aria-current={whatIf ? undefined : 'page'}>
            Launch
          </a>
          <a href="/?page=what-if" aria-current={whatIf ? 'page' : undefined}>
            What if
          </a>
        </nav>
      </header>
      {state.kind === 'loading' && <Loader title="Loading the demo world" />}
      {state.kind === 'failed' && <Alert variant="error">{state.reason}</Alert>}
      {state.kind === 'ready' && whatIf && <WhatIfPage world={state.world} />}
      {state.kind === 'ready' && !whatIf && (
        <main className="page">
          <div>
            <AppTable
              world={state.world}
              chosen={state.composition.clientId}
              onChoose={(clientId) => setState({ ...state, composition: { ...state.composition, clientId } })}
            />
            <RegisterApp trusts={state.world.trusts} onRegistered={(clientId) => void show(clientId)} />
          </div>
          <LaunchComposer
            world={state.world}
            composition={state.composition}
            onChange={(change) => setState({ ...state, composition: choose(state.world, state.composition, change) })}
          />
        </main>
      )}
    </>
  )
}

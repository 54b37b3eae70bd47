import { Alert, Button, Loader } from '@navikt/ds-react'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Answer, HostClient } from './api/client.ts'
import { formatRefusal } from './format/refusals.ts'
import { RoleChoice } from './screens/role-choice.tsx'
import { SignIn } from './screens/sign-in.tsx'
import { WorkSurface } from './screens/work-surface.tsx'
import { afterRefusal, stageAtDoor, stageOf, stageOfAnswer, type Stage } from './session/stage.ts'

const WORDS = {
  mark: 'Arbeidsflate',
  about: 'Pasientjournal og kliniske apper på ett sted.',
  heading: 'Logg inn',
}

/** The door: nothing behind it is drawn before the server has said who is signed in, as which role. */
export function App({ client }: { readonly client: HostClient }) {
  const [stage, setStage] = useState<Stage>({ kind: 'loading' })
  const start = useCallback(() => {
    const run = async () => {
      setStage(stageAtDoor(await client.door()) ?? stageOfAnswer(await client.session()))
    }
    void run()
  }, [client])
  useEffect(start, [start])
  useEffect(() => {
    document.title = stage.kind === 'signed-out' ? `Logg inn – ${stage.trust.shortName}` : 'Arbeidsflate'
  }, [stage])

  const watched = useMemo(
    () => watchRefusals(client, (refused) => setStage((now) => afterRefusal(now, refused))),
    [client],
  )
  const signOut = async () => {
    await client.signOut()
    start()
  }
  const chooseRole = async (role: string) => {
    const answer = await watched.chooseRole(role)
    if (answer.kind === 'answered') setStage(stageOf(answer.value))
    return answer
  }

  switch (stage.kind) {
    case 'loading':
      return <Doorway>{<Loader size="xlarge" title="Henter arbeidsflaten …" />}</Doorway>
    case 'unreachable':
      return (
        <Doorway>
          <Alert variant="error" size="small">
            {formatRefusal(stage.refused)}
          </Alert>
          <Button size="small" onClick={start}>
            Prøv igjen
          </Button>
        </Doorway>
      )
    case 'signed-out':
      return (
        <SignIn
          trust={stage.trust}
          expired={stage.expired}
          words={WORDS}
          signIn={(username, password) => client.signIn(username, password)}
          onSignedIn={(session) => setStage(stageOf(session))}
        />
      )
    case 'choosing-role':
      return <RoleChoice session={stage.session} onChoose={chooseRole} onSignOut={() => void signOut()} />
    case 'working':
      return (
        <WorkSurface
          // A new role is a new work surface: no tab, frame or list of the old one survives.
          key={stage.role.id}
          session={stage.session}
          role={stage.role}
          client={watched}
          onChangeRole={() => setStage({ kind: 'choosing-role', session: stage.session })}
          onSignOut={() => void signOut()}
        />
      )
  }
}

function Doorway({ children }: { readonly children: React.ReactNode }) {
  return <main className="doorway">{children}</main>
}

/** The same client, with an ear for refusals that concern the session and not the question asked. */
function watchRefusals(
  client: HostClient,
  onRefused: (refused: Extract<Answer<unknown>, { kind: 'refused' }>) => void,
): HostClient {
  const heard = async <T,>(asked: Promise<Answer<T>>): Promise<Answer<T>> => {
    const answer = await asked
    if (answer.kind === 'refused') onRefused(answer)
    return answer
  }
  return {
    ...client,
    chooseRole: (role) => heard(client.chooseRole(role)),
    unit: () => heard(client.unit()),
    searchPatients: (text) => heard(client.searchPatients(text)),
    findPatient: (text) => heard(client.findPatient(text)),
    chart: (patient) => heard(client.chart(patient)),
    access: (patient) => heard(client.access(patient)),
    takeAccess: (patient, ground, reason) => heard(client.takeAccess(patient, ground, reason)),
    renewAccess: (decision, reason) => heard(client.renewAccess(decision, reason)),
    endAccess: (decision) => heard(client.endAccess(decision)),
    blocked: (patient) => heard(client.blocked(patient)),
    openBlocked: (wish) => heard(client.openBlocked(wish)),
    control: () => heard(client.control()),
    review: (wish) => heard(client.review(wish)),
    offerLaunch: (wish) => heard(client.offerLaunch(wish)),
    endLaunches: (what) => heard(client.endLaunches(what)),
  }
}

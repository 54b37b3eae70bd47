import { Alert, Button, Loader } from '@navikt/ds-react'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Answer, Refused } from '../api/client.ts'
import { formatRefusal } from '../format/refusals.ts'
import { SignIn } from '../screens/sign-in.tsx'
import type { CitizenClient } from './api.ts'
import { CitizenHome } from './citizen-home.tsx'
import { afterRefusal, stageAtDoor, stageOfSession, type CitizenStage } from './stage.ts'

const WORDS = {
  mark: 'Innbygger',
  about: 'Se hvem som har sett i journalen din, og bestem hvem som ikke skal se den.',
  heading: 'Logg inn som innbygger',
}

/** The citizens' door: nothing of anybody's record is drawn before the server has said whose it is. */
export function CitizenApp({ client }: { readonly client: CitizenClient }) {
  const [stage, setStage] = useState<CitizenStage>({ kind: 'loading' })
  const start = useCallback(() => {
    const run = async () => {
      setStage(stageAtDoor(await client.door()) ?? stageOfSession(await client.session()))
    }
    void run()
  }, [client])
  useEffect(start, [start])
  useEffect(() => {
    document.title = 'Hvem har sett i journalen din'
  }, [])
  const watched = useMemo(() => watch(client, (refused) => setStage((now) => afterRefusal(now, refused))), [client])
  const signOut = async () => {
    await client.signOut()
    start()
  }
  switch (stage.kind) {
    case 'loading':
      return (
        <main className="doorway">
          <Loader size="xlarge" title="Henter siden …" />
        </main>
      )
    case 'unreachable':
      return (
        <main className="doorway">
          <Alert variant="error" size="small">
            {formatRefusal(stage.refused)}
          </Alert>
          <Button size="small" onClick={start}>
            Prøv igjen
          </Button>
        </main>
      )
    case 'signed-out':
      return (
        <SignIn
          trust={stage.trust}
          expired={stage.expired}
          words={WORDS}
          signIn={(username, password) => client.signIn(username, password)}
          onSignedIn={(session) => setStage({ kind: 'inside', session })}
        />
      )
    case 'inside':
      return <CitizenHome client={watched} session={stage.session} onSignOut={() => void signOut()} />
  }
}

function watch(client: CitizenClient, onRefused: (refused: Refused) => void): CitizenClient {
  const heard = async <T,>(asked: Promise<Answer<T>>): Promise<Answer<T>> => {
    const answer = await asked
    if (answer.kind === 'refused') onRefused(answer)
    return answer
  }
  return {
    ...client,
    log: (cursor) => heard(client.log(cursor)),
    blocks: () => heard(client.blocks()),
    block: (what) => heard(client.block(what)),
    lift: (block) => heard(client.lift(block)),
  }
}

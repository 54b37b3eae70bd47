import { Loader } from '@navikt/ds-react/Loader'
import { type ReactNode, Suspense, use, useMemo, useState } from 'react'
import type { Failure } from '../smart/failure.ts'
import type { Opening, Session } from '../smart/session.ts'
import { FailurePanel } from './failure-panel.tsx'
import { PatientBanner } from './patient-banner.tsx'
import { SessionContext } from './session-context.ts'

type FrameProps = { readonly opening: Promise<Opening>; readonly title: string; readonly children: ReactNode }

/** Waits for the launch, then shows the app inside its session, or the reason there is none. */
export function SessionFrame(props: FrameProps) {
  return (
    <main className="frame">
      <h1>{props.title}</h1>
      <Suspense fallback={<Waiting />}>
        <Opened {...props} />
      </Suspense>
    </main>
  )
}

function Waiting() {
  return (
    <p className="waiting" role="status">
      <Loader size="small" title="Laster" /> Laster …
    </p>
  )
}

function Opened({ opening, children }: FrameProps) {
  const opened = use(opening)
  if (opened.kind === 'closed') return <FailurePanel failure={opened.failure} />
  return <Inside session={opened.session}>{children}</Inside>
}

function Inside({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const [lost, close] = useState<Failure>()
  const open = useMemo(() => ({ session, close }), [session])
  if (lost) return <FailurePanel failure={lost} />
  return (
    <SessionContext value={open}>
      {session.patientId && session.patientBannerNeeded && <PatientBanner />}
      {children}
    </SessionContext>
  )
}

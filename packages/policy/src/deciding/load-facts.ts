import type { Ask } from '#src/decision-point.ts'
import { type CaseFacts, type FactSource, type PatientFacts, FactsUnavailable } from '#src/facts.ts'

/** The host answers for at most this many patients at a time. */
const MOST_PATIENTS = 200

/** Asks of one subject in one tenant share what the host knows about it. */
export function factsKey({ subject, circumstance }: Ask): string {
  return JSON.stringify([circumstance.tenant, subject.kind, subject.id, subject.role])
}

/** Loads what all these asks of one subject stand on; every patient's facts are of the same person in the same role. */
export async function loadFacts(source: FactSource, asks: readonly [Ask, ...Ask[]]): Promise<CaseFacts> {
  const [{ subject, circumstance }] = asks
  const named = asks.flatMap((ask) => [
    ask.circumstance.launchPatient,
    'resource' in ask.question ? ask.question.resource.patient : null,
  ])
  const patients = [...new Set(named.filter((patient) => patient !== null))]
  const user = subject.kind === 'client' ? null : subject.id
  const parts: CaseFacts[] = []
  for (let start = 0; start === 0 || start < patients.length; start += MOST_PATIENTS) {
    const asked = { tenant: circumstance.tenant, user, role: subject.role }
    const part = await source.read(
      { ...asked, patients: patients.slice(start, start + MOST_PATIENTS) },
      { traceparent: circumstance.traceparent },
    )
    parts.push(part)
  }
  const [first] = parts
  if (first === undefined) throw new FactsUnavailable('no facts were read')
  return { ...first, patients: new Map<string, PatientFacts>(parts.flatMap(({ patients: each }) => [...each])) }
}

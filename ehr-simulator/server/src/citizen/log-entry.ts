/** One line of the access log as its keeper tells it: ids, to which this host knows the names. */
export type LogEntry = {
  readonly id: string
  readonly at: Date
  readonly activity: string
  readonly outcome: string
  readonly actor: { readonly kind: string; readonly id: string; readonly role: string | null }
  readonly clientId: string | null
  readonly source: string
  readonly purpose: string | null
  readonly decision: { readonly id: string; readonly template: string | null } | null
  readonly type: string | null
}

type Members = ReadonlyMap<string, unknown>
const membersOf = (value: unknown): Members =>
  new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])
const text = (members: Members, name: string): string | null => {
  const value = members.get(name)
  return typeof value === 'string' ? value : null
}

/** Reads an answer of `GET <issuer>/audit/patient/<id>`; a line that cannot be read is no reason to hide the others. */
export function parseLogPage(body: unknown): { readonly entries: readonly LogEntry[]; readonly next: string | null } {
  const members = membersOf(body)
  const entries = members.get('entries')
  return {
    entries: Array.isArray(entries) ? entries.flatMap((each) => parseEntry(each) ?? []) : [],
    next: text(members, 'next'),
  }
}

function parseEntry(value: unknown): LogEntry | undefined {
  const entry = membersOf(value)
  const [id, activity] = [text(entry, 'id'), text(entry, 'activity')]
  const at = new Date(text(entry, 'at') ?? Number.NaN)
  const actor = membersOf(entry.get('actor'))
  const [kind, who] = [text(actor, 'kind'), text(actor, 'id')]
  if (id === null || activity === null || kind === null || who === null || Number.isNaN(at.getTime())) return undefined
  const decision = membersOf(entry.get('decision'))
  const decisionId = text(decision, 'id')
  return {
    id,
    at,
    activity,
    outcome: text(entry, 'outcome') ?? 'ok',
    actor: { kind, id: who, role: text(actor, 'role') },
    clientId: text(entry, 'client_id'),
    source: text(entry, 'source') ?? '',
    purpose: text(entry, 'purpose'),
    decision: decisionId === null ? null : { id: decisionId, template: text(decision, 'template') },
    type: text(membersOf(entry.get('what')), 'type'),
  }
}

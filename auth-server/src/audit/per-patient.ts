/**
 * Whom something told is about, with how much of it each time: a record is about one patient at most, and a list of twenty
 * makes twenty (norway.md §5.1). What is about nobody counts together; so does nothing at all, which was looked for too.
 */
export function perPatient(
  told: readonly { readonly patient: string | null }[],
): readonly { readonly patient: string | null; readonly count: number }[] {
  const counts = new Map<string | null, number>()
  for (const { patient } of told) counts.set(patient, (counts.get(patient) ?? 0) + 1)
  return counts.size === 0 ? [{ patient: null, count: 0 }] : [...counts].map(([patient, count]) => ({ patient, count }))
}

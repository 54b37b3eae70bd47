import { expect, test } from '@playwright/test'
import { addresses, OUS } from '../lib/addresses.ts'
import { signIn } from '../lib/work-surface.ts'

/** As `GET <issuer>/explain/<correlation id>` writes it. */
type Entry = {
  readonly activity: string
  readonly source: string
  readonly policy?: {
    readonly effect: string
    readonly reason_code: string
    readonly would_differ: readonly unknown[] | null
  }
}
/** As `POST <issuer>/explain/replay` lists what another book would have answered. */
type Changed = { readonly activity: string; readonly patient: string; readonly actor: { readonly id: string } }

const [MYHRE, HANSEN, AAS] = ['stf105', 'cdp1004', 'cdp1006']

test('whoever may read the log is told why the host kept a chart closed, and which of its charts another book would have', async ({
  page,
  request,
}) => {
  test.setTimeout(120_000)
  await signIn(page, OUS, 'myhre')
  const trace = await page.evaluate(
    async (ids) => {
      await fetch(`api/patients/${ids[0]}`)
      const refused = await fetch(`api/patients/${ids[1]}`)
      return ((await refused.json()) as { correlation_id: string }).correlation_id
    },
    [AAS, HANSEN],
  )
  const explained = async (): Promise<Entry | undefined> => {
    const answer = await request.get(`${addresses().launcher}/api/launches/${trace}/trace?tenant=${OUS}`)
    if (!answer.ok()) return undefined
    return ((await answer.json()) as { readonly entries: readonly Entry[] }).entries[0]
  }
  // A record travels for a moment before it stands in the log.
  await expect.poll(async () => (await explained())?.policy?.reason_code, { timeout: 30_000 }).toBe('no-care-relation')
  const entry = await explained()
  expect([entry?.activity, entry?.source, entry?.policy?.effect]).toEqual(['patient-opened', 'host', 'deny'])
  expect(entry?.policy?.would_differ?.length).toBeGreaterThan(0)

  const rules = { 'read-decision': null, 'read-implicit': null }
  const replayed = await request.post(`${addresses().launcher}/api/replay`, { data: { tenant: OUS, last: 200, rules } })
  expect(replayed.status(), await replayed.text()).toBe(200)
  const { changed } = (await replayed.json()) as { readonly changed: readonly Changed[] }
  const opened = changed.filter(({ activity, actor }) => activity === 'patient-opened' && actor.id === MYHRE)
  expect(opened.map(({ patient }) => patient)).toContain(AAS)
  expect(opened.map(({ patient }) => patient)).not.toContain(HANSEN)
})

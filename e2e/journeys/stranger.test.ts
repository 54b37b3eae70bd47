import { expect, test } from '@playwright/test'
import { addresses, OUS } from '../lib/addresses.ts'
import { offer, registerApp } from '../lib/smart-client.ts'
import { serveStranger } from '../lib/stranger.ts'

test('a stranger’s page with only fhirclient, registered through the API, launches and reads the patient', async ({
  page,
}) => {
  const world = addresses()
  const stranger = await serveStranger()
  try {
    const app = await registerApp(world, OUS, 'launch openid fhirUser patient/Patient.r', stranger.origin)
    stranger.adopt(app.clientId)
    const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId, patient: 'cdp1004' })
    await page.goto(start_url)
    await expect(page.locator('#out')).toHaveText('Patient Hansen')
  } finally {
    await stranger.close()
  }
})

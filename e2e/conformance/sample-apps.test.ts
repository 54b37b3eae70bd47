import { expect, type Page, test } from '@playwright/test'
import { APP_IDS } from '../../scripts/demo-ports.ts'
import { addresses, OUS } from '../lib/addresses.ts'
import { offer } from '../lib/smart-client.ts'

const world = addresses()

type Asked = {
  readonly authorization: URLSearchParams
  readonly token: { readonly type: string; readonly form: URLSearchParams }
}

/** Launches a sample app in a browser and answers what it asked of the authorization server. */
async function watchLaunch(page: Page, clientId: string): Promise<Asked> {
  const { start_url } = await offer(world, { tenant: OUS, client_id: clientId })
  const authorization = page.waitForRequest((request) => request.url().startsWith(`${world.issuer(OUS)}/auth?`))
  const token = page.waitForRequest((request) => request.url() === `${world.issuer(OUS)}/token`)
  await page.goto(start_url)
  const exchanged = await token
  return {
    authorization: new URL((await authorization).url()).searchParams,
    token: {
      type: (await exchanged.allHeaders())['content-type'] ?? '',
      form: new URLSearchParams(exchanged.postData() ?? ''),
    },
  }
}

test('the sample apps ask as SMART demands: the handle sent back, PKCE, an unguessable state, no more than they use', async ({
  page,
}) => {
  for (const clientId of APP_IDS)
    await test.step(clientId, async () => {
      const { authorization, token } = await watchLaunch(page, clientId)
      expect(authorization.get('launch')).toMatch(/^[\w-]{43}$/)
      expect(authorization.get('aud')).toBe(world.fhirBase(OUS))
      expect(authorization.get('code_challenge')).toMatch(/^[\w-]{43}$/)
      expect(authorization.get('code_challenge_method')).toBe('S256')
      expect(authorization.get('state')?.length).toBeGreaterThanOrEqual(16)
      expect(authorization.get('max_age')).toBeNull()
      const scopes = authorization.get('scope')?.split(' ') ?? []
      expect(scopes).toEqual(expect.arrayContaining(['launch', 'openid', 'fhirUser']))
      expect(scopes.filter((scope) => /\*|offline_access|^system\//.test(scope))).toEqual([])
      expect(token.type).toMatch(/^application\/x-www-form-urlencoded/)
      expect(token.form.get('grant_type')).toBe('authorization_code')
      expect(token.form.get('code_verifier')).toMatch(/^[\w.~-]{43,128}$/)
    })
})

test('a sample app that is handed a code with a state of somebody else’s asks for no token', async ({ page }) => {
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/token')) asked.push(request.url())
  })
  for (const [index, clientId] of APP_IDS.entries()) {
    await page.goto(
      `${world.app(index)}/index.html?code=stolen&state=anothers&iss=${encodeURIComponent(world.issuer(OUS))}`,
    )
    await page.waitForLoadState('networkidle')
    expect([clientId, asked]).toEqual([clientId, []])
  }
})

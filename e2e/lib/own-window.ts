import type { BrowserContext, Page, Response } from '@playwright/test'

/** An app in a window of its own, and what its launch came to. */
export type OwnWindow = {
  readonly window: Page
  readonly tokens: { readonly access_token: string; readonly refresh_token: string; readonly expires_in: number }
}

/** Opens an app of a patient's tab in a window of its own, as the tile does where the browser keeps cookies from frames. */
export async function openInOwnWindow(
  context: BrowserContext,
  page: Page,
  { tenant, app, patient }: { readonly tenant: string; readonly app: string; readonly patient: string },
): Promise<OwnWindow> {
  const opened = context.waitForEvent('page')
  const exchanged = new Promise<Response>((resolve) => {
    context.on('response', (answer) => {
      if (new URL(answer.url()).pathname !== `/${tenant}/token`) return
      const form = new URLSearchParams(answer.request().postData() ?? '')
      if (form.get('grant_type') === 'authorization_code' && form.get('client_id') === app) resolve(answer)
    })
  })
  await page.evaluate(
    async ({ app, patient }) => {
      const kept = JSON.parse(sessionStorage.getItem('uthopp.tabs') ?? '{}') as {
        tabs?: { patient: string; workspace: string }[]
      } // written by the work surface
      const workspace = kept.tabs?.find((tab) => tab.patient === patient)?.workspace
      const answer = await fetch('api/launches', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ app, patient, workspace, own_window: true }),
      })
      const form = document.createElement('form')
      form.method = 'post'
      form.action = ((await answer.json()) as { start_url: string }).start_url // our own answer
      form.target = '_blank'
      form.rel = 'noopener'
      document.body.append(form)
      form.submit()
    },
    { app, patient },
  )
  const window = await opened
  return { window, tokens: (await (await exchanged).json()) as OwnWindow['tokens'] } // a token response
}

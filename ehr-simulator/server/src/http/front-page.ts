import { hash } from 'node:crypto'
import type { Deployment } from '@uthopp/server-kit/deployment'
import type { Context } from 'koa'

const STYLE =
  'body{margin:0;display:grid;place-content:center;min-height:100vh;font:1.0625rem/1.5 system-ui,sans-serif;color:#16283a;background:#e8edf2}' +
  'main{max-width:30rem;padding:2rem;background:#fff;border-radius:10px}h1{margin:0 0 .75rem;font-size:1.375rem}' +
  'ul{margin:0;padding:0;list-style:none}li{margin-block:.5rem}a{color:#0b6157}'

const CSP = `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; base-uri 'none'; frame-ancestors 'none'`

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0) ?? 0};`)

/** Where somebody lands who left the trust out of the address, or named one that is not here. */
export function showFrontPage(ctx: Context, deployment: Deployment, status: 200 | 404): void {
  const heading = status === 200 ? 'Velg sykehus' : 'Dette sykehuset finnes ikke her'
  const links = deployment.trusts.map(({ orgnr, name }) => `<li><a href="/${orgnr}/">${escaped(name)}</a></li>`)
  ctx.status = status
  ctx.type = 'html'
  ctx.set('content-security-policy', CSP)
  ctx.set('cache-control', 'no-cache')
  ctx.body = `<!doctype html><html lang="nb"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${heading}</title><style>${STYLE}</style><main><h1>${heading}</h1><ul>${links.join('')}</ul></main></html>`
}

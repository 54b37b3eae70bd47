import type { Deployment } from '@uthopp/server-kit/deployment'

/**
 * The content security policy of the work surface's pages.
 *
 * Frames hold the authorization server's steps and the apps, nothing else. There is no `form-action`: Chromium applies it
 * to the redirects of a form's answer, so it would stop the launch on its way to the app.
 */
export function workSurfaceCsp(deployment: Deployment): string {
  const frames = new Set([
    originOf(deployment.addresses.auth),
    ...deployment.apps.map(({ origin }) => originOf(origin)),
  ])
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    `frame-src ${[...frames].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const originOf = (address: string): string => new URL(address).origin

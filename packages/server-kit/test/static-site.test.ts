import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { serveSite } from '#src/static-site.ts'
import { anApp, lineAbout } from '#test/builders.ts'

const CSP = "default-src 'self'; frame-ancestors 'none'"
const root = mkdtempSync(join(tmpdir(), 'uthopp-site-'))
const dir = join(root, 'dist')
after(() => rmSync(root, { recursive: true }))
mkdirSync(join(dir, 'assets'), { recursive: true })
writeFileSync(join(dir, 'index.html'), '<!doctype html><title>x</title>')
writeFileSync(join(dir, 'assets', 'app-abc.js'), 'export {}')
writeFileSync(join(root, 'secret.txt'), 'outside')

async function open(site = dir) {
  const app = anApp()
  app.router.get('/993467049/api/x', (ctx) => void (ctx.body = { api: true }))
  app.koa.use(serveSite({ dir: site, csp: CSP, spaFallback: (path) => /^\/\d{9}(\/|$)/.test(path) }))
  return { app, url: await app.serve() }
}

/** Asks for a path exactly as written: fetch would tidy it first. */
const rawGet = (url: string, path: string): Promise<{ status: number | undefined; body: string }> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(url)
    get({ host: '127.0.0.1', port, path }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.once('end', () => resolve({ status: response.statusCode, body }))
    }).once('error', reject)
  })

describe('a web bundle', () => {
  test('hashed assets never change, pages are asked for anew', async () => {
    const { url } = await open()
    const asset = await fetch(`${url}/assets/app-abc.js`)
    assert.equal(asset.status, 200)
    assert.match(asset.headers.get('cache-control') ?? '', /immutable/)
    assert.match(asset.headers.get('content-type') ?? '', /javascript/)
    const page = await fetch(`${url}/993467049/pasient/cdp1001`)
    assert.equal(page.status, 200)
    assert.equal(page.headers.get('cache-control'), 'no-cache')
    assert.equal(page.headers.get('content-security-policy'), CSP)
    assert.match(await page.text(), /doctype/)
  })

  test('routes win over pages, and what is neither is a JSON 404 with the strict policy', async () => {
    const { url } = await open()
    assert.deepEqual(await (await fetch(`${url}/993467049/api/x`)).json(), { api: true })
    const missing = await fetch(`${url}/assets/gone.js`)
    assert.equal(missing.status, 404)
    assert.match(missing.headers.get('content-type') ?? '', /json/)
    assert.match(missing.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.equal((await fetch(`${url}/993467049`, { method: 'POST' })).status, 404)
  })

  test('the path of a page is not written to the log', async () => {
    const { app, url } = await open()
    await (await fetch(`${url}/993467049/pasient/cdp1001`)).text()
    assert.equal((await lineAbout(app.lines, 'request'))['route'], 'page')
    assert.doesNotMatch(app.lines.join(''), /cdp1001/)
  })

  test('HEAD has the headers and no body; a known ETag is 304', async () => {
    const { url } = await open()
    const head = await fetch(`${url}/993467049`, { method: 'HEAD' })
    assert.equal(head.status, 200)
    assert.equal(await head.text(), '')
    const again = await fetch(`${url}/993467049`, { headers: { 'if-none-match': head.headers.get('etag') ?? '' } })
    assert.equal(again.status, 304)
  })

  test('nothing outside the folder can be reached', async () => {
    const { url } = await open()
    for (const path of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/%5c..%5c..%5csecret.txt',
      '/%zz',
    ]) {
      const { status, body } = await rawGet(url, path)
      assert.equal(status, 404, path)
      assert.doesNotMatch(body, /outside/)
    }
  })

  test('that is not built says what to do', async () => {
    const { url } = await open(join(root, 'nowhere'))
    const answer = await fetch(`${url}/993467049`)
    assert.equal(answer.status, 503)
    assert.match(await answer.text(), /npm run build/)
  })
})

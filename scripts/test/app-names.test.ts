import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { demoDeployment } from '../demo-deployment.ts'
import { portsFrom } from '../demo-ports.ts'

test('each app calls itself what the work surface calls it', () => {
  const ports = portsFrom({})
  assert.ok('launcher' in ports)
  // demoDeployment answers plain JSON; this test looks at two members of each of its apps.
  const { apps } = demoDeployment(ports) as { readonly apps: readonly { clientId: string; name: string }[] }
  for (const { clientId, name } of apps) {
    const read = (file: string) =>
      readFileSync(new URL(`../../sample-apps/${clientId}/${file}`, import.meta.url), 'utf8')
    assert.match(read('index.html'), new RegExp(`<title>${name}</title>`))
    assert.match(read('launch.html'), new RegExp(`<h1>${name}</h1>`))
    assert.match(read('src/registration.ts'), new RegExp(`TITLE = '${name}'`))
  }
})

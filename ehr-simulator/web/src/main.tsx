import '@fontsource-variable/source-sans-3/wght.css'
import './styles/aksel.ts'
import './styles/colours.css'
import './styles/door.css'
import './styles/frame.css'
import './styles/lists.css'
import './styles/line.css'
import './styles/chart.css'
import './styles/measurements.css'
import './styles/documents.css'
import './styles/apps.css'
import './styles/access.css'
import './styles/control.css'
import './styles/citizen.css'
import { Theme } from '@navikt/ds-react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createHostClient } from './api/client.ts'
import { isCitizenPath, parseTrustPath } from './api/trust-path.ts'
import { App } from './app.tsx'
import { createCitizenClient } from './citizen/api.ts'
import { CitizenApp } from './citizen/citizen-app.tsx'

const root = document.querySelector('#root')
if (root === null) throw new Error('the page has no #root')

const orgnr = parseTrustPath(window.location.pathname)
if (orgnr === undefined) throw new Error('the page stands outside every trust')
const fetcher: typeof fetch = (...request) => fetch(...request)
const door = isCitizenPath(window.location.pathname) ? (
  <CitizenApp client={createCitizenClient(fetcher, `/${orgnr}/innbygger/api/`)} />
) : (
  <App client={createHostClient(fetcher, `/${orgnr}/api/`)} />
)
createRoot(root).render(
  <StrictMode>
    <Theme theme="light">{door}</Theme>
  </StrictMode>,
)

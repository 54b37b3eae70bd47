import '@navikt/ds-css'
import '@fontsource-variable/source-sans-3'
import './launcher.css'
import { Theme } from '@navikt/ds-react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { LauncherPage } from './launcher-page.tsx'

const root = document.querySelector('#root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Theme theme="light">
        <LauncherPage />
      </Theme>
    </StrictMode>,
  )
}

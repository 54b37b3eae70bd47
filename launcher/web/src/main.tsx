// The parts of Aksel this page uses; its font file is left out because it names a CDN.
import '@navikt/ds-css/dist/global/tokens.min.css'
import '@navikt/ds-css/dist/global/reset.min.css'
import '@navikt/ds-css/dist/global/baseline.min.css'
import '@navikt/ds-css/dist/component/theme.min.css'
import '@navikt/ds-css/dist/component/typography.min.css'
import '@navikt/ds-css/dist/component/primitives.min.css'
import '@navikt/ds-css/dist/component/loader.min.css'
import '@navikt/ds-css/dist/component/button.min.css'
import '@navikt/ds-css/dist/component/copybutton.min.css'
import '@navikt/ds-css/dist/component/form.min.css'
import '@navikt/ds-css/dist/component/alert.min.css'
import '@navikt/ds-css/dist/component/table.min.css'
import '@navikt/ds-css/dist/component/tag.min.css'
import '@fontsource-variable/source-sans-3/wght.css'
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

import '@fontsource-variable/source-sans-3/wght.css'
import '@navikt/ds-css/dist/global/tokens.min.css'
import '@navikt/ds-css/dist/global/reset.min.css'
import '@navikt/ds-css/dist/global/baseline.min.css'
import '@navikt/ds-css/dist/component/theme.min.css'
import '@navikt/ds-css/dist/component/typography.min.css'
import '@navikt/ds-css/dist/component/loader.min.css'
import '@navikt/ds-css/dist/component/alert.min.css'
import '@navikt/ds-css/dist/component/tag.min.css'
import './look.css'
import './screen.css'
import { Theme } from '@navikt/ds-react/Theme'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { SessionFrame } from './frame/session-frame.tsx'
import { TITLE } from './registration.ts'
import { Screen } from './screen.tsx'
import { applyHouseStyle } from './smart/house-style.ts'
import { openSession } from './smart/session.ts'

// Once, outside React: a code is exchanged only once.
const opening = openSession(new URL(location.href))
void dress()

// A tile of the host already carries the name of the app.
document.documentElement.classList.toggle('framed', window.self !== window.top)

const root = document.querySelector('#app')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Theme theme="light" hasBackground={false}>
        <SessionFrame opening={opening} title={TITLE}>
          <Screen />
        </SessionFrame>
      </Theme>
    </StrictMode>,
  )
}

async function dress(): Promise<void> {
  const opened = await opening
  const url = opened.kind === 'open' ? opened.session.styleUrl : undefined
  if (url) await applyHouseStyle(url, document.documentElement)
}

import {
  ComponentIcon,
  ImageIcon,
  WaveformIcon,
  PersonChatIcon,
  TestFlaskIcon,
  TrayFoodIcon,
  TruckIcon,
} from '@navikt/aksel-icons'
import { createElement } from 'react'

const ICONS = new Map([
  ['pacs-viewer', ImageIcon],
  ['nutrition', TrayFoodIcon],
  ['bliksund-live', TruckIcon],
  ['multimonitor', WaveformIcon],
  ['orders-results', TestFlaskIcon],
  ['mypath', PersonChatIcon],
])

export function AppIcon({ app, size }: { readonly app: string; readonly size: string }) {
  return createElement(ICONS.get(app) ?? ComponentIcon, { 'aria-hidden': true, fontSize: size })
}

import { hash } from 'node:crypto'

/** The host's look in the words of SMART App Launch 2.2.0, "Styling": apps may wear it, none must. */
const STYLE = {
  color_background: '#ffffff',
  color_error: '#b8242f',
  color_highlight: '#107a6f',
  color_modal_backdrop: '#11293d',
  color_success: '#1d7a3c',
  color_text: '#16232e',
  dim_border_radius: '6px',
  dim_font_size: '15px',
  dim_spacing_size: '8px',
  font_family_body: "'Source Sans 3 Variable', 'Source Sans 3', system-ui, sans-serif",
  font_family_heading: "'Source Sans 3 Variable', 'Source Sans 3', system-ui, sans-serif",
} as const

/** A file that never changes under its name, as the standard asks: another look is another address. */
export type SmartStyle = { readonly name: string; readonly body: string }

export function smartStyle(): SmartStyle {
  const body = JSON.stringify(STYLE)
  return { name: `${hash('sha256', body, 'hex').slice(0, 16)}.json`, body }
}

export const smartStyleUrl = (host: string, orgnr: string): string => `${host}/${orgnr}/style/${smartStyle().name}`

import type { Chart } from '../chart.ts'
import { aas } from './aas.ts'
import { berg } from './berg.ts'
import { dahl } from './dahl.ts'
import { eide } from './eide.ts'
import { hansen } from './hansen.ts'
import { haugen } from './haugen.ts'
import { lien } from './lien.ts'
import { moen } from './moen.ts'
import { nilsen } from './nilsen.ts'
import { solberg } from './solberg.ts'
import { strand } from './strand.ts'
import { vik } from './vik.ts'

/** Who tells which story, by Patient id. */
export const stories: Readonly<Record<string, (chart: Chart) => void>> = {
  cdp1001: berg,
  cdp1002: lien,
  cdp1003: moen,
  cdp1004: hansen,
  cdp1005: vik,
  cdp1006: aas,
  cdp1007: eide,
  cdp1008: solberg,
  cdp2001: dahl,
  cdp2002: strand,
  cdp2003: haugen,
  cdp2004: nilsen,
}

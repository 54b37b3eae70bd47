/** Parameters of paging links that count matches from the first one on: those of FHIR servers by name, and of HAPI. */
const OFFSETS = ['_offset', '_getpagesoffset'] as const
/** Matches of a page where many are gone through. */
export const WIDE_PAGE = 500

/** Parameters that bring more than what matches. */
export const BRINGS_ALONG = /^_(?:rev)?include(?::|$)/

/**
 * The address of the page that begins so many matches after that of a paging link, and holds so many. Nothing else comes along:
 * what belongs to a page is asked for by what it shows.
 *
 * `undefined` where the link says in words of its own where it leads. It is then followed as it is, page by page.
 */
export function pageAt(
  url: string,
  { after, count }: { readonly after: number; readonly count: number },
): string | undefined {
  const mark = url.indexOf('?')
  if (mark < 0) return undefined
  const params = [...new URLSearchParams(url.slice(mark + 1))]
  const offsets = params.filter(([name]) => OFFSETS.some((known) => known === name))
  const counts = params.filter(([name]) => name === '_count')
  const [found] = offsets
  if (found === undefined || offsets.length > 1 || counts.length !== 1) return undefined
  const [name, offset] = found
  if (!/^\d{1,9}$/.test(offset)) return undefined
  const moved = params
    .filter(([param]) => !BRINGS_ALONG.test(param))
    .map(([param, value]): [string, string] => {
      if (param === name) return [param, String(Number(offset) + after)]
      return [param, param === '_count' ? String(count) : value]
    })
  return `${url.slice(0, mark)}?${new URLSearchParams(moved).toString()}`
}

/** The same place, with as much behind it as is gone through at once. */
export const wide = (url: string): string => pageAt(url, { after: 0, count: WIDE_PAGE }) ?? url

/** Who may import what: the table of the design, one row a room. The first row whose folder matches a file governs it. */
export type ImportRule = {
  readonly folder: string
  /** Our workspaces (or entries of them) the room may name. */
  readonly ours: readonly string[]
  /** Packages the room may never name, by exact name or by a prefix ending in `*`. */
  readonly never: readonly string[]
  /** When given, the only packages of others the room may name. */
  readonly only?: readonly string[]
}

const SERVER_ONLY = ['oidc-provider']
const APP_LIBRARIES = [
  'fhirclient',
  'react',
  'react-dom',
  'uplot',
  '@navikt/*',
  '@fontsource-variable/*',
  '@cornerstonejs/*',
  'dicom-parser',
  'events',
  'url',
  'vite',
  '@vitejs/plugin-react',
]

export const IMPORT_RULES: readonly ImportRule[] = [
  { folder: 'packages/smart-core/src', ours: [], never: ['node:*'], only: [] },
  {
    folder: 'packages/policy/src',
    ours: ['smart-core'],
    never: ['koa', 'oidc-provider', '@uthopp/storage'],
    only: ['node:*', '@cedar-policy/*', 'jose'],
  },
  { folder: 'packages/storage/src', ours: [], never: SERVER_ONLY },
  { folder: 'packages/server-kit/src', ours: ['smart-core'], never: SERVER_ONLY },
  { folder: 'packages/audit/src', ours: ['smart-core', 'storage', 'server-kit'], never: SERVER_ONLY },
  {
    folder: 'packages/fhir-gateway/src',
    ours: ['smart-core', 'policy', 'audit', 'server-kit', 'storage'],
    never: SERVER_ONLY,
  },
  {
    folder: 'packages/fhircast-hub/src',
    ours: ['smart-core', 'policy', 'audit', 'server-kit', 'storage'],
    never: SERVER_ONLY,
  },
  {
    folder: 'auth-server/src/provider',
    ours: ['smart-core', 'policy', 'audit', 'server-kit'],
    never: ['@uthopp/storage'],
  },
  { folder: 'auth-server/src', ours: ['smart-core', 'policy', 'storage', 'audit', 'server-kit'], never: SERVER_ONLY },
  {
    folder: 'ehr-simulator/server/src',
    ours: ['smart-core', 'policy', 'storage', 'audit', 'server-kit', 'fhircast-hub'],
    never: SERVER_ONLY,
  },
  { folder: 'launcher/server/src', ours: ['smart-core', 'server-kit'], never: SERVER_ONLY },
  { folder: 'ehr-simulator/web', ours: ['smart-core'], never: ['node:*', ...SERVER_ONLY] },
  { folder: 'launcher/web', ours: ['smart-core'], never: ['node:*', ...SERVER_ONLY] },
  { folder: 'sample-apps', ours: [], never: ['node:*'], only: APP_LIBRARIES },
  { folder: 'e2e', ours: ['smart-core'], never: SERVER_ONLY },
]

export type Import = { readonly file: string; readonly line: number; readonly text: string; readonly from: string }

/** Why the import crosses a forbidden edge, or undefined when it may stand. Paths are relative to the repository. */
export function forbidden(entry: Import, resolved: string | undefined): string | undefined {
  const rule = IMPORT_RULES.find(({ folder }) => entry.file.startsWith(`${folder}/`))
  if (rule === undefined) return undefined
  const { from } = entry
  const home = workspaceOf(entry.file)
  if (from.startsWith('#')) {
    if (from.startsWith('#test/') && /\/src\//.test(entry.file)) return 'sources may not import tests'
    return crossesRoom(entry.file, `${home}/${from.slice(1)}`)
  }
  if (from.startsWith('.')) {
    // Journeys start the processes the way `npm start` does; the starter is nobody's source.
    const starter = home === 'e2e' && resolved?.startsWith('scripts/') === true
    const leaves = resolved !== undefined && home !== undefined && !starter && !resolved.startsWith(`${home}/`)
    return leaves ? `leaves ${home}` : crossesRoom(entry.file, resolved)
  }
  if (matches(from, rule.never)) return `${rule.folder} may never import ${from}`
  if (from.startsWith('@uthopp/')) {
    const workspace = from.split('/')[1] ?? ''
    return rule.ours.includes(workspace) ? undefined : `${rule.folder} may not import @uthopp/${workspace}`
  }
  if (rule.only !== undefined && !matches(from, rule.only))
    return `${rule.folder} may only import ${rule.only.join(', ') || 'itself'}`
  return undefined
}

/** The provider room knows the library; the interaction pages know the person; neither reaches into the other. */
function crossesRoom(file: string, resolved: string | undefined): string | undefined {
  const provider = 'auth-server/src/provider/'
  return file.startsWith(provider) && resolved?.startsWith('auth-server/src/interaction/') === true
    ? 'the provider may not import interaction pages'
    : undefined
}

const WORKSPACE = /^(packages\/[^/]+|auth-server|(?:launcher|ehr-simulator|sample-apps)\/[^/]+|e2e)\//

export const workspaceOf = (file: string): string | undefined => WORKSPACE.exec(file)?.[1]

function matches(from: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? from.startsWith(pattern.slice(0, -1)) : from === pattern || from.startsWith(`${pattern}/`),
  )
}

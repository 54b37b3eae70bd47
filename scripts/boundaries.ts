import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { forbidden, type Import } from './import-rules.ts'

const ROOT = join(import.meta.dirname, '..')
const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g

/** Every import of one file, with the line it stands on. */
export function importsOf(file: string, source: string): readonly Import[] {
  return source.split('\n').flatMap((text, index) => {
    const bare = text.trimStart()
    if (bare.startsWith('//') || bare.startsWith('*')) return []
    return [...text.matchAll(SPECIFIER)].map((match) => ({ file, line: index + 1, text: bare, from: match[2] ?? '' }))
  })
}

/** Reads the repository's sources and answers one line for every edge the design forbids. */
export function checkBoundaries(): readonly string[] {
  const files = globSync(['**/*.ts', '**/*.tsx', '**/*.html'], {
    cwd: ROOT,
    exclude: (name) => ['node_modules', 'dist', '.data', '.cache'].some((part) => name.split('/').includes(part)),
  }).filter((file) => !/(^|\/)test\//.test(file) && !/(^|\/)scripts\//.test(file) && !file.endsWith('vite.config.ts'))
  return files.flatMap((file) =>
    importsOf(file, readFileSync(join(ROOT, file), 'utf8')).flatMap((entry) => {
      const resolved = entry.from.startsWith('.') ? normalize(join(dirname(file), entry.from)) : undefined
      const why = forbidden(entry, resolved)
      return why === undefined ? [] : [`${file}:${entry.line}: ${why}: ${entry.text}`]
    }),
  )
}

import { createRequire } from 'node:module'

type Cedar = typeof import('@cedar-policy/cedar-wasm/nodejs')

/** The CommonJS entry: synchronous, and without the experimental warning of the other one. */
export const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as Cedar // the package's own types

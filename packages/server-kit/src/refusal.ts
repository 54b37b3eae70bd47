import { isProblem, type Problem } from '@uthopp/smart-core/problem'

type RefusalOptions = {
  /** Headers the answer must carry, such as `WWW-Authenticate` or `Allow`. */
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** A refusal the caller is entitled to hear about: everything in it is public. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  /** A registered error code of the protocol being spoken, never a sentence. */
  readonly code: string
  /** One line for the caller. Never a token, code, handle, name or national id. */
  readonly hint: string
  readonly headers: Readonly<Record<string, string>>
  /** Read by Koa: the message may leave the process. */
  readonly expose = true

  constructor(status: number, code: string, hint: string, options: RefusalOptions = {}) {
    super(hint, { cause: options.cause })
    this.status = status
    this.code = code
    this.hint = hint
    this.headers = options.headers ?? {}
  }
}

/** Stops the request here with a refusal; a function so that it can stand in an expression. */
export function refuse(status: number, code: string, hint: string, options?: RefusalOptions): never {
  throw new Refusal(status, code, hint, options)
}

/** Turns a parser's problem into a refusal at the one moment a caller is waiting to hear it. */
export function accept<T>(parsed: T | Problem, code = 'invalid_request', status = 400): T {
  if (isProblem(parsed)) throw new Refusal(status, code, parsed.reason)
  return parsed
}

import type { IncomingMessage, RequestListener } from 'node:http'
import { Router } from '@koa/router'
import Koa, { type Next, type ParameterizedContext } from 'koa'
import { answerCors, type CorsPolicy } from './cors.ts'
import { healthRouter } from './health.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { Refusal, refuse } from './refusal.ts'
import { API_CSP, setSecurityHeaders } from './security-headers.ts'
import { childTrace, newTrace, parseTraceparent, type Trace } from './trace.ts'
import { unansweredRefusal } from './unanswered.ts'

/** What `ctx.state` holds in every request. `route` names the template where no router did (mounted handlers). */
export type AppState = { trace: Trace; callerTraceId?: string; route?: string; refusal?: string }
export type AppContext = ParameterizedContext<AppState>

export type HttpAppOptions = {
  readonly name: string
  readonly log: Log
  readonly metrics: Metrics
  /** Undefined when ready, else one line why not; it is public. */
  readonly ready: () => Promise<string | undefined>
  /** What works differently from how it should in production; as public as the reason. */
  readonly warnings?: () => readonly string[]
  /** Answers the policy of a path, or undefined where other origins get nothing. */
  readonly cors?: (ctx: AppContext) => CorsPolicy | undefined
  /** The policy of answers whose route sets none. */
  readonly csp?: string
  /**
   * True where callers are no processes of ours: what they call a trace is theirs, and ours begins here. Whoever could choose
   * our id could write into somebody else's story. Where both kinds call, ours begins here too, and `goOnWithCallersTrace`
   * takes it back once the caller has shown who it is.
   */
  readonly startsTrace?: (ctx: AppContext) => boolean
  /** True when the outside address is https. */
  readonly hsts?: boolean
  /** How a refusal is told; JSON unless replaced. Status, headers and correlation id are set already. */
  readonly renderRefusal?: (ctx: AppContext, refusal: Refusal) => void
}

export type HttpApp = {
  readonly koa: Koa<AppState>
  readonly router: Router<AppState>
  readonly handler: RequestListener
}

/**
 * The edge every process shares: trace, security headers, CORS, access log, metrics, error boundary, health, 404 and 405.
 *
 * Routes go on `router`; anything else is mounted with `koa.use` and runs for what the router did not match.
 */
export function createHttpApp(options: HttpAppOptions): HttpApp {
  const koa = new Koa<AppState>()
  const router = new Router<AppState>()
  // Errors after the headers have left (a broken pipe, a failing stream) cannot be answered any more, only told.
  koa.on('error', (error: unknown) => {
    if (!callerLeft(error)) options.log.error('answer-broken-off', { error })
  })
  koa.use(observe(options))
  koa.use(answerErrors(options))
  koa.use(prepare(options))
  koa.use(healthRouter(options).routes())
  koa.use(router.routes())
  // Koa fixes its middleware when the callback is made, so that waits until everything is mounted.
  let callback: ReturnType<typeof koa.callback> | undefined
  const handler: RequestListener = (req, res) => {
    callback ??= koa.callback()
    takeOriginForm(req)
    void callback(req, res)
  }
  return { koa, router, handler }
}

/** Whoever reads a stream leaves in the middle of it; the access log says so, and nothing of ours failed. */
const callerLeft = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'

/** RFC 9112 §3.2.2: the absolute form is taken too. Whom it names changes nothing here, as a Host header changes nothing. */
function takeOriginForm(req: IncomingMessage): void {
  const rest = /^https?:\/\/[^/?]*(?<rest>.*)$/is.exec(req.url ?? '')?.groups?.['rest']
  if (rest !== undefined) req.url = rest.startsWith('/') ? rest : `/${rest}`
}

/** The template that answered, or a constant: paths carry ids and start secrets. */
const routeOf = (ctx: AppContext): string => {
  const route: unknown = ctx.state.route ?? ctx['_matchedRoute']
  return typeof route === 'string' ? route : 'unmatched'
}

function standIn(ctx: AppContext, trace: Trace): void {
  ctx.state.trace = trace
  ctx.set({ traceparent: trace.traceparent, 'x-correlation-id': trace.traceId })
}

/** For a caller who has proved to be a process of ours: its trace is ours, and this request belongs to it after all. */
export function goOnWithCallersTrace(ctx: AppContext): void {
  const incoming = parseTraceparent(ctx.get('traceparent'))
  if (incoming === undefined || incoming.traceId !== ctx.state.callerTraceId) return
  delete ctx.state.callerTraceId
  standIn(ctx, childTrace(incoming))
}

const observe = (options: HttpAppOptions) => async (ctx: AppContext, next: Next) => {
  const incoming = parseTraceparent(ctx.get('traceparent'))
  const isForeign = incoming !== undefined && (options.startsTrace?.(ctx) ?? false)
  if (isForeign) ctx.state.callerTraceId = incoming.traceId
  standIn(ctx, incoming && !isForeign ? childTrace(incoming) : newTrace())
  const start = performance.now()
  ctx.res.once('close', () => {
    const route = routeOf(ctx)
    if (route.startsWith('/health/') || route === '/metrics') return
    const durationMs = Math.round((performance.now() - start) * 100) / 100
    const status = ctx.res.headersSent ? ctx.res.statusCode : 499 // nobody waited for the answer
    const method = ctx.method
    const code = ctx.state.refusal
    options.metrics.observeRequest({ route, method, status, seconds: durationMs / 1000 })
    options.log.info('request', {
      route,
      method,
      status,
      durationMs,
      correlationId: ctx.state.trace.traceId,
      ...(code === undefined ? {} : { code }),
    })
  })
  await next()
}

const answerErrors = (options: HttpAppOptions) => async (ctx: AppContext, next: Next) => {
  try {
    await next()
    const refusal = unansweredRefusal(ctx)
    if (refusal) answer(refusal)
  } catch (error) {
    if (error instanceof Refusal) return answer(error)
    options.log.error('request-failed', { error, route: routeOf(ctx), correlationId: ctx.state.trace.traceId })
    answer(new Refusal(500, 'server_error', 'something failed here; quote the correlation id'))
  }

  function answer(refusal: Refusal): void {
    ctx.state.refusal = refusal.code
    if (ctx.res.headersSent || !ctx.writable) return
    ctx.respond = true
    ctx.status = refusal.status
    ctx.set(refusal.headers)
    ;(options.renderRefusal ?? renderJson)(ctx, refusal)
  }
}

const renderJson = (ctx: AppContext, refusal: Refusal): void => {
  ctx.body = { error: refusal.code, error_description: refusal.hint, correlation_id: ctx.state.trace.traceId }
}

const prepare = (options: HttpAppOptions) => async (ctx: AppContext, next: Next) => {
  setSecurityHeaders(ctx, { csp: options.csp ?? API_CSP, hsts: options.hsts ?? false })
  // RFC 9112 §3.2: 400 for a Host that is none, or two, of which another proxy may have read the other. Past this line
  // `ctx.URL` always is one.
  const hosts = ctx.req.headersDistinct['host'] ?? []
  if (hosts.length > 1 || !URL.canParse(`http://${ctx.get('host')}/`))
    refuse(400, 'invalid_request', 'the host header is not valid')
  const policy = options.cors?.(ctx)
  if (policy && answerCors(ctx, policy) === 'preflight') return
  await next()
}

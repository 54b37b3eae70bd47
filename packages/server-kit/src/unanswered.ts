import type { Context } from 'koa'
import { Refusal } from './refusal.ts'

/** The refusal for a request nobody answered: 404, or 405 when the path exists under other methods (RFC 9110 §15.5.6). */
export function unansweredRefusal(ctx: Context): Refusal | undefined {
  if (ctx.respond === false || ctx.res.headersSent || ctx.status !== 404 || (ctx.body ?? undefined) !== undefined)
    return undefined
  const allowed = allowedMethods(ctx['matched'])
  if (allowed.length === 0 || allowed.includes(ctx.method))
    return new Refusal(404, 'not_found', 'there is nothing at this address')
  return new Refusal(405, 'method_not_allowed', `this address takes ${allowed.join(', ')}`, {
    headers: { allow: allowed.join(', ') },
  })
}

function allowedMethods(matched: unknown): readonly string[] {
  if (!Array.isArray(matched)) return []
  const methods = matched.flatMap((layer: unknown) =>
    typeof layer === 'object' && layer !== null && 'methods' in layer && Array.isArray(layer.methods)
      ? layer.methods
      : [],
  )
  return [...new Set(methods.filter((method: unknown): method is string => typeof method === 'string'))].sort()
}

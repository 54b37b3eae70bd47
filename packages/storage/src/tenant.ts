declare const tenantBrand: unique symbol

/** A hospital trust's organisation number, once checked. Every stored row carries one. */
export type Tenant = string & { readonly [tenantBrand]: 'Tenant' }

type TenantProblem = { readonly kind: 'problem'; readonly input: string; readonly reason: string }

/** Reads nine digits. Whether the trust is one of this deployment is for the deployment to say. */
export function parseTenant(text: string): Tenant | TenantProblem {
  if (/^\d{9}$/.test(text)) return text as Tenant // the only place the brand is given
  return { kind: 'problem', input: text.slice(0, 64), reason: 'expected an organisation number of nine digits' }
}

/** For deployment files and tests, where a wrong number is a fault of ours. */
export function tenantOf(orgnr: string): Tenant {
  const tenant = parseTenant(orgnr)
  if (typeof tenant === 'string') return tenant
  throw new Error(`\`${tenant.input}\`: ${tenant.reason}`)
}

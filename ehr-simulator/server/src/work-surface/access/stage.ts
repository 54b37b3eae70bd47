import type { PolicyStage } from '@uthopp/server-kit/deployment'
import type { SurfaceDeps } from '../surface-deps.ts'

/** How far the host itself acts on what policy answers, at this trust. A trust nobody wrote down is not left open. */
export const stageOf = ({ deployment, tenant }: Pick<SurfaceDeps, 'deployment' | 'tenant'>): PolicyStage =>
  deployment.trusts.find(({ orgnr }) => orgnr === tenant)?.policy.host ?? 'enforce'

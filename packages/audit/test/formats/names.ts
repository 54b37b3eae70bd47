import type { AuditNames } from '#src/formats/names.ts'

export const NAMES: AuditNames = {
  staff: (id) =>
    id === 'prac-fjell'
      ? {
          family: 'Fjell',
          given: 'Jon',
          nationalId: '09818549552',
          hpr: '999000202',
          profession: { code: 'SP', text: 'Sykepleier' },
        }
      : undefined,
  role: (id) =>
    id === 'role-fjell-4b'
      ? {
          title: 'Sykepleier, sengepost 4B',
          department: { id: 'afa23', name: 'Ortopedisk avdeling', enh: null, resh: '705592' },
          location: { id: 'loc4b', name: 'Sengepost 4B', enh: null, resh: null },
        }
      : undefined,
  patient: (id) => (id === 'pat-berg' ? { family: 'Berg', given: 'Solveig' } : undefined),
  client: (id) => (id === 'nutrition' ? 'Trygg ernæring' : undefined),
  legalEntity: { id: 'aks1', name: 'Oslo universitetssykehus HF', enh: '993467049', resh: null },
  source: { site: 'OUS', device: 'uthopp' },
  template: (id) => (id === 'BELEGG' ? 'Innlagt pasient' : undefined),
}

export const openApi = (issuer: string | undefined): Record<string, unknown> => ({
  openapi: '3.1.0',
  servers: [{ url: issuer ?? '/' }],
})

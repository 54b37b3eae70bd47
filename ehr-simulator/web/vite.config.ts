import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// One bundle serves every trust: files stand at the root, the trust is the first path segment of the page (`/<orgnr>/`).
export default defineConfig({
  base: '/',
  plugins: [react()],
  build: { target: 'es2024', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  base: './',
  plugins: [react()],
  // fhirclient leaves out its polyfills for old browsers when this name exists.
  define: { FHIRCLIENT_PURE: 'true' },
  build: {
    target: 'es2022',
    // Fonts and images stay files of our own, so that `font-src 'self'` is enough.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'launch.html'] },
  },
})

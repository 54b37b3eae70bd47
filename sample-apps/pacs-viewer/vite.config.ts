import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Their packages export no plain default, so the development server must bundle them ahead of time. */
const CODECS = [
  'codec-charls/decodewasmjs',
  'codec-libjpeg-turbo-8bit/decodewasmjs',
  'codec-openjpeg/decodewasmjs',
  'codec-openjph/wasmjs',
  'codec-libjxl/decodewasmjs',
]

export default defineConfig({
  base: './',
  plugins: [react()],
  // fhirclient leaves out its polyfills for old browsers when this name exists.
  define: { FHIRCLIENT_PURE: 'true' },
  worker: { format: 'es' },
  optimizeDeps: {
    exclude: ['@cornerstonejs/dicom-image-loader'],
    include: ['dicom-parser', ...CODECS.map((codec) => `@cornerstonejs/${codec}`)],
  },
  build: {
    target: 'es2022',
    // Fonts and images stay files of our own, so that `font-src 'self'` is enough.
    assetsInlineLimit: 0,
    // The image engine is one large chunk, fetched only once a stack is opened.
    chunkSizeWarningLimit: 6000,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'launch.html'] },
  },
})

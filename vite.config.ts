import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

/**
 * The pages, as one module that renders them on the server (`dist/web/server.js`) and the files that they load
 * (`dist/web/assets/`, named by their content). Nothing runs in the browser yet.
 */
export default defineConfig({
  plugins: [svelte()],
  publicDir: false,
  build: {
    ssr: 'src/web/server.ts',
    ssrEmitAssets: true,
    outDir: 'dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    cssMinify: true,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'server.js' } },
  },
  ssr: { noExternal: true },
})

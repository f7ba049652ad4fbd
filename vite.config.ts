import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type Plugin } from 'vite'

/**
 * The pages twice over: what runs in the browser (`dist/web/assets/`, named by its content), and one module that
 * renders whole documents on the server (`dist/web/server.js`). The server's needs the names of the browser's files:
 * `buildApp` keeps the order.
 */
export default defineConfig({
  plugins: [svelte({ configFile: false }), browserFiles()],
  publicDir: false,
  builder: {
    buildApp: async (builder) => {
      const { client, ssr } = builder.environments
      if (client === undefined || ssr === undefined) throw new Error('client and ssr are built in into Vite')
      await builder.build(client)
      await builder.build(ssr)
    },
  },
  environments: {
    client: {
      build: {
        outDir: 'dist/web',
        emptyOutDir: true,
        manifest: true,
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        target: 'es2022',
        rolldownOptions: { input: { page: 'src/web/client.ts', theme: 'src/web/theme.ts' } },
      },
    },
    ssr: {
      build: {
        ssr: 'src/web/server.ts',
        ssrEmitAssets: true,
        outDir: 'dist/web',
        emptyOutDir: false,
        assetsInlineLimit: 0,
        cssMinify: true,
        target: 'node20',
        rolldownOptions: { output: { entryFileNames: 'server.js' } },
      },
      resolve: { noExternal: true },
    },
  },
})

const BROWSER_FILES = 'virtual:browser-files'

/** What a document loads of the browser's build, by the manifest that Vite wrote of it. */
function browserFiles(): Plugin {
  return {
    name: 'browser-files',
    resolveId: (id) => (id === BROWSER_FILES ? `\0${BROWSER_FILES}` : null),
    load(id) {
      if (id !== `\0${BROWSER_FILES}`) return null
      const { root, environments } = this.environment.getTopLevelConfig()
      const folder = resolve(root, environments['client']?.build.outDir ?? 'dist/web')
      const manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8')) as Manifest
      const preloads = (manifest['src/web/client.ts']?.imports ?? []).map((name) => pathOf(manifest, name))
      return [
        `export const page = ${JSON.stringify(pathOf(manifest, 'src/web/client.ts'))}`,
        `export const theme = ${JSON.stringify(pathOf(manifest, 'src/web/theme.ts'))}`,
        `export const preloads = ${JSON.stringify(preloads)}`,
      ].join('\n')
    },
  }
}

type Manifest = Readonly<Record<string, { readonly file: string; readonly imports?: readonly string[] }>>

function pathOf(manifest: Manifest, name: string): string {
  const chunk = manifest[name]
  if (chunk === undefined) throw new Error(`the browser's build has no ${name}`)
  return `/${chunk.file}`
}

// Builds the server (tsc → dist/) and the pages (Vite → dist/web/). Plain JavaScript: `npm ci` runs it as `prepare`.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)

/** Runs a tool of node_modules with this very Node; ends the build when it fails. */
function run(entry, ...args) {
  const { status, error } = spawnSync(process.execPath, [entry, ...args], { cwd: root, stdio: 'inherit' })
  if (error !== undefined) throw error
  if (status !== 0) process.exit(status ?? 1)
}

/** What was built from a file that is no longer there would otherwise stay importable for ever. */
function removeOrphans(built, source) {
  for (const entry of readdirSync(built, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      if (join(built, entry.name) !== join(root, 'dist', 'web')) {
        removeOrphans(join(built, entry.name), join(source, entry.name))
      }
    } else if (/\.js(\.map)?$/.test(entry.name)) {
      const origin = join(source, entry.name.replace(/\.js(\.map)?$/, '.ts'))
      if (!existsSync(origin)) rmSync(join(built, entry.name))
    }
  }
}

function tool(name) {
  try {
    const manifest = require.resolve(`${name}/package.json`, { paths: [root] })
    const { bin } = require(manifest)
    const path = typeof bin === 'string' ? bin : bin[name === 'typescript' ? 'tsc' : name]
    return join(manifest, '..', path)
  } catch {
    return null
  }
}

/** The page of the interface: only what it loads, of a package that holds ten times as much and an installer that calls home. */
function copyApiPage() {
  const from = join(require.resolve('swagger-ui-dist/package.json', { paths: [root] }), '..')
  const to = join(root, 'dist', 'web', 'api-docs')
  mkdirSync(to, { recursive: true })
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE', 'NOTICE']) {
    copyFileSync(join(from, name), join(to, name))
  }
}

const tsc = tool('typescript')
const vite = tool('vite')
if (tsc === null || vite === null) {
  process.stderr.write(
    'Not built: the development dependencies are not installed (--omit=dev or NODE_ENV=production). ' +
      'To build, run `npm ci --include=dev`.\n',
  )
  process.exit(process.env.npm_lifecycle_event === 'prepare' ? 0 : 1)
}

run(tsc, '-p', 'tsconfig.build.json')
if (existsSync(join(root, 'dist'))) removeOrphans(join(root, 'dist'), join(root, 'src'))
if (existsSync(join(root, 'vite.config.ts'))) run(vite, 'build', '--app', '--logLevel', 'warn')
copyApiPage()
writeFileSync(join(root, 'dist', '.built'), '')

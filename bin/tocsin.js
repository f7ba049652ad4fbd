#!/usr/bin/env node
// Plain JavaScript, so that it can speak before anything is built. Everything else is in dist/.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const LEAST_NODE = [20, 19]
const main = new URL('../dist/cli/main.js', import.meta.url)

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
  process.stderr.write(`Tocsin needs Node ${LEAST_NODE.join('.')} or later; this is ${process.versions.node}.\n`)
  process.exitCode = 1
} else if (!existsSync(main)) {
  process.stderr.write(
    `Tocsin is not built: ${fileURLToPath(main)} is missing.\n` +
      'Run `npm ci && npm run build` in its folder. (`npm ci` builds by itself, but not with --ignore-scripts, ' +
      '--omit=dev or NODE_ENV=production.)\n',
  )
  process.exitCode = 1
} else {
  await import(main.href)
}

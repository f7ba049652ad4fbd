#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { run } from '@stricli/core'
import type { UnixSeconds } from '../model/brand.ts'
import { createCli } from './app.ts'
import type { CliContext } from './context.ts'
import { createRealClock } from './real-clock.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const now = (): UnixSeconds => Math.floor(Date.now() / 1000) as UnixSeconds
const elapsed = (): number => performance.now() / 1000

/** The only place where real time, chance, the network and the real streams come in. */
const context: CliContext = {
  // Node's own process, without the `undefined` that its types allow an exit code to be.
  process: process as CliContext['process'],
  environment: process.env,
  version,
  now,
  clock: createRealClock(now, elapsed),
  elapsed,
  every(seconds, run) {
    const timer = setInterval(run, seconds * 1000)
    return () => clearInterval(timer)
  },
  random: () => Math.random(),
  fetch: globalThis.fetch,
  terminal: process.stderr.isTTY === true,
  stopped: () =>
    new Promise((stop) => {
      process.once('SIGINT', () => stop())
      process.once('SIGTERM', () => stop())
    }),
}

// `tocsin incidents | head -1`: who reads has had enough, and that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

await run(createCli(version), process.argv.slice(2), context)

// Negative codes are the argument scanner's own (unknown command, bad flag): usage.
if (typeof process.exitCode === 'number' && (process.exitCode < 0 || process.exitCode > 125)) process.exitCode = 2

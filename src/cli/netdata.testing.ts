import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createSimulatedClock } from '../collect/clock.testing.ts'
import type { UnixSeconds } from '../model/brand.ts'
import type { CliContext } from './context.ts'

const NOW = 1_704_672_000 as UnixSeconds

export interface Spoken {
  readonly context: CliContext
  readonly out: () => string
  readonly err: () => string
}

/** A command line with a clock that stands on 8 January 2024, and the fetch given. */
export function spoken(fetch: typeof globalThis.fetch): Spoken {
  let [out, err] = ['', '']
  const clock = createSimulatedClock(NOW)
  const context = {
    process: {
      stdout: { write: (text: string) => void (out += text) },
      stderr: { write: (text: string) => void (err += text) },
    },
    environment: {},
    version: '1.2.3',
    now: () => clock.now(),
    clock,
    elapsed: () => 0,
    every: () => () => {},
    random: () => 0.5,
    fetch: clock.fetch(fetch),
    terminal: false,
    stopped: () => new Promise<void>(() => {}),
  } satisfies CliContext
  return { context, out: () => out, err: () => err }
}

/** Statistics of one registry with the lines given, invented. */
export function statistics(registry: string, day: string, lines: readonly string[]): string {
  return [`2|${registry}|1|${lines.length}|19830705|${day.replaceAll('-', '')}|+0000`, ...lines, ''].join('\n')
}

export function writeDelegated(dataFolder: string, registry: string, day: string, lines: readonly string[]): void {
  const folder = join(dataFolder, 'netdata/delegated')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${registry}-${day}.txt.gz`), gzipSync(statistics(registry, day, lines)))
}

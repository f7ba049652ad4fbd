import type { StricliProcess } from '@stricli/core'
import type { Ticker } from '../api/event-streams.ts'
import type { Clock } from '../collect/source.ts'
import type { UnixSeconds } from '../model/brand.ts'

/** What commands need of the world: streams, variables, clocks, chance, the network, and whether a person watches. */
export interface CliContext {
  readonly process: StricliProcess
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Of the package. */
  readonly version: string
  readonly now: () => UnixSeconds
  readonly clock: Clock
  /** Seconds that never go back, with fractions. */
  readonly elapsed: () => number
  readonly every: Ticker
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly fetch: typeof globalThis.fetch
  /** True where progress may be drawn over itself. */
  readonly terminal: boolean
  /** Resolves when the user asks the process to stop. */
  readonly stopped: () => Promise<void>
}

/** JSON on standard output, one object, a line break behind it. */
export function printJson(context: CliContext, value: unknown): void {
  context.process.stdout.write(`${JSON.stringify(value)}\n`)
}

export function print(context: CliContext, line: string): void {
  context.process.stdout.write(`${line}\n`)
}

/** Progress and remarks go to standard error: they are never part of the answer. */
export function remark(context: CliContext, line: string): void {
  context.process.stderr.write(`${line}\n`)
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Table from 'cli-table3'
import * as z from 'zod'
import { healthJson } from '../api/health-json.ts'
import { toRfc3339 } from '../model/time.ts'
import { askOwner } from '../store/duckdb/control.ts'
import type { Config } from '../street/config.ts'
import { sourcesOf } from './collecting.ts'
import type { CliContext } from './context.ts'
import { print, printJson } from './context.ts'
import type { FolderFlags } from './data-folder.ts'
import { accepted, configOf, openFolder } from './data-folder.ts'

const budget = z.object({ requests: z.number(), perSeconds: z.number(), spent: z.number() })
const condition = z.object({
  signal: z.string(),
  scope: z.string().nullable(),
  condition: z.string(),
  from: z.string(),
  detail: z.string(),
})

/** The parts of the interface's answer that are shown; the rest passes through with --json. */
const running = z.object({
  sources: z.array(
    z.object({
      name: z.string(),
      upstream: z.string(),
      budget,
      requests: z.object({ ok: z.number(), refused: z.number(), failed: z.number(), unreadable: z.number() }),
      lastAnswerAt: z.string().nullable(),
      lastFailure: z.object({ at: z.string(), reason: z.string() }).nullable(),
      waitingUntil: z.string().nullable(),
      // An observatory that runs since before an upgrade does not say it.
      leftOut: z.array(z.string()).default([]),
      roundSeconds: z.number().nullable().default(null),
      signals: z.array(
        z.object({
          signal: z.string(),
          conditions: z.array(condition),
          newest: z.string().nullable(),
          entities: z.object({ fresh: z.number(), usual: z.number() }),
          backfilled: z.number(),
        }),
      ),
    }),
  ),
})

/** `tocsin sources`: what is asked of whom and how it stands: of the running observatory, or as it is set and was left. */
export async function sourcesCommand(this: CliContext, flags: FolderFlags & { readonly json: boolean }): Promise<void> {
  const { json, ...rest } = flags
  const config = configOf(this, rest)
  const answer = await askOwner(config.folder, '/api/v1/sources')
  if (answer === null) {
    await tellSet(this, config, json)
    return
  }
  const body = accepted(answer.status, answer.body)
  if (json) printJson(this, { running: true, ...(body as object) })
  else tellRunning(this, running.parse(body))
}

function tellRunning(context: CliContext, { sources }: z.infer<typeof running>): void {
  if (sources.length === 0) print(context, 'The observatory runs and collects nothing.')
  for (const { name, upstream, requests, lastAnswerAt, lastFailure, waitingUntil, signals, ...each } of sources) {
    const { spent, perSeconds } = each.budget
    print(context, `${name}, ${upstream}`)
    print(context, `  ${spent} of ${each.budget.requests} requests spent in the last ${perSeconds / 60} min`)
    const { ok, refused, failed, unreadable } = requests
    print(
      context,
      `  since the start: ${ok} answered, ${refused} refused, ${failed} failed, ${unreadable} unreadable; last answer ${lastAnswerAt ?? 'none yet'}`,
    )
    if (lastFailure !== null) print(context, `  last failure ${lastFailure.at}: ${lastFailure.reason}`)
    if (waitingUntil !== null) print(context, `  no request before ${waitingUntil}`)
    if (each.roundSeconds !== null)
      print(context, `  it takes no lists: asked one by one, a round takes ${Math.ceil(each.roundSeconds / 60)} min`)
    if (each.leftOut.length > 0)
      print(context, `  not followed, since no table of ours knows them: ${each.leftOut.join(', ')}`)
    const table = new Table({
      head: ['signal', 'newest data', 'entities', 'back-fill', 'what is wrong'],
      style: { head: [], border: [] },
    })
    for (const { signal, newest, entities, backfilled, conditions } of signals) {
      table.push([
        signal,
        newest ?? 'none yet',
        `${entities.fresh} of ${entities.usual}`,
        // Rounded down: 100 % is all of it.
        `${Math.floor(backfilled * 100)} %`,
        wrongs(conditions),
      ])
    }
    print(context, table.toString())
  }
}

function wrongs(conditions: readonly z.infer<typeof condition>[]): string {
  const whole = conditions.filter((each) => each.scope === null)
  const parts = conditions.length - whole.length
  const lines = whole.map((each) => `${each.condition} since ${each.from}: ${each.detail}`)
  return [...lines, ...(parts === 0 ? [] : [`${parts} for one place`])].join('\n')
}

async function tellSet(context: CliContext, config: Config, json: boolean): Promise<void> {
  const sources = (await sourcesOf(config, context.version, context.now())).map((source) => ({
    source: source.id,
    name: source.name,
    upstream: source.upstream,
    budget: source.budget,
    signals: source.signals.map((each) => each.signal),
  }))
  const left = await leftBehind(context, config)
  if (json) {
    printJson(context, { running: false, sources, ...left })
    return
  }
  print(context, `No observatory runs on ${config.folder}.`)
  if (sources.length === 0) print(context, 'Collecting is off.')
  for (const { name, upstream, budget: set, signals } of sources) {
    print(context, `${name}, ${upstream}: at most ${set.requests} requests in ${set.perSeconds / 60} min`)
    print(context, `  ${signals.join(', ')}`)
  }
  print(context, left.lastArrival === null ? 'Nothing was collected yet.' : `Last data arrived ${left.lastArrival}.`)
  for (const each of left.lasting)
    print(context, `When it stopped: ${each.signal} ${each.condition} since ${each.from}: ${each.detail}`)
}

/** What the folder tells of the last run. */
async function leftBehind(
  context: CliContext,
  config: Config,
): Promise<{ readonly lastArrival: string | null; readonly lasting: readonly ReturnType<typeof healthJson>[] }> {
  if (!existsSync(join(config.folder, 'tocsin.duckdb'))) return { lastArrival: null, lasting: [] }
  const store = await openFolder(context, config)
  try {
    const arrival = await store.lastArrival()
    const lasting = (await store.health({})).filter((each) => each.until === null && each.scope === null)
    return { lastArrival: arrival === null ? null : toRfc3339(arrival), lasting: lasting.map(healthJson) }
  } finally {
    await store.close()
  }
}

import Table from 'cli-table3'
import * as z from 'zod'
import type { CliContext } from './context.ts'
import { print, printJson } from './context.ts'
import type { FolderFlags } from './data-folder.ts'
import { ask, configOf } from './data-folder.ts'

interface IncidentFlags extends FolderFlags {
  readonly json: boolean
  readonly entity?: string
  readonly country?: string
  readonly state?: string
  readonly since?: string
  readonly until?: string
  readonly asOf?: string
  readonly all: boolean
  readonly replay?: string
}

/** The parts of the interface's answer that the list shows; the rest passes through with --json. */
const answer = z.object({
  incidents: z.array(
    z.object({
      id: z.string(),
      entity: z.string(),
      state: z.string(),
      kind: z.string(),
      severity: z.string(),
      confidence: z.number(),
      troughShare: z.number().nullable(),
      onset: z.object({ at: z.string() }),
      end: z.object({ at: z.string() }).nullable(),
    }),
  ),
})

/** `tocsin incidents`: what is in the data folder (or a replay), newest first. */
export async function incidentsCommand(this: CliContext, flags: IncidentFlags): Promise<void> {
  const { json, all, replay, entity, country, state, since, until, asOf, ...folder } = flags
  const query = new URLSearchParams(
    Object.entries({ entity, country, state, since, until, asOf }).filter(
      (each): each is [string, string] => each[1] !== undefined,
    ),
  )
  if (!all) query.set('topLevel', 'true')
  const root = replay === undefined ? '/api/v1' : `/api/v1/replays/${encodeURIComponent(replay)}`
  const body = await ask(this, configOf(this, folder), `${root}/incidents?${query.toString()}`)
  if (json) {
    printJson(this, body)
    return
  }
  const { incidents } = answer.parse(body)
  if (incidents.length === 0) {
    print(this, 'No incident fits. What no signal watches cannot show here either.')
    return
  }
  const table = new Table({
    head: ['id', 'state', 'kind', 'severity', 'onset', 'end', 'worst share', 'confidence'],
    style: { head: [], border: [] },
  })
  for (const each of incidents) {
    const worst = each.troughShare === null ? '' : `${Math.round(each.troughShare * 100)} %`
    table.push([
      each.id,
      each.state,
      each.kind,
      each.severity,
      each.onset.at,
      each.end?.at ?? '',
      worst,
      each.confidence.toFixed(2),
    ])
  }
  print(this, table.toString())
}

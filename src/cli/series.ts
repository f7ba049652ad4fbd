import Table from 'cli-table3'
import * as z from 'zod'
import type { CliContext } from './context.ts'
import { print, printJson } from './context.ts'
import type { FolderFlags } from './data-folder.ts'
import { ask, configOf } from './data-folder.ts'

interface SeriesFlags extends FolderFlags {
  readonly json: boolean
  readonly entity?: string
  readonly source?: string
  readonly signal?: string
  readonly replay?: string
  readonly from?: string
  readonly until?: string
}

const list = z.object({
  series: z.array(z.object({ id: z.number(), name: z.string(), stepSeconds: z.number(), origin: z.string() })),
})

/** `tocsin series`: the list; `tocsin series 3`: one of them beside its usual, bin by bin. */
export async function seriesCommand(this: CliContext, flags: SeriesFlags, id?: number): Promise<void> {
  const { json, entity, source, signal, replay, from, until, ...folder } = flags
  const root = replay === undefined ? '/api/v1' : `/api/v1/replays/${encodeURIComponent(replay)}`
  const config = configOf(this, folder)
  const query = (fields: Record<string, string | undefined>): string =>
    new URLSearchParams(
      Object.entries(fields).filter((each): each is [string, string] => each[1] !== undefined),
    ).toString()
  if (id !== undefined) {
    printJson(this, await ask(this, config, `${root}/series/${id}?${query({ from, until })}`))
    return
  }
  const body = await ask(this, config, `${root}/series?${query({ entity, source, signal })}`)
  if (json) {
    printJson(this, body)
    return
  }
  const { series } = list.parse(body)
  if (series.length === 0) {
    print(this, 'No series fits.')
    return
  }
  const table = new Table({ head: ['number', 'series', 'step', 'origin'], style: { head: [], border: [] } })
  for (const each of series) table.push([each.id, each.name, `${each.stepSeconds / 60} min`, each.origin])
  print(this, table.toString())
}

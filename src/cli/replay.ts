import type { UnixSeconds } from '../model/brand.ts'
import { UsageError } from '../model/errors.ts'
import { incidentJson } from '../model/public.ts'
import { parseRfc3339, toRfc3339 } from '../model/time.ts'
import { openMemoryStore } from '../store/memory.ts'
import { loadCase, parseCase } from '../street/case.ts'
import { judgeExpectations } from '../street/expect.ts'
import type { ReadReport } from '../street/read-report.ts'
import { AS_WRITTEN } from '../street/reconstruct.ts'
import { withNewestShares } from '../street/newest.ts'
import { ON_TIME, replay } from '../street/replay.ts'
import { scopeOf } from '../street/scope.ts'
import type { CliContext } from './context.ts'
import { print, printJson, remark } from './context.ts'
import { startProgress } from './progress.ts'
import { incidentTable, tellIncident } from './tell.ts'

interface ReplayFlags {
  readonly json: boolean
  readonly fast: boolean
  readonly asOf?: string
}

/** `tocsin replay CASE`: the case through today's code, with the data's clock. */
export async function replayCommand(this: CliContext, flags: ReplayFlags, path: string): Promise<void> {
  const asOf = flags.asOf === undefined ? null : instant(flags.asOf)
  const loaded = await loadCase(parseCase(path), AS_WRITTEN)
  tellReport(this, loaded.report)
  const progress = startProgress(this, `Replaying ${loaded.id}`, flags.json && !this.terminal)
  const pace = flags.fast ? 'in-one-go' : 'bin-by-bin'
  const { ledger, scopes, now } = await replay(loaded, openMemoryStore(), {
    pace,
    lateness: ON_TIME,
    progress: progress.update,
    asOf,
  }).finally(progress.finish)
  const incidents = ledger
    .current()
    .map(({ incident }) =>
      withNewestShares(incident, scopes.get(scopeOf(incident.entity, loaded.hierarchy))?.drafts(now) ?? []),
    )
    .sort((a, b) => a.onset.at - b.onset.at || (a.id < b.id ? -1 : 1))
  const outcomes = asOf === null ? judgeExpectations(loaded.expectations, incidents) : []
  if (flags.json) {
    printJson(this, {
      case: loaded.id,
      origin: loaded.origin,
      until: toRfc3339(now),
      expectations: outcomes,
      incidents: incidents.map(incidentJson),
    })
    return
  }
  print(
    this,
    `${loaded.title}${loaded.origin === 'reconstructed' ? ' — a reconstruction from published facts, not a measurement' : ''}`,
  )
  const top = incidents.filter((each) => each.partOf === null)
  if (asOf !== null && asOf < now) print(this, `Nothing had arrived by ${toRfc3339(asOf)}.`)
  else if (incidents.length === 0)
    print(
      this,
      asOf === null
        ? `Nothing opened in ${loaded.report.observations.toLocaleString('en')} observations of ${loaded.series.length} series.`
        : `Nothing had opened by ${toRfc3339(asOf)}.`,
    )
  for (const each of top)
    print(this, `\n${each.id}\n${tellIncident(each, loaded.gazetteer, { kind: 'replay', end: now })}`)
  if (incidents.length > 0) print(this, `\n${incidentTable(incidents, loaded.gazetteer)}`)
  for (const each of outcomes)
    print(this, `${each.met ? 'as expected' : 'NOT AS EXPECTED'}: ${each.entity}: ${each.found}`)
}

/** Bad rows and doubts, one line each. */
export function tellReport(context: CliContext, report: ReadReport): void {
  for (const warning of report.warnings) remark(context, `note: ${warning}`)
  if (report.outside > 0)
    remark(context, `note: ${report.outside} observations lie before the case's from or not before its until; left out`)
  for (const { reason, count, first } of report.skipped) {
    const column = first.column === null ? '' : `, column "${first.column}"`
    remark(
      context,
      `skipped ${count} row${count === 1 ? '' : 's'}: ${reason}; first ${first.file}:${first.line}${column}: "${first.text}"`,
    )
  }
}

function instant(text: string): UnixSeconds {
  const at = parseRfc3339(text)
  if (at === null) throw new UsageError(`--as-of ${text}: not an instant; give RFC 3339, such as 2026-01-08T17:30:00Z`)
  return at
}

import { join } from 'node:path'
import Table from 'cli-table3'
import { createArchiveDisk } from '../collect/bgp/archive/disk.ts'
import { fetchSpan } from '../collect/bgp/archive/fetch-span.ts'
import { ARCHIVE_DEFAULTS } from '../collect/bgp/archive/source.ts'
import { netdataFolder } from '../collect/netdata/folder.ts'
import type { UnixSeconds } from '../model/brand.ts'
import { UsageError } from '../model/errors.ts'
import type { DarkNetwork, Loss } from '../model/going-dark.ts'
import type { Incident } from '../model/incident.ts'
import { incidentJson } from '../model/public.ts'
import { HOUR, parseRfc3339, plus, toRfc3339 } from '../model/time.ts'
import { isCountryCode } from '../netdata/iso.ts'
import { openMemoryStore } from '../store/memory.ts'
import type { LoadedCase } from '../street/case.ts'
import { loadCase } from '../street/case.ts'
import { darkTimes, goingDarkOf } from '../street/dark-of.ts'
import type { Config } from '../street/config.ts'
import { withNewestShares } from '../street/newest.ts'
import { LEAST_PEERS } from '../street/read-bgp.ts'
import type { RoutesView } from '../street/read-routes.ts'
import { AS_WRITTEN } from '../street/reconstruct.ts'
import type { Replayed } from '../street/replay.ts'
import { ON_TIME, replay } from '../street/replay.ts'
import { replayedView } from '../street/replayed-view.ts'
import { routesCase } from '../street/routes-case.ts'
import type { Scope } from '../street/scope.ts'
import { scopeOf } from '../street/scope.ts'
import type { View } from '../street/view.ts'
import { catalogue } from '../words/languages.ts'
import type { CliContext } from './context.ts'
import { print, printJson, remark } from './context.ts'
import type { FolderFlags } from './data-folder.ts'
import { configOf } from './data-folder.ts'
import { startProgress } from './progress.ts'
import { tellReport } from './replay.ts'
import { incidentTable, tellIncident } from './tell.ts'

export interface BgpReplayFlags extends FolderFlags {
  readonly country: string
  readonly from: string
  readonly until: string
  readonly archive?: string
  readonly collectors?: string
  readonly url?: string
  readonly cacheGb?: number
  readonly source?: string
  readonly netdata?: string
  readonly leastPeers?: number
  readonly historyHours?: number
  readonly silentAfter?: number
  readonly laboratory: boolean
  readonly json: boolean
}

/** Enough for what is usual: the median of the last day, and an hour for the first bins to settle. */
const HISTORY_HOURS = 25
const LABORATORY_PEERS = 2
/** Of an order of going dark, in the text; JSON has all. */
const LINES = 20

/** Somebody waits for it, and it is asked once: a file a second, one at a time. */
const FETCH_BUDGET = { requests: 3600, perSeconds: 3600, backfillShare: 1 }
const CACHE_GB = 20

const SOURCES = ['ris', 'routeviews', 'bgp'] as const

/** `tocsin bgp replay`: archives of routes through the whole street, with the data's clock. */
export async function bgpReplayCommand(this: CliContext, flags: BgpReplayFlags): Promise<void> {
  const countries = countriesOf(flags.country)
  const [from, until] = spanOf(flags)
  const history = (flags.historyHours ?? HISTORY_HOURS) * HOUR
  const config = configOf(this, {
    ...(flags.config === undefined ? {} : { config: flags.config }),
    ...(flags.folder === undefined ? {} : { folder: flags.folder }),
  })
  const folder = await archiveFolder(this, flags, config, { from: plus(from, -history), until })
  const progress = startProgress(this, `Counting routes of ${countries.join(', ')}`, flags.json && !this.terminal)
  const parsed = routesCase({
    folder,
    source: sourceOf(flags.source ?? (flags.archive === undefined ? 'ris' : 'bgp')),
    countries,
    from,
    until,
    history,
    networks: flags.netdata ?? netdataFolder(config.folder),
    leastPeers: flags.leastPeers ?? (flags.laboratory ? LABORATORY_PEERS : LEAST_PEERS),
    silentAfterMinutes: flags.silentAfter ?? null,
    laboratory: flags.laboratory,
  })
  const run = async (): Promise<readonly [LoadedCase, Replayed]> => {
    const read = await loadCase(parsed, AS_WRITTEN, (done) => progress.update(done * 0.8))
    const told = (done: number): void => progress.update(0.8 + done * 0.2)
    return [
      read,
      await replay(read, openMemoryStore(), { pace: 'bin-by-bin', lateness: ON_TIME, progress: told, asOf: null }),
    ]
  }
  const [loaded, replayed] = await run().finally(progress.finish)
  const { ledger, scopes, now } = replayed
  const view = replayedView(loaded, replayed)
  const incidents = ledger
    .current()
    .map(({ incident }) =>
      withNewestShares(incident, scopes.get(scopeOf(incident.entity, loaded.hierarchy))?.drafts(now) ?? []),
    )
    // What is told of lies in the span; what was before is history for the usual.
    .filter((each) => each.state !== 'retracted' && (each.end?.at ?? until) > from)
    .sort((a, b) => a.onset.at - b.onset.at || (a.id < b.id ? -1 : 1))
  const top = incidents.filter((each) => each.partOf === null)
  const words = catalogue('en').routing
  const dark = await Promise.all(
    top.map(async (incident) => ({
      incident,
      answer: await goingDarkOf(view, incident.entity, darkTimes(incident, now)),
    })),
  )
  const signs = countries.flatMap((code) => signsOf(scopes.get(code), code, from))
  if (flags.json) {
    printJson(this, {
      limits: [words.canShow, words.cannotShow],
      countries,
      origin: loaded.origin,
      from: toRfc3339(from),
      until: toRfc3339(until),
      view: viewJson(loaded.routesSeen),
      incidents: top.map((incident) => ({
        ...incidentJson(incident),
        parts: partsOf(incident, incidents).map((part) => part.id),
        goingDark:
          dark
            .find((each) => each.incident === incident)
            ?.answer?.dark.operators.map((each) => networkJson(view, each)) ?? [],
      })),
      signs,
      parts: incidents.filter(({ partOf }) => partOf !== null).map(incidentJson),
    })
    return
  }
  tellReport(this, loaded.report)
  print(this, `${words.canShow} ${words.cannotShow}`)
  if (loaded.origin === 'laboratory')
    print(this, 'These routes are of a laboratory: nobody in the world announced them.')
  for (const seen of loaded.routesSeen) tellView(this, seen)
  if (top.length === 0)
    print(
      this,
      `\nNothing opened between ${toRfc3339(from)} and ${toRfc3339(until)}. That routes stood says no more than that.`,
    )
  for (const { incident, answer } of dark) {
    print(this, `\n${incident.id}\n${tellIncident(incident, loaded.gazetteer, { kind: 'replay', end: now })}`)
    if (answer !== null) tellOrder(this, view, answer.dark.operators)
    tellParts(this, incident, incidents)
  }
  if (incidents.length > 0) print(this, `\n${incidentTable(top, loaded.gazetteer)}`)
  if (signs.length > 0) print(this, '\nSigns of their own, which open nothing:')
  for (const each of signs) {
    const until = each.until === null ? 'and was so at the end' : `until ${each.until}`
    print(
      this,
      `${each.country}: ${each.label}${each.facet === null ? '' : `, ${each.facet.replace('ip', 'IP')}`} came to ${shareText(each.worstShare)} usual from ${each.from}, ${until}`,
    )
  }
}

interface Sign {
  readonly country: string
  readonly signal: string
  readonly label: string
  readonly facet: string | null
  readonly from: string
  readonly until: string | null
  readonly worstShare: number
}

/** What was off and opens nothing: IPv6 withdrawn, spikes of updates, prefixes that went. Of a country as a whole. */
function signsOf(scope: Scope | undefined, country: string, from: UnixSeconds): readonly Sign[] {
  const own = (scope?.standings() ?? []).filter(({ entity, rule }) => entity === `country:${country}` && !rule.opens)
  return own
    .flatMap(({ spec, facet, spans }) =>
      spans
        .filter((span) => (span.end?.at ?? Infinity) > from)
        .map((span) => ({
          country,
          signal: spec.signal,
          label: spec.label,
          facet,
          from: toRfc3339(span.onset.at),
          until: span.end === null ? null : toRfc3339(span.end.at),
          worstShare: span.troughShare,
        })),
    )
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.label < b.label ? -1 : 1))
}

function shareText(share: number): string {
  if (share >= 2) return `${share < 10 ? share.toFixed(1) : Math.round(share)} times`
  return share < 0.01 ? 'less than 1 % of' : `${Math.round(share * 100)} % of`
}

/** What is part of it, and of its parts: an AS is part of its operator's incident, which is part of the country's. */
function partsOf(incident: Incident, incidents: readonly Incident[]): readonly Incident[] {
  const own = incidents.filter(({ partOf }) => partOf === incident.id)
  return [...own, ...own.flatMap((part) => partsOf(part, incidents))]
}

/** Where the files lie: the folder that was named, or the cache into which they are brought first. */
async function archiveFolder(
  context: CliContext,
  flags: BgpReplayFlags,
  config: Config,
  span: { readonly from: UnixSeconds; readonly until: UnixSeconds },
): Promise<string> {
  if (flags.archive !== undefined && flags.collectors !== undefined)
    throw new UsageError('--archive names files that are here, --collectors files that are fetched: give one of them')
  if (flags.archive !== undefined) return flags.archive
  if (flags.collectors === undefined)
    throw new UsageError(
      'whose routes? Give --archive FOLDER for MRT files that are here, or --source ris --collectors rrc00,rrc01 to fetch them',
    )
  const layout = sourceOf(flags.source ?? 'ris')
  if (layout === 'bgp') throw new UsageError('--source bgp has no archive to fetch from; give ris or routeviews')
  const folder = join(config.folder, 'cache', layout)
  const stop = new AbortController()
  void context.stopped().then(() => stop.abort())
  const progress = startProgress(context, `Fetching archives of ${flags.collectors}`, flags.json && !context.terminal)
  const lost = await fetchSpan(
    {
      layout,
      baseUrl: flags.url ?? ARCHIVE_DEFAULTS[layout].baseUrl,
      collectors: flags.collectors.split(',').map((each) => each.trim()),
      span,
      disk: createArchiveDisk(folder, (flags.cacheGb ?? CACHE_GB) * 1e9),
      budget: FETCH_BUDGET,
      version: context.version,
      contact: config.collect.contact,
      progress: progress.update,
    },
    {
      clock: context.clock,
      random: context.random,
      fetch: context.fetch,
      signal: stop.signal,
      progress: { covered: () => [] },
      focus: () => [],
    },
  ).finally(progress.finish)
  for (const { url, reason } of lost.slice(0, LINES)) remark(context, `note: ${url} did not come: ${reason}`)
  if (lost.length > LINES) remark(context, `note: nor did ${lost.length - LINES} more`)
  return folder
}

function tellParts(context: CliContext, incident: Incident, incidents: readonly Incident[]): void {
  const parts = partsOf(incident, incidents)
  if (parts.length > 0)
    print(context, `\nParts of it with incidents of their own: ${parts.map(({ id }) => id).join(', ')}`)
}

/** How many voted, and who did not. */
function tellView(context: CliContext, seen: RoutesView): void {
  const range = (votes: readonly [number, number] | null): string =>
    votes === null ? 'none' : votes[0] === votes[1] ? `${votes[0]}` : `${votes[0]} to ${votes[1]}`
  print(
    context,
    `${seen.bins} bins of 5 minutes from ${seen.files.length} files; peer networks that voted: ${range(seen.voting4)} (IPv4), ${range(seen.voting6)} (IPv6).`,
  )
  for (const { peer, reason, bins } of seen.notVoting.slice(0, LINES))
    remark(context, `note: ${peer} did not vote in ${bins} bin${bins === 1 ? '' : 's'}: ${reason}`)
}

function tellOrder(context: CliContext, view: View, networks: readonly DarkNetwork[]): void {
  const dark = networks.filter(({ losses }) => losses.length > 0)
  if (dark.length === 0) return
  print(context, '\nThe order of going dark:')
  const table = new Table({
    head: ['network', 'family', 'first lost', '9 of 10 gone', 'blocks lost', 'first back', '9 of 10 back'],
    style: { head: [], border: [] },
  })
  for (const network of dark.slice(0, LINES)) {
    for (const loss of network.losses) {
      table.push([
        nameOf(view, network),
        loss.family === 'ipv4' ? 'IPv4' : 'IPv6',
        timeOf(loss.firstLost),
        timeOf(loss.mostLost),
        `${loss.blocksLost.toLocaleString('en')}${loss.blocksBefore === null ? '' : ` of ${loss.blocksBefore.toLocaleString('en')}`}`,
        timeOf(loss.firstBack),
        timeOf(loss.mostBack),
      ])
    }
  }
  print(context, table.toString())
  if (dark.length > LINES) print(context, `and ${dark.length - LINES} more; --json has them all`)
}

function nameOf(view: View, { entity, asns }: DarkNetwork): string {
  if (entity === null) return 'a set of several AS'
  const name = view.gazetteer.name(entity, 'en')
  return asns.length === 1 && !entity.startsWith('as:') ? `${name} (AS${asns[0]})` : name
}

function timeOf(at: UnixSeconds | null): string {
  return at === null ? '' : toRfc3339(at)
}

function networkJson(view: View, network: DarkNetwork): object {
  return {
    entity: network.entity,
    name: nameOf(view, network),
    asns: network.asns,
    losses: network.losses.map(lossJson),
  }
}

function lossJson(loss: Loss): object {
  const text = (at: UnixSeconds | null): string | null => (at === null ? null : toRfc3339(at))
  return {
    ...loss,
    firstLost: text(loss.firstLost),
    firstLostBin: text(loss.firstLostBin),
    mostLost: text(loss.mostLost),
    firstBack: text(loss.firstBack),
    mostBack: text(loss.mostBack),
  }
}

function viewJson(seen: readonly RoutesView[]): object {
  return seen.map(({ bins, voting4, voting6, notVoting, files, asesLeftOut }) => ({
    bins,
    voting4,
    voting6,
    notVoting,
    files: files.map(({ path, failure, counts }) => ({
      path,
      failure,
      records: counts.records,
      broken: counts.broken,
      truncatedAt: counts.truncatedAt,
    })),
    asesLeftOut,
  }))
}

function countriesOf(text: string): readonly string[] {
  const codes = text.split(',').map((each) => each.trim().toUpperCase())
  const wrong = codes.find((each) => !isCountryCode(each))
  if (wrong !== undefined)
    throw new UsageError(`--country ${text}: "${wrong}" is no country; give codes of ISO 3166-1, such as KZ or KZ,BY`)
  return codes
}

function spanOf(flags: Pick<BgpReplayFlags, 'from' | 'until'>): readonly [UnixSeconds, UnixSeconds] {
  const from = instant('from', flags.from)
  const until = instant('until', flags.until)
  if (until <= from) throw new UsageError(`--until ${flags.until} is not after --from ${flags.from}`)
  return [from, until]
}

function instant(flag: string, text: string): UnixSeconds {
  const at = parseRfc3339(text)
  if (at === null)
    throw new UsageError(`--${flag} ${text}: not an instant; give RFC 3339, such as 2026-01-08T16:30:00Z`)
  return at
}

function sourceOf(text: string): (typeof SOURCES)[number] {
  const source = SOURCES.find((each) => each === text)
  if (source === undefined) throw new UsageError(`--source ${text}: whose archive it is, one of ${SOURCES.join(', ')}`)
  return source
}

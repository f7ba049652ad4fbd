import { basename, dirname } from 'node:path'
import { readArchiveName } from '../collect/bgp/archive/names.ts'
import { countFiles, lookInto, type FoundFile, type ReadFile } from '../collect/bgp/count-files.ts'
import { operatorNetworks } from '../collect/bgp/table/no-networks.ts'
import { createRouteTable, type RouteTable, type TableBin } from '../collect/bgp/table/route-table.ts'
import type { UnixSeconds } from '../model/brand.ts'
import { parseEntityId } from '../model/entity.ts'
import { TocsinError, UsageError } from '../model/errors.ts'
import { parseRfc3339 } from '../model/time.ts'
import type { NetworkMap } from '../netdata/networks/network-map.ts'
import { countLines, restsOnLines, type CountForm } from './bgp-count-lines.ts'
import type { CliContext } from './context.ts'
import { remark } from './context.ts'
import { openTextOutput } from './text-output.ts'

export interface BgpCountFlags {
  readonly entity?: string
  readonly country?: string
  readonly bin?: string
  readonly leastPeers?: number
  readonly silentAfter?: number
  readonly netdata?: string
  readonly top?: number
  readonly csv: boolean
  readonly json: boolean
}

/** As of all archives of the world. */
const LEAST_PEERS = 10
/** Lines of a table for people, unless asked otherwise. */
const TOP = 30

/** `tocsin bgp count FILE…`: what each country, operator, access group and AS announced, bin by bin. */
export async function bgpCountCommand(this: CliContext, flags: BgpCountFlags, ...paths: string[]): Promise<void> {
  if (flags.csv && flags.json) throw new UsageError('--csv and --json exclude each other')
  if (paths.length === 0) throw new UsageError('name one or more files: RIBs, updates, of one or several collectors')
  const wanted = wantedOf(flags)
  const only = binOf(flags.bin)
  const files: FoundFile[] = []
  for (const path of paths) files.push(await look(path, files.length))
  const hasRib = files.some(({ kind }) => kind === 'rib')
  const networks = await networksOf(flags.netdata, Math.min(...files.map(({ at }) => at)) as UnixSeconds)
  const table = createRouteTable({
    networks,
    leastPeers: flags.leastPeers ?? LEAST_PEERS,
    ases: wanted.ases(networks),
    messagesOf: hasRib ? 'voters' : 'speakers',
    expectedPrefixes: expectedIn(files),
    ...(flags.silentAfter === undefined ? {} : { silentAfter: flags.silentAfter * 60 }),
  })
  const form: CountForm = flags.json ? 'json' : flags.csv ? 'csv' : 'table'
  const out = openTextOutput(this)
  const read: ReadFile[] = []
  let newest: TableBin | null = null
  let isAny = false
  let written = 0
  const write = (bin: TableBin): void => {
    const lines = countLines(bin, form, {
      wanted: (entity) => wanted.entity(entity, networks),
      head: written === 0,
      top: flags.top ?? TOP,
    })
    for (const line of lines) out.write(`${line}\n`)
    written += 1
  }
  for await (const bin of countFiles(files, table, (file) => read.push(file))) {
    if (only !== null && bin !== only) continue
    // Columns of a table for people are made once, of its newest bin; of the one that is wanted, while it is there.
    if (form !== 'table') write(table.counts())
    else if (only !== null) newest = table.counts()
    else isAny = true
    await out.drained()
  }
  if (isAny) newest = table.counts()
  if (newest !== null) {
    write(newest)
    for (const line of restsOnLines(table)) out.write(`${line}\n`)
  }
  await out.finish()
  tell(this, read, hasRib, table, flags.leastPeers ?? LEAST_PEERS)
  if (written === 0)
    throw new TocsinError(`there is no bin ${flags.bin ?? ''} in these files; without --bin all are counted`)
}

/** Bytes of an archive, packed or not, in which there is a prefix more; and what no table of the world exceeds. */
const BYTES_A_PREFIX = { packed: 200, raw: 600 }
const MOST_PREFIXES = 1_000_000
/** Of a hundred prefixes of the world so many are of IPv6. */
const IPV6_SHARE = 0.25

/** A guess from the largest file, too low rather than too high: room that is not used costs the cache. */
function expectedIn(files: readonly FoundFile[]): { readonly 4: number; readonly 6: number } {
  const guesses = files.map(({ bytes, isPacked }) => bytes / (isPacked ? BYTES_A_PREFIX.packed : BYTES_A_PREFIX.raw))
  const guess = Math.min(Math.max(...guesses), MOST_PREFIXES)
  return { 4: Math.floor(guess), 6: Math.floor(guess * IPV6_SHARE) }
}

async function look(path: string, number: number): Promise<FoundFile> {
  let found: FoundFile | string
  try {
    found = await lookInto(path, collectorOf(path), number)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder; name files' : message
    throw new TocsinError(`cannot read ${path}: ${why}`, { cause: error })
  }
  if (typeof found === 'string') throw new TocsinError(`cannot count ${path}: ${found}`)
  return found
}

/** `rrc00/2022.01/bview.20220105.0800.gz`, `route-views.sydney.rib.20220105.0800.bz2`; else all files are of one. */
function collectorOf(path: string): string {
  const prefix = readArchiveName(basename(path))?.prefix
  if (prefix !== undefined && prefix !== null) return prefix
  const folder = dirname(path)
    .split(/[/\\]/)
    .findLast((part) => /^(?:rrc\d+|route-views.*)$/.test(part))
  return folder ?? ''
}

async function networksOf(folder: string | undefined, at: UnixSeconds): Promise<NetworkMap> {
  const { loadOperators } = await import('../netdata/operators.ts')
  const operators = loadOperators()
  if (folder !== undefined) {
    const { readNetworkMap } = await import('../collect/netdata/folder.ts')
    return readNetworkMap(folder, at, operators)
  }
  return operatorNetworks(operators)
}

interface Wanted {
  entity(entity: string, networks: NetworkMap): boolean
  ases(networks: NetworkMap): 'all' | ((asn: number) => boolean)
}

function wantedOf({ entity, country }: BgpCountFlags): Wanted {
  const entities = entity?.split(',')
  for (const id of entities ?? [])
    if (parseEntityId(id) === null)
      throw new UsageError(
        `"${id}" is no entity; ids are such as country:KZ, operator:KZ.kcell, access:KZ.mobile, as:9198`,
      )
  const countries = country?.split(',')
  for (const code of countries ?? [])
    if (!/^[A-Z]{2}$/.test(code)) throw new UsageError(`"${code}" is no country: two capital letters of ISO 3166-1`)
  if (entities === undefined && countries === undefined) return { entity: () => true, ases: () => 'all' }
  const named = new Set(entities)
  const within = new Set(countries)
  const isAsOf = (asn: number, networks: NetworkMap): boolean => within.has(networks.as(asn).country ?? '')
  return {
    entity(id, networks) {
      if (named.has(id)) return true
      if (id.startsWith('as:')) return isAsOf(Number(id.slice(3)), networks)
      return within.has(id.slice(id.indexOf(':') + 1, id.indexOf(':') + 3))
    },
    ases: (networks) => (asn) => named.has(`as:${asn}`) || isAsOf(asn, networks),
  }
}

function binOf(given: string | undefined): number | null {
  if (given === undefined) return null
  const at = parseRfc3339(given)
  if (at === null || at % 300 !== 0)
    throw new UsageError(`"${given}" is no beginning of a bin: RFC 3339 on five minutes, such as 2022-01-05T10:45:00Z`)
  return at
}

/** What the counts do not rest on, and what could not be read. */
function tell(
  context: CliContext,
  read: readonly ReadFile[],
  hasRib: boolean,
  table: RouteTable,
  leastPeers: number,
): void {
  if (!hasRib)
    remark(
      context,
      'No RIB among these files: who has a full table is not known, and so not what is visible. Updates and withdrawals ' +
        'are means over the peer ASes that said something within the bin.',
    )
  else
    for (const family of [4, 6] as const) {
      const voting = table.parts[family].visibility.voters.length
      const known = table.standing(family).length
      if (known > 0 && voting < leastPeers)
        remark(
          context,
          `IPv${family}: ${voting} peer ASes vote at the end, ${leastPeers} are wanted: nothing is said. --least-peers takes fewer`,
        )
    }
  for (const { path, failure, counts } of read) {
    if (failure !== null) remark(context, `${path}: ${failure}`)
    if (counts.truncatedAt !== null) remark(context, `${path} ends within a record, at byte ${counts.truncatedAt}`)
    if (counts.broken > 0) remark(context, `${path}: ${counts.broken} records could not be read`)
    if (failure !== null || counts.truncatedAt !== null) context.process.exitCode = 1
  }
}

import { viewHealth } from '../collect/bgp/table/health.ts'
import { lonelyRoutes, originRemarks } from '../collect/bgp/table/listing.ts'
import type { RouteTable, TableBin } from '../collect/bgp/table/route-table.ts'
import { toRfc3339 } from '../model/time.ts'

export type CountForm = 'json' | 'csv' | 'table'

export interface CountChoice {
  wanted(entity: string): boolean
  /** The first lines of an output: with a head, where the form has one. */
  readonly head: boolean
  /** Most lines of a table for people. */
  readonly top: number
}

/** A peer is told of when more than one in so many of its routes is its own alone. */
const STALE_SHARE = 100

/** Columns as they are named in CSV and JSON. */
const COLUMNS = [
  'slash24s',
  'slash48s',
  'prefixes4',
  'prefixes6',
  'updates4',
  'updates6',
  'withdrawals4',
  'withdrawals6',
] as const

/**
 * The counts of a bin, a line for each entity; every line has the number of peer ASes that it rests on. `null` in JSON,
 * nothing in CSV, `–` in a table: too few vote to say.
 */
export function countLines(bin: TableBin, form: CountForm, choice: CountChoice): string[] {
  const rows: number[] = []
  for (let row = 0; row < bin.entities.length; row += 1) if (choice.wanted(bin.entities[row]!)) rows.push(row)
  switch (form) {
    case 'json':
      return rows.map((row) => jsonLine(bin, row))
    case 'csv':
      return [
        ...(choice.head ? [`bin,entity,voting4,voting6,messages_of4,messages_of6,${COLUMNS.join(',')}`] : []),
        ...rows.map((row) => csvLine(bin, row)),
      ]
    case 'table':
      return tableLines(bin, rows, choice.top)
  }
}

/** What must be known of the last bin beside its counts: several and changed origins, stale peers, silent collectors. */
export function restsOnLines(table: RouteTable): string[] {
  const lines: string[] = []
  for (const family of [4, 6] as const) {
    const { several, changed, visible } = originRemarks(table, family)
    if (visible > 0)
      lines.push(
        `IPv${family}: ${visible} visible prefixes; ${several} with several origins, counted for the one that most peers see; ` +
          `${changed} with another origin than at first (leases, scrubbing centres, hijacks)`,
      )
  }
  for (const { peer, family, routes, alone } of lonelyRoutes(table))
    if (alone * STALE_SHARE > routes)
      lines.push(`${peer}, IPv${family}: carries ${alone} of ${routes} prefixes alone, and is outvoted there`)
  for (const collector of viewHealth(table).silentCollectors)
    lines.push(`collector ${collector === '' ? 'of these files' : collector}: silent, none of its sessions votes`)
  return lines.length === 0 ? [] : ['', ...lines]
}

function jsonLine(bin: TableBin, row: number): string {
  const counts: Record<string, number | null> = {}
  for (const column of COLUMNS) {
    const count = bin[column][row]!
    counts[column] = Number.isNaN(count) ? null : count
  }
  const { voting4, voting6, messagesOf4, messagesOf6 } = bin
  const peers = { voting4, voting6, messagesOf4, messagesOf6 }
  return JSON.stringify({ bin: toRfc3339(bin.bin), entity: bin.entities[row], ...peers, ...counts })
}

function csvLine(bin: TableBin, row: number): string {
  const { voting4, voting6, messagesOf4, messagesOf6 } = bin
  const counts = COLUMNS.map((column) => (Number.isNaN(bin[column][row]!) ? '' : String(bin[column][row]!)))
  const peers = [voting4, voting6, messagesOf4, messagesOf6].join(',')
  return `${toRfc3339(bin.bin)},${bin.entities[row]},${peers},${counts.join(',')}`
}

/** Countries first, then operators and their groups, then ASes; within these who has most. */
const ORDER = ['country', 'operator', 'access', 'as']

function tableLines(bin: TableBin, rows: readonly number[], top: number): string[] {
  const kind = (row: number): number => ORDER.indexOf(bin.entities[row]!.slice(0, bin.entities[row]!.indexOf(':')))
  const of = (row: number, columns: readonly (keyof TableBin)[]): number =>
    columns.reduce((sum, column) => sum + ((bin[column] as Float64Array)[row]! || 0), 0)
  const weight = (row: number): number => of(row, ['slash24s', 'prefixes6'])
  const messages = (row: number): number => of(row, ['updates4', 'updates6', 'withdrawals4', 'withdrawals6'])
  // Ranked by one number: sixty thousand ASes are compared often.
  const rank = new Float64Array(bin.entities.length)
  for (const row of rows)
    rank[row] = (ORDER.length - kind(row)) * 1e18 + weight(row) * 1e6 + Math.min(messages(row), 9e5)
  const order = highest(rows, rank, top).sort((a, b) => rank[b]! - rank[a]! || a - b)
  const heads = ['entity', '/24', '/48', 'prefixes v4', 'v6', 'updates v4', 'v6', 'withdrawn v4', 'v6']
  const shown = order.slice(0, top)
  const cells = shown.map((row) => [bin.entities[row]!, ...COLUMNS.map((column) => countText(bin[column][row]!))])
  const widths = heads.map((head, index) => Math.max(head.length, ...cells.map((line) => line[index]!.length)))
  const line = (texts: readonly string[]): string =>
    texts.map((text, index) => (index === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[index]!))).join('  ')
  const left = rows.length - shown.length
  return [
    `${toRfc3339(bin.bin)}, five minutes. ${peersText(bin)}`,
    '',
    line(heads),
    ...cells.map(line),
    ...(left > 0
      ? ['', `${left} more: --top, --entity or --country; --csv and --json give all bins and all of them`]
      : []),
  ]
}

/** The rows of the `top` highest ranks, and those that equal the last of them: all others need not be put in order. */
function highest(rows: readonly number[], rank: Float64Array, top: number): number[] {
  if (rows.length <= top) return [...rows]
  const ranks = Float64Array.from(rows, (row) => rank[row]!).sort()
  const least = ranks[ranks.length - Math.max(top, 1)]!
  return rows.filter((row) => rank[row]! >= least)
}

function peersText({ voting4, voting6, messagesOf4, messagesOf6, notVoting }: TableBin): string {
  const reasons = new Map<string, number>()
  for (const { reason } of notVoting) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  const why = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ')
  const speaking =
    voting4 === messagesOf4 && voting6 === messagesOf6
      ? ''
      : ` Messages are means over ${messagesOf4} peer ASes for IPv4, ${messagesOf6} for IPv6.`
  return `Voting peer ASes: ${voting4} for IPv4, ${voting6} for IPv6${why === '' ? '' : ` (sessions that do not vote: ${why})`}.${speaking}`
}

function countText(count: number): string {
  if (Number.isNaN(count)) return '–'
  // By hand: what Node needs to load for `toLocaleString` takes longer than counting a small file.
  const whole = count < 10 ? String(Math.round(count * 100) / 100) : Math.round(count).toFixed(0)
  return whole.replace(/\B(?=(?:\d{3})+$)/g, count < 10 ? '' : ',')
}

/**
 * What happens in the small laboratory of daemons.test.ts, five minutes at a time. Six sessions of five peer ASes with
 * the same table: Kazakhstan's real operators as labels of invented prefixes, and an elsewhere that goes on. 64500 has
 * two sessions.
 */
export const SESSIONS = [
  { name: 'A1', asn: 64_500, address: '127.0.2.1' },
  { name: 'A2', asn: 64_500, address: '127.0.2.2' },
  { name: 'B', asn: 64_501, address: '127.0.2.3' },
  { name: 'C', asn: 64_502, address: '127.0.2.4' },
  { name: 'D', asn: 64_503, address: '127.0.2.5' },
  { name: 'E', asn: 64_504, address: '127.0.2.6' },
] as const

export type SessionName = (typeof SESSIONS)[number]['name']

export const ALL = SESSIONS.map(({ name }) => name)

const ELSEWHERE = 421_000
/** By which every session is heard in every bin. */
const BEACON = '3.0.0.0/24'

/** Prefix → AS that originates it. */
export const KAZAKHSTAN: Readonly<Record<string, number>> = {
  '2.72.0.0/22': 29_355,
  // Within the one above: no block more.
  '2.72.1.0/24': 29_355,
  // Within Kazakhtelecom's: the block is Kcell's as long as this stands.
  '5.76.200.0/24': 29_355,
  '2a00:5da0::/38': 29_355,
  '2a00:5da0:1::/48': 29_355,
  '2.134.0.0/20': 21_299,
  '5.76.0.0/16': 9198,
  '2a00:5da8::/37': 9198,
}

export const ORIGINS: Readonly<Record<string, number>> = {
  ...KAZAKHSTAN,
  ...Object.fromEntries(
    Array.from({ length: 600 }, (_, n) => [`3.${n >> 8}.${n & 255}.0/24`, ELSEWHERE + (n % 20)] as const),
  ),
  ...Object.fromEntries(
    Array.from({ length: 300 }, (_, n) => [`2a0e:${(n + 1).toString(16)}::/48`, ELSEWHERE + (n % 20)] as const),
  ),
}

export const DELEGATED = [
  '2|ripencc|20240310|1|20120101|20240310|+0000',
  'ripencc|*|asn|*|1|summary',
  `ripencc|UZ|asn|${ELSEWHERE}|20|20120101|allocated|elsewhere`,
].join('\n')

/** Seconds within the bin; the path is told by the number of its version. */
export type Action =
  | { readonly at: number; readonly kind: 'up'; readonly of: readonly SessionName[] }
  | { readonly at: number; readonly kind: 'cease' | 'abort'; readonly of: readonly SessionName[] }
  | {
      readonly at: number
      readonly kind: 'announce'
      readonly of: readonly SessionName[]
      readonly prefixes: readonly string[]
      readonly path: number
    }
  | {
      readonly at: number
      readonly kind: 'withdraw'
      readonly of: readonly SessionName[]
      readonly prefixes: readonly string[]
    }

export interface Step {
  readonly name: string
  readonly actions: readonly Action[]
}

const without = (...names: readonly SessionName[]): readonly SessionName[] =>
  ALL.filter((name) => !names.includes(name))
const country = Object.keys(KAZAKHSTAN)

function beacon(of: readonly SessionName[], path: number): Action {
  return { at: 200, kind: 'announce', of, prefixes: [BEACON], path }
}

/** A bin each. */
export const STEPS: readonly Step[] = [
  { name: 'all tables are announced', actions: [{ at: 10, kind: 'up', of: ALL }] },
  {
    name: 'Kcell takes another way; Beeline is announced again as it stands',
    actions: [
      { at: 30, kind: 'announce', of: ALL, prefixes: ['2.72.0.0/22'], path: 1 },
      { at: 31, kind: 'announce', of: ['B', 'C'], prefixes: ['2a00:5da0::/38'], path: 1 },
      { at: 40, kind: 'announce', of: ALL, prefixes: ['2.134.0.0/20'], path: 0 },
      beacon(ALL, 1),
    ],
  },
  { name: 'C ends with a Cease', actions: [{ at: 60, kind: 'cease', of: ['C'] }, beacon(without('C'), 2)] },
  { name: 'C is away', actions: [beacon(without('C'), 3)] },
  { name: 'C comes back with its whole table', actions: [{ at: 60, kind: 'up', of: ['C'] }, beacon(ALL, 4)] },
  { name: 'D is cut off', actions: [beacon(ALL, 5), { at: 250, kind: 'abort', of: ['D'] }] },
  { name: 'D comes back with its whole table', actions: [{ at: 30, kind: 'up', of: ['D'] }, beacon(ALL, 6)] },
  {
    name: 'everybody but E withdraws Kazakhstan',
    actions: [{ at: 100, kind: 'withdraw', of: without('E'), prefixes: country }, beacon(ALL, 7)],
  },
  { name: 'Kazakhstan is dark, and E keeps stale routes', actions: [beacon(ALL, 8)] },
  {
    name: 'Kazakhstan returns',
    actions: [{ at: 100, kind: 'announce', of: without('E'), prefixes: country, path: 0 }, beacon(ALL, 9)],
  },
  {
    name: 'Kcell withdraws a block that Kazakhtelecom covers',
    actions: [{ at: 100, kind: 'withdraw', of: ALL, prefixes: ['5.76.200.0/24'] }, beacon(ALL, 10)],
  },
  {
    name: 'two peers and one of two sessions of another lose Beeline: three of five still see it',
    actions: [{ at: 100, kind: 'withdraw', of: ['A1', 'B', 'C'], prefixes: ['2.134.0.0/20'] }, beacon(ALL, 11)],
  },
  {
    name: 'the other session of that peer loses it too: two of five',
    actions: [{ at: 100, kind: 'withdraw', of: ['A2'], prefixes: ['2.134.0.0/20'] }, beacon(ALL, 12)],
  },
]

/** What of the script an archive lets us know: it depends on what it tells of ends of sessions and of tables. */
export interface Witness {
  /** Bins at whose end not all five peer AS vote: those who do. */
  readonly voting: Readonly<Record<number, readonly number[]>>
  /** Bins in which messages of peer AS count for nothing although they vote at its end: their tables came until then. */
  readonly unheard: Readonly<Record<number, readonly number[]>>
}

const ASNS = [...new Set(SESSIONS.map(({ asn }) => asn))]
export const votersAt = (witness: Witness, bin: number): readonly number[] => witness.voting[bin] ?? ASNS

const missing = (...names: readonly SessionName[]): readonly number[] =>
  ASNS.filter((asn) => !SESSIONS.some((session) => session.asn === asn && (names as string[]).includes(session.name)))

/** After these seconds of silence a session does not vote. */
export const SILENT_AFTER = 500

export const WITNESSES = {
  // The Cease is written down. A reset is written of 0.0.0.0, so nobody knows whose it was until D comes up again.
  birdWithStates: { voting: { 2: missing('C'), 3: missing('C') }, unheard: {} },
  // C's silence is noticed after SILENT_AFTER.
  birdWithoutStates: { voting: { 3: missing('C') }, unheard: {} },
  // No states and no End-of-RIB: a table is complete at the end of the first quiet bin in which it is full.
  gobgp: {
    voting: { 0: [], 3: missing('C'), 4: missing('C'), 6: missing('D') },
    unheard: { 1: ASNS, 5: [64_502], 7: [64_503] },
  },
} as const satisfies Record<string, Witness>

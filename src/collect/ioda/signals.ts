import type { Seconds, SignalId, SourceId } from '../../model/brand.ts'
import type { Licence, SignalSpec } from '../../model/signal.ts'
import { HOUR, MINUTE } from '../../model/time.ts'

const IODA = 'ioda' as SourceId

/** IODA states no licence for its data; its software is for non-commercial use. So: not to be passed on for sale. */
const LICENCE: Licence = {
  class: 'non-commercial',
  name: 'IODA, not stated; treated as non-commercial',
  url: 'https://ioda.inetintel.cc.gatech.edu/',
}

const CITATION = 'IODA, Internet Intelligence Lab, Georgia Institute of Technology'

const COMMON = {
  source: IODA,
  badDirection: 'down',
  windowNormalised: false,
  witness: 'none',
  licence: LICENCE,
  citation: CITATION,
} as const

const minutes = (count: number): Seconds => (count * MINUTE) as Seconds

/**
 * The signals of IODA's dashboard exports, with their native steps. Delays are our own cautious reading: the newest bins are partial and
 * rise for some minutes. Sources: IODA help page; API data-source names `bgp`, `ping-slash24`, `merit-nt`, `gtr`, `mozilla`.
 */
export const IODA_SIGNALS: readonly SignalSpec[] = [
  {
    ...COMMON,
    signal: 'bgp.visible_slash24s' as SignalId,
    label: 'BGP (# visible /24s)',
    plane: 'routing',
    unit: '/24 blocks',
    step: minutes(5),
    delay: minutes(10),
    seasonality: 'none',
    quantum: 1,
    zeroIsOmitted: false,
    // IODA counts what RIS and RouteViews see, as Tocsin's own routing plane does: one witness, not two.
    group: 'routing',
  },
  {
    ...COMMON,
    signal: 'ping.up_slash24s' as SignalId,
    label: 'Active probing (# /24s up)',
    plane: 'reachability',
    unit: '/24 blocks',
    step: minutes(10),
    delay: minutes(15),
    seasonality: 'daily',
    quantum: 1,
    zeroIsOmitted: false,
    group: 'ioda/ping',
  },
  {
    ...COMMON,
    signal: 'telescope.unique_ips' as SignalId,
    label: 'Telescope (# unique source IPs)',
    plane: 'traffic',
    unit: 'source addresses',
    step: minutes(5),
    delay: minutes(15),
    seasonality: 'weekly',
    quantum: 1,
    // A network telescope counts what arrives: no packet, no row.
    zeroIsOmitted: true,
    group: 'ioda/telescope',
  },
  {
    ...COMMON,
    signal: 'google.search_traffic' as SignalId,
    label: 'Google (Search)',
    plane: 'application',
    unit: 'share of Google Search traffic, scaled',
    step: minutes(30),
    delay: minutes(30),
    seasonality: 'weekly',
    quantum: 0,
    zeroIsOmitted: false,
    group: 'google/transparency-report',
  },
  {
    ...COMMON,
    signal: 'mozilla.city_count' as SignalId,
    label: 'Mozilla (city count)',
    plane: 'application',
    unit: 'cities with Firefox telemetry',
    step: HOUR,
    delay: minutes(60),
    seasonality: 'weekly',
    quantum: 1,
    zeroIsOmitted: false,
    group: 'mozilla/telemetry',
  },
]

/** Latency and loss of the probes that `ping.up_slash24s` counts: worth a look of their own, but no second witness. */
const PING_QUALITY: readonly SignalSpec[] = [
  {
    ...COMMON,
    signal: 'ping.latency_ms' as SignalId,
    label: 'Active probing latency (ms)',
    plane: 'reachability',
    unit: 'ms',
    step: minutes(10),
    delay: minutes(15),
    badDirection: 'up',
    seasonality: 'daily',
    quantum: 0,
    zeroIsOmitted: false,
    group: 'ioda/ping',
  },
  {
    ...COMMON,
    signal: 'ping.loss_share' as SignalId,
    label: 'Active probing loss (share of probes)',
    plane: 'reachability',
    unit: 'share of probes lost',
    step: minutes(10),
    delay: minutes(15),
    badDirection: 'up',
    seasonality: 'daily',
    quantum: 0,
    zeroIsOmitted: false,
    group: 'ioda/ping',
  },
]

/** What is asked for around the clock. The API does not give Mozilla's counts, and dashboard exports no latency and loss. */
export const IODA_LIVE_SIGNALS: readonly SignalSpec[] = [
  ...IODA_SIGNALS.filter(({ signal }) => signal !== 'mozilla.city_count'),
  ...PING_QUALITY,
]

/**
 * Which signal a column of IODA's dashboard export holds, by the column's title; the wording of counts varies
 * (`BGP (#Visible /24s)`, `BGP (# Visible /24s)`), the first word does not.
 */
export function iodaSignalOfColumn(title: string): SignalSpec | null {
  const name = title.toLowerCase()
  const starts: readonly (readonly [string, string])[] = [
    // Other products (Gmail, Maps) are columns of their own, and other signals.
    ['google (search', 'google.search_traffic'],
    ['telescope', 'telescope.unique_ips'],
    ['merit', 'telescope.unique_ips'],
    ['bgp', 'bgp.visible_slash24s'],
    ['active probing', 'ping.up_slash24s'],
    ['mozilla', 'mozilla.city_count'],
  ]
  const found = starts.find(([start]) => name.startsWith(start))
  if (found === undefined || /latency|loss/.test(name)) return null
  return IODA_SIGNALS.find((spec) => spec.signal === found[1]) ?? null
}

import type { Seconds, Share } from '../model/brand.ts'
import type { EntityKind } from '../model/entity.ts'
import { isNetwork } from '../model/entity.ts'
import type { SignalKey, SignalSpec } from '../model/signal.ts'
import { signalKey } from '../model/signal.ts'
import { HOUR, MINUTE } from '../model/time.ts'

/** Version of everything in src/detect and src/correlate that can change an answer. Stands on every revision. */
export const RULE_VERSION = '2026.11-3'

/**
 * When one signal of one source is off, and when it is back. All shares are of usual.
 * A bin is bad when it is beyond `open` **and** `openSpreads` robust standard deviations from usual.
 */
export interface DetectionRule {
  /** Beyond this a bin is bad: below it where falling is bad, above it where rising is. */
  readonly open: Share
  /** A bin is good again on this side. Between the two nothing opens and nothing closes: hysteresis. */
  readonly close: Share
  /** Distance from usual, in spreads, that a bad bin has at least. */
  readonly openSpreads: number
  /** Bad bins must add up to this long, and be two at least, before a span opens; the onset is not moved by it. */
  readonly openAfter: Seconds
  /** Good bins must last this long, and be two at least, before a span closes; the end is not moved by it. */
  readonly closeAfter: Seconds
  /** Spread is never taken to be smaller than this share of usual. */
  readonly spreadFloor: number
  /** Below this usual value, in the signal's unit, nothing is judged. Off for series normalised to a window. */
  readonly minUsual: number
  /** An observation that rests on less than this is read as a gap; `null` = the source does not say or it never matters. */
  readonly minWeight: number | null
  /** May it open an incident alone, or does it only join one? */
  readonly opens: boolean
  /** Chance that a span of it, deep and with a full baseline, is a real disruption of people's access. */
  readonly reliability: number
  /** Why these numbers, and where they come from. */
  readonly reason: string
}

const share = (value: number): Share => value as Share
const minutes = (count: number): Seconds => (count * MINUTE) as Seconds
const hours = (count: number): Seconds => (count * HOUR) as Seconds

const IODA_HELP = 'IODA help page, "Detection Criteria"'

/** By source and signal. A signal that is not here is judged by its plane. */
const BY_SIGNAL: Readonly<Record<string, DetectionRule>> = {
  'ioda/ping.up_slash24s': {
    open: share(0.8),
    close: share(0.85),
    openSpreads: 5,
    openAfter: minutes(20),
    closeAfter: hours(1),
    spreadFloor: 0.01,
    minUsual: 20,
    minWeight: null,
    opens: true,
    reliability: 0.8,
    reason: `Warning level 80 % and least prediction 20: ${IODA_HELP}. Dips of a tenth are common and harmless (Iran, 7 January 2026).`,
  },
  'ioda/ping.latency_ms': {
    open: share(2),
    close: share(1.5),
    openSpreads: 6,
    openAfter: hours(6),
    closeAfter: hours(3),
    spreadFloor: 0.05,
    minUsual: 1,
    minWeight: null,
    opens: true,
    reliability: 0.3,
    reason:
      'Rerouting raises latency by a third for half a day (Crimea, January 2022), a cable cut by half: only twice the usual, far out of the noise and for six hours, opens anything, as throttling does.',
  },
  'ioda/ping.loss_share': {
    open: share(3),
    close: share(2),
    openSpreads: 5,
    openAfter: hours(3),
    closeAfter: hours(3),
    spreadFloor: 0.3,
    minUsual: 0.01,
    minWeight: null,
    opens: false,
    reliability: 0.2,
    reason:
      'Joins and opens nothing: loss is small and noisy, and a few probers behind a bad path multiply it. A multiple of less than one per cent says nothing.',
  },
  'ioda/bgp.visible_slash24s': {
    open: share(0.95),
    close: share(0.97),
    openSpreads: 5,
    openAfter: minutes(10),
    closeAfter: hours(1),
    spreadFloor: 0.003,
    minUsual: 20,
    minWeight: null,
    opens: true,
    reliability: 0.55,
    reason: `IODA warns at 99 % (${IODA_HELP}), which fires on routine renumbering; 95 % is ours. BGP alone does not decide: a low reliability.`,
  },
  'ioda/telescope.unique_ips': {
    open: share(0.3),
    close: share(0.5),
    openSpreads: 4,
    openAfter: minutes(20),
    closeAfter: hours(2),
    spreadFloor: 0.08,
    minUsual: 20,
    minWeight: null,
    opens: true,
    reliability: 0.5,
    reason: `Near IODA's warning level of 25 % (${IODA_HELP}): background noise of infected and scanning hosts, which swings widely.`,
  },
  'ioda/google.search_traffic': {
    open: share(0.5),
    close: share(0.8),
    openSpreads: 5,
    openAfter: minutes(60),
    closeAfter: hours(2),
    spreadFloor: 0.04,
    minUsual: 0,
    minWeight: null,
    opens: true,
    reliability: 0.6,
    reason:
      'Half of usual for an hour: weekends and feasts move search by a third. One service: its block is not the country.',
  },
  'ioda/mozilla.city_count': {
    open: share(0.35),
    close: share(0.6),
    openSpreads: 4,
    openAfter: hours(2),
    closeAfter: hours(3),
    spreadFloor: 0.1,
    minUsual: 5,
    minWeight: null,
    opens: true,
    reliability: 0.5,
    reason:
      'A count of some tens of cities an hour, in coarse steps: only a deep and lasting fall can be told from noise.',
  },
  'monash/connectivity.index': {
    open: share(0.5),
    close: share(0.7),
    openSpreads: 3,
    openAfter: hours(2),
    closeAfter: hours(2),
    spreadFloor: 0.08,
    minUsual: 2,
    minWeight: null,
    opens: true,
    reliability: 0.6,
    reason:
      'An index in coarse steps from few pings a city: half of usual is the least that stands out (Monash IP Observatory).',
  },
  'monash/latency.index': {
    open: share(1.5),
    close: share(1.25),
    openSpreads: 5,
    openAfter: hours(6),
    closeAfter: hours(6),
    spreadFloor: 0.03,
    minUsual: 1,
    minWeight: null,
    opens: true,
    reliability: 0.3,
    reason:
      'Latency rises by a third on rerouting alone (Crimea, January 2022): only by half and more may it open anything.',
  },
  'tor/bridge.users': {
    open: share(0.35),
    close: share(0.6),
    openSpreads: 5,
    openAfter: hours(48),
    closeAfter: hours(48),
    spreadFloor: 0.15,
    minUsual: 100,
    minWeight: 25,
    opens: false,
    reliability: 0.3,
    reason:
      'Joins and opens nothing: users leave bridges when a block ends as when a network does. Daily estimates; under 100 users they are noise (Wright et al., arXiv 1507.05819); under a quarter of bridges reporting they are not estimates.',
  },
}

/** Who gives the routing plane that Tocsin counts itself: each of them is judged alike. */
const ROUTING_SOURCES = ['ris', 'routeviews', 'bgp'] as const

/** What Tocsin counts itself of BGP, by signal. */
const ROUTING: Readonly<Record<string, DetectionRule>> = {
  'bgp.visible_slash24s': {
    open: share(0.9),
    close: share(0.95),
    openSpreads: 5,
    openAfter: minutes(10),
    closeAfter: minutes(30),
    spreadFloor: 0.01,
    minUsual: 20,
    minWeight: null,
    opens: true,
    reliability: 0.55,
    reason:
      'A tenth of a country’s announced space for two bins: renumbering and one operator’s maintenance stay below. BGP alone does not decide (Iran 2026 lost 4 % of its IPv4, Kazakhstan 2022 next to none): a low reliability. A single network must lose half, for 15 minutes.',
  },
  'bgp.visible_slash48s': {
    open: share(0.5),
    close: share(0.8),
    openSpreads: 5,
    openAfter: minutes(10),
    closeAfter: hours(1),
    spreadFloor: 0.05,
    minUsual: 1000,
    minWeight: null,
    opens: false,
    reliability: 0.3,
    reason:
      'Joins and opens nothing: in many countries one operator’s one prefix is all of IPv6. A sign of its own: Iran withdrew 98.5 % of it hours before its traffic fell on 8 January 2026.',
  },
  'bgp.announced_prefixes': {
    open: share(0.8),
    close: share(0.9),
    openSpreads: 5,
    openAfter: minutes(10),
    closeAfter: hours(1),
    spreadFloor: 0.02,
    minUsual: 20,
    minWeight: null,
    opens: false,
    reliability: 0.3,
    reason:
      'Joins and opens nothing: prefixes are split and joined for traffic engineering, which takes no space away.',
  },
  'bgp.updates': {
    open: share(5),
    close: share(2),
    openSpreads: 6,
    openAfter: minutes(10),
    closeAfter: minutes(30),
    spreadFloor: 0.5,
    minUsual: 1,
    minWeight: null,
    opens: false,
    reliability: 0.2,
    reason:
      'Joins and opens nothing: a failing link or a new upstream makes routes change by the thousand. A sign of its own: Kazakhstan’s rose about 10:45 UTC on 5 January 2022 while its routes stood (Cloudflare).',
  },
  'bgp.withdrawals': {
    open: share(10),
    close: share(3),
    openSpreads: 6,
    openAfter: minutes(10),
    closeAfter: minutes(30),
    spreadFloor: 1,
    minUsual: 0.5,
    minWeight: null,
    opens: false,
    reliability: 0.2,
    reason: 'Joins and opens nothing: as updates, and rarer.',
  },
}

/** A part of a country’s network is smaller and renumbered more often: what it must lose to be told of by itself. */
const OF_A_NETWORK: Partial<DetectionRule> = { open: share(0.5), close: share(0.8), openAfter: minutes(15) }

/** For signals that the table does not name, by plane. Cautious: few signals should rest on these. */
const BY_PLANE: Readonly<Record<SignalSpec['plane'], DetectionRule>> = {
  routing: { ...rule('ioda/bgp.visible_slash24s'), minUsual: 5, reason: 'As BGP visibility by IODA.' },
  reachability: {
    ...rule('ioda/ping.up_slash24s'),
    open: share(0.7),
    spreadFloor: 0.03,
    minUsual: 5,
    reason: 'As active probing, with more room for noise.',
  },
  traffic: {
    ...rule('ioda/google.search_traffic'),
    openAfter: minutes(20),
    closeAfter: hours(1),
    minUsual: 0,
    reason: 'As Google search, sooner: traffic as a whole is steadier than one service.',
  },
  application: {
    ...rule('ioda/mozilla.city_count'),
    open: share(0.4),
    openAfter: minutes(60),
    closeAfter: hours(2),
    minUsual: 5,
    reason: 'As application telemetry.',
  },
  circumvention: {
    ...rule('tor/bridge.users'),
    minWeight: null,
    opens: false,
    reason: 'Use of circumvention follows politics as much as access: it joins an incident and opens none.',
  },
  collateral: {
    ...rule('ioda/mozilla.city_count'),
    opens: false,
    reliability: 0.2,
    reason: 'What merely suffers along joins an incident and opens none.',
  },
}

/** Where rising is bad and no rule of its own stands in the table: latency and loss. */
const RISING: DetectionRule = {
  ...rule('monash/latency.index'),
  openAfter: hours(1),
  closeAfter: hours(2),
  reason: 'As latency: a rise by half and more.',
}

function rule(key: string): DetectionRule {
  const found = BY_SIGNAL[key]
  if (found === undefined) throw new TypeError(`no detection rule ${key}`)
  return found
}

/** Never fails: a signal without a rule of its own is judged by its bad direction and plane. */
export function ruleFor(spec: SignalSpec): DetectionRule {
  const own = BY_SIGNAL[signalKey(spec)] ?? routingRule(spec)
  const found = own ?? (spec.badDirection === 'up' ? risingOf(spec.plane) : BY_PLANE[spec.plane])
  return spec.windowNormalised ? { ...found, minUsual: 0 } : found
}

/** The same for one entity: of what Tocsin counts itself of BGP, a single network must lose more than a country. */
export function ruleForEntity(spec: SignalSpec, kind: EntityKind): DetectionRule {
  const rule = ruleFor(spec)
  return isNetwork(kind) && rule.opens && routingRule(spec) !== undefined ? { ...rule, ...OF_A_NETWORK } : rule
}

function routingRule({ source, signal }: SignalSpec): DetectionRule | undefined {
  return ROUTING_SOURCES.some((each) => each === source) ? ROUTING[signal] : undefined
}

/** A plane that opens nothing when it falls opens nothing when it rises: VPN searches soar in every crisis. */
function risingOf(plane: SignalSpec['plane']): DetectionRule {
  const { opens, reliability } = BY_PLANE[plane]
  return { ...RISING, opens, reliability: Math.min(reliability, RISING.reliability) }
}

/** The rules that signals have by name, for the method page. */
export function namedRules(): readonly { readonly key: SignalKey; readonly rule: DetectionRule }[] {
  const routing = Object.entries(ROUTING).map(([signal, each]) => [`${ROUTING_SOURCES[0]}/${signal}`, each] as const)
  return [...Object.entries(BY_SIGNAL), ...routing].map(([key, each]) => ({ key: key as SignalKey, rule: each }))
}

/** Lifecycle of a series' usual, the same for all signals. Sources beside each. */
export const BASELINE = {
  /** Days of history that the usual of an hour of the week is taken from: four weeks. */
  weeks: 4,
  /** Two weeks and more: hour of the week. */
  leastWeeks: 2,
  /** From three days: hour of the day. Up to 14 days of it. */
  leastDays: 3,
  days: 14,
  /** Before that the median of the last 24 h, which a signal with a daily rhythm needs whole. */
  runningHours: 24,
  /** Spread is pooled over this many seconds to either side, on all days of the history. */
  spreadReach: HOUR,
  /** With fewer residuals than this the spread is taken from the values themselves, of which it needs some. */
  leastResiduals: 24,
  leastNeighbours: 6,
  /** Shortest slot of the rhythm: finer bins share one and are told apart by interpolation. */
  slot: (30 * MINUTE) as Seconds,
  /** How far back a late bin may be folded in without reading the whole history again. */
  rewind: (7 * 24 * HOUR) as Seconds,
  /** A span whose series has been silent this long is lost from sight; longer where a source leaves zeros out. */
  lostAfter: (7 * 24 * HOUR) as Seconds,
  lostAfterOmitted: (28 * 24 * HOUR) as Seconds,
  /** After this long off, steady and without an incident, a fall becomes the new normal (watchtower-sentry: 7 days). */
  newNormalAfter: (7 * 24 * HOUR) as Seconds,
  /** A rise needs this long: bots and scanners stay for weeks, and a usual that they lifted would make their leaving an outage. */
  newNormalAfterRise: (28 * 24 * HOUR) as Seconds,
  /** Below half of usual nothing ever becomes normal. */
  newNormalLeast: 0.5,
} as const

import type { Seconds, SignalId, SourceId } from '../../model/brand.ts'
import type { Licence, SignalSpec } from '../../model/signal.ts'
import { MINUTE } from '../../model/time.ts'

/** Whose routes they are. A folder of files and a laboratory are `bgp`: whoever recorded them is not known. */
export type RoutingSource = 'ris' | 'routeviews' | 'bgp'

/** Bins of all routing series. */
export const ROUTING_STEP = (5 * MINUTE) as Seconds

export const VISIBLE_SLASH24S = 'bgp.visible_slash24s' as SignalId
export const VISIBLE_SLASH48S = 'bgp.visible_slash48s' as SignalId
export const ANNOUNCED_PREFIXES = 'bgp.announced_prefixes' as SignalId
export const UPDATES = 'bgp.updates' as SignalId
export const WITHDRAWALS = 'bgp.withdrawals' as SignalId

/**
 * From a bin's end to when its value is normally with us. RIS publishes every 5 minutes and RouteViews every 15, each
 * some minutes later: an upstream file holds up to three bins, the first of which is the longest late. A message of RIS
 * Live is seconds old. A folder holds what is over.
 */
const ARCHIVE_DELAY: Readonly<Record<RoutingSource, Seconds>> = {
  ris: (15 * MINUTE) as Seconds,
  routeviews: (30 * MINUTE) as Seconds,
  bgp: (15 * MINUTE) as Seconds,
}

/** Of `ris` when it comes by RIS Live. */
export const RIS_LIVE_DELAY = (5 * MINUTE) as Seconds

const LICENCES: Readonly<Record<RoutingSource, Licence>> = {
  // No licence is named: terms of service, and for paid products terms that ask for logo, link and a fixed description.
  ris: {
    class: 'attribution',
    name: 'RIPE NCC terms of service; RIS Commercial Use Terms for paid products',
    url: 'https://www.ripe.net/analyse/internet-measurements/routing-information-service-ris/commercial-use/',
  },
  routeviews: { class: 'attribution', name: 'CC-BY-4.0', url: 'https://creativecommons.org/licenses/by/4.0/' },
  bgp: { class: 'unstated', name: 'not stated', url: null },
}

const CITATIONS: Readonly<Record<RoutingSource, string>> = {
  ris: 'RIPE NCC Routing Information Service (RIS)',
  routeviews: 'University of Oregon RouteViews Project',
  bgp: 'Routes from files of the operator of this observatory',
}

/** Before the name of a signal, for people. */
const NAMES: Readonly<Record<RoutingSource, string>> = { ris: 'RIS', routeviews: 'RouteViews', bgp: 'BGP' }

/**
 * The signals of one source of routes, in the order in which they are given. All rest on the same table, so that they
 * are one group, and one with each other's: RIS and RouteViews share many peers.
 *
 * @param delay seconds; another than the archive's where the same series come by another way.
 */
export function routingSignals(source: RoutingSource, delay: Seconds = ARCHIVE_DELAY[source]): readonly SignalSpec[] {
  const common = {
    source: source as SourceId,
    plane: 'routing',
    step: ROUTING_STEP,
    delay,
    seasonality: 'none',
    windowNormalised: false,
    zeroIsOmitted: false,
    group: 'routing',
    witness: 'none',
    licence: LICENCES[source],
    citation: CITATIONS[source],
  } as const
  const label = (text: string): string => `${NAMES[source]} ${text}`
  return [
    {
      ...common,
      signal: VISIBLE_SLASH24S,
      label: label('(# visible /24s)'),
      unit: '/24 blocks',
      badDirection: 'down',
      quantum: 1,
    },
    {
      ...common,
      signal: VISIBLE_SLASH48S,
      label: label('(# visible /48s)'),
      unit: '/48 blocks',
      badDirection: 'down',
      quantum: 1,
    },
    {
      ...common,
      signal: ANNOUNCED_PREFIXES,
      label: label('(# announced prefixes)'),
      unit: 'prefixes',
      badDirection: 'down',
      quantum: 1,
    },
    {
      ...common,
      signal: UPDATES,
      label: label('(route changes, mean of peers)'),
      unit: 'route changes in 5 minutes',
      badDirection: 'up',
      quantum: 0,
    },
    {
      ...common,
      signal: WITHDRAWALS,
      label: label('(routes withdrawn, mean of peers)'),
      unit: 'routes withdrawn in 5 minutes',
      badDirection: 'up',
      quantum: 0,
    },
  ]
}

import type { Explained, KnownSignal, RoutingSignal } from './catalogue.ts'

/** Inside a sentence. */
const SIGNAL_NAMES: Record<Exclude<KnownSignal, RoutingSignal>, string> = {
  'ioda/google.search_traffic': 'Google search',
  'ioda/telescope.unique_ips': 'background traffic (the network telescope)',
  'ioda/bgp.visible_slash24s': 'routing (BGP)',
  'ioda/ping.up_slash24s': 'active probing',
  'ioda/ping.latency_ms': 'the latency of probes',
  'ioda/ping.loss_share': 'the loss of probes',
  'ioda/mozilla.city_count': 'Firefox telemetry',
  'monash/connectivity.index': 'the connectivity index',
  'monash/latency.index': 'the latency index',
  'tor/bridge.users': 'the number of Tor bridge users',
}

/** Whose routes they are. */
const COLLECTORS = {
  ris: { name: 'RIPE RIS', from: 'RIPE RIS' },
  routeviews: { name: 'RouteViews', from: 'RouteViews' },
  bgp: { name: 'BGP', from: 'the route files that this observatory was given' },
} as const

type Collector = keyof typeof COLLECTORS

/** What each counts, and what it misses; `inside`: its name within a sentence. */
const ROUTING = {
  visible_slash24s: {
    name: 'Visible IPv4 blocks',
    inside: 'visible IPv4 space',
    about: (from: string) =>
      `How many blocks of 256 IPv4 addresses (/24) more than half of the full-feed peers of ${from} have a route to, each counted once. Routes often stand while no packet passes: a blackout need not show here at all.`,
  },
  visible_slash48s: {
    name: 'Visible IPv6 blocks',
    inside: 'visible IPv6 space',
    about: (from: string) =>
      `How many IPv6 blocks of the size of one site (/48) more than half of the full-feed peers of ${from} have a route to. A few large prefixes make most of the number, and few people depend on them alone: its loss is a sign, not yet a blackout.`,
  },
  announced_prefixes: {
    name: 'Announced prefixes',
    inside: 'the number of announced prefixes',
    about: (from: string) =>
      `How many prefixes more than half of the full-feed peers of ${from} have a route to, IPv4 and IPv6 apart. A network may split or join its prefixes without anybody losing anything, so that it is read beside the blocks.`,
  },
  updates: {
    name: 'Route changes',
    inside: 'the number of route changes',
    about: (from: string) =>
      `How many routes changed in 5 minutes, the mean of the full-feed peers of ${from}, IPv4 and IPv6 apart; a peer that tells its whole table anew does not count. A spike says that something in the routing moved, as in Kazakhstan in January 2022, not that anything is cut.`,
  },
  withdrawals: {
    name: 'Withdrawn routes',
    inside: 'the number of withdrawn routes',
    about: (from: string) =>
      `How many routes were taken back in 5 minutes, the mean of the full-feed peers of ${from}, IPv4 and IPv6 apart. Many are announced again at once, by another way: what counts is what stays away.`,
  },
} as const

type RoutingName = keyof typeof ROUTING

/** Under all their keys. */
export const routingExplained = Object.fromEntries(
  (Object.keys(COLLECTORS) as Collector[]).flatMap((collector) =>
    (Object.keys(ROUTING) as RoutingName[]).map((signal): [RoutingSignal, Explained] => [
      `${collector}/bgp.${signal}`,
      {
        name: `${ROUTING[signal].name} (${COLLECTORS[collector].name})`,
        about: ROUTING[signal].about(COLLECTORS[collector].from),
      },
    ]),
  ),
) as Record<RoutingSignal, Explained>

function routingName(key: string): string | null {
  const [collector = '', signal = ''] = key.split('/bgp.')
  if (!Object.hasOwn(COLLECTORS, collector) || !Object.hasOwn(ROUTING, signal)) return null
  return `${ROUTING[signal as RoutingName].inside} (${COLLECTORS[collector as Collector].name})`
}

export function signalName(key: string, label: string): string {
  return (SIGNAL_NAMES as Readonly<Record<string, string>>)[key] ?? routingName(key) ?? label
}

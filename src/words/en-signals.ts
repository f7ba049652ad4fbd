import type { KnownSignal } from './catalogue.ts'

/** Inside a sentence. */
const SIGNAL_NAMES: Record<KnownSignal, string> = {
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

export function signalName(key: string, label: string): string {
  return (SIGNAL_NAMES as Readonly<Record<string, string>>)[key] ?? label
}

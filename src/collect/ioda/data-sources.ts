import type { SignalId } from '../../model/brand.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { IODA_LIVE_SIGNALS } from './signals.ts'

/** One of IODA's data sources, and the signal that we make of it. */
export interface DataSource {
  /** As the API calls it: `ping-slash24`. */
  readonly id: string
  readonly spec: SignalSpec
  /** The one product of a data source that has several; `null` where there is one. */
  readonly product: string | null
  /** Fields of a value that is not a plain number, the one to prefer first. */
  readonly fields: readonly string[]
  /** The field that says on how much a value rests; `null` where none does. */
  readonly weightField: string | null
  /** What a value is divided by to be in the unit of the signal. */
  readonly divisor: number
  /** The largest value that can be, in the upstream's unit. */
  readonly most: number
  /** Given for regions and ASes too. */
  readonly isLocal: boolean
}

const PLAIN = { product: null, fields: [], weightField: null, divisor: 1, most: Infinity } as const

const BY_SIGNAL: Readonly<Record<string, Omit<DataSource, 'spec'>>> = {
  'bgp.visible_slash24s': { ...PLAIN, id: 'bgp', isLocal: true },
  'ping.up_slash24s': { ...PLAIN, id: 'ping-slash24', isLocal: true },
  'telescope.unique_ips': { ...PLAIN, id: 'merit-nt', isLocal: false },
  'google.search_traffic': { ...PLAIN, id: 'gtr', product: 'WEB_SEARCH', isLocal: false },
  'ping.latency_ms': {
    ...PLAIN,
    id: 'ping-slash24-latency',
    fields: ['median_latency', 'mean_latency'],
    isLocal: false,
  },
  // A percentage upstream, a share with us.
  'ping.loss_share': {
    id: 'ping-slash24-loss',
    product: null,
    fields: ['loss_pct'],
    weightField: 'probe_count',
    divisor: 100,
    most: 100,
    isLocal: false,
  },
}

/** @internal */
export const DATA_SOURCES: readonly DataSource[] = IODA_LIVE_SIGNALS.map((spec) => {
  const known = BY_SIGNAL[spec.signal]
  if (known === undefined) throw new TypeError(`no data source gives ${spec.signal}`)
  return { ...known, spec }
})

/** In the order of `signals`. @throws TypeError for a signal that IODA's API does not give. */
export function dataSourcesOf(signals: readonly SignalId[]): readonly DataSource[] {
  return signals.map((signal) => {
    const found = DATA_SOURCES.find(({ spec }) => spec.signal === signal)
    if (found === undefined) throw new TypeError(`no data source of IODA gives ${signal}`)
    return found
  })
}

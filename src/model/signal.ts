import type { Seconds, SignalId, SourceId } from './brand.ts'

/** What a signal speaks of. Signals of one plane can be wrong for the same reason; planes rarely are. */
export type Plane = 'routing' | 'reachability' | 'traffic' | 'application' | 'circumvention' | 'collateral'

/** Ordered from free to strict: the licence line of a page is the strictest of its inputs. */
export type LicenceClass = 'public-domain' | 'attribution' | 'share-alike' | 'non-commercial' | 'unstated'

export interface Licence {
  readonly class: LicenceClass
  /** As the giver names it: `CC0-1.0`, `GPL-3.0`, `not stated`. */
  readonly name: string
  readonly url: string | null
}

/**
 * What Tocsin knows of one signal of one source before it sees a value. Belongs to source **and** signal: two
 * sources may measure the same thing with another step, delay and licence.
 */
export interface SignalSpec {
  readonly source: SourceId
  readonly signal: SignalId
  /** As the source names it, for people: `Active probing (# /24s up)`. */
  readonly label: string
  readonly plane: Plane
  /** Of the raw value: `/24 blocks`, `% of the window's maximum`, `index 0–100`. */
  readonly unit: string
  readonly step: Seconds
  /** From a bin's end to when its value is normally complete and with us. No judgement before. */
  readonly delay: Seconds
  /** Which way is bad: connectivity falls, latency rises. */
  readonly badDirection: 'down' | 'up'
  /** The longest rhythm that the signal has. */
  readonly seasonality: 'none' | 'daily' | 'weekly'
  /** Smallest step that the value can make (1 for counts, 10 for an index in tens); 0 for a continuous one. */
  readonly quantum: number
  /** Divided by the largest value of the exported window: rules on least values do not apply. */
  readonly windowNormalised: boolean
  /** The source leaves zeros out: its silence for one entity, while it speaks of others, may be a true zero. */
  readonly zeroIsOmitted: boolean
  /** Signals with the same group rest on the same measurements and count once among 'n of m independent signals'. */
  readonly group: string
  /** Whose access it can vouch for, from inside the country; `none` for everything measured from outside. */
  readonly witness: 'none' | 'fixed' | 'mobile' | 'both'
  readonly licence: Licence
  /** Who is to be named where it is shown. */
  readonly citation: string
}

/** `ioda/ping.up_slash24s`: how one signal of one source is named in contradictions, rules and filters. */
export type SignalKey = `${string}/${string}`

export function signalKey(of: { readonly source: string; readonly signal: string }): SignalKey {
  return `${of.source}/${of.signal}`
}

const STRICTNESS: Record<LicenceClass, number> = {
  'public-domain': 0,
  attribution: 1,
  'share-alike': 2,
  'non-commercial': 3,
  unstated: 4,
}

/** @returns the strictest, the first of equals; `null` for none. */
export function strictestLicence(licences: readonly Licence[]): Licence | null {
  let strictest: Licence | null = null
  for (const licence of licences) {
    if (strictest === null || STRICTNESS[licence.class] > STRICTNESS[strictest.class]) strictest = licence
  }
  return strictest
}

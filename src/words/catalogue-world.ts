import type { UnixSeconds } from '../model/brand.ts'
import type { Severity } from '../model/incident.ts'
import type { EntityRef, FeedKind, FeedLine, RangeName, RevisionChange, StripCell } from '../model/page.ts'
import type { MapCounts, MapFacts } from './map-facts.ts'

/** The map, the last days, the feed: what happens where. */
export interface WorldWords {
  readonly map: {
    readonly title: string
    /** For readers who do not see it. */
    readonly description: (counts: MapCounts, at: UnixSeconds) => string
    readonly country: (facts: MapFacts) => string
    readonly disputed: (name: string) => string
    readonly legend: string
    /** From as usual to almost nothing. */
    readonly steps: readonly [string, string, string, string, string, string]
    readonly hatched: string
    readonly borders: string
    readonly bordersLink: string
    readonly keys: string
  }
  readonly strips: {
    readonly title: (days: number) => string
    readonly about: string
    /** Of one country, for readers who do not see it. */
    readonly summary: (entity: EntityRef, cells: readonly StripCell[], from: UnixSeconds) => string
    readonly cell: (day: UnixSeconds, cell: StripCell) => string
    /** Days of one incident, the last one included: what a link of the strip is called. */
    readonly stretch: (entity: EntityRef, from: UnixSeconds, to: UnixSeconds) => string
    readonly legend: string
    readonly without: (count: number) => string
    readonly showAll: string
    readonly showSome: string
    readonly none: (days: number) => string
    readonly quiet: string
    readonly noData: string
    readonly incident: string
  }
  readonly feed: {
    readonly title: string
    readonly about: string
    readonly none: string
    readonly line: (line: FeedLine) => string
    readonly kinds: Record<FeedKind | 'all', string>
    readonly severities: Record<Severity | 'all', string>
    readonly byKind: string
    readonly bySeverity: string
  }
  readonly ranges: {
    readonly title: string
    readonly names: Record<RangeName, string>
    readonly fixed: string
  }
  /** What a revision changed, against the one before. */
  readonly change: (change: RevisionChange) => string
  readonly firstRevision: string
}

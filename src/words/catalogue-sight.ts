import type { UnixSeconds } from '../model/brand.ts'
import type { CutKind, Detectability } from '../model/detectability.ts'
import type { HealthCondition, SourceStatus } from '../model/health.ts'
import type { AnswerLine, EntityRef, GapStretch, HealthLine, SourcesSummary } from '../model/page.ts'
import type { SignalKey } from '../model/signal.ts'
import type { Explained } from './catalogue.ts'
import type { HealthGroup } from './sight.ts'

/** What we see and what we do not: about us and our sources, never about a country. */
export interface SightWords {
  /** What it is called, and what it means for the pages. */
  readonly conditions: Record<HealthCondition, Explained>
  /** Above a page that rests on these signals. */
  readonly notice: (group: HealthGroup) => string
  /** One stretch in a list. */
  readonly stretch: (line: HealthLine) => string
  readonly stretchesTitle: string
  readonly stretchesAbout: string
  readonly stretchesNone: string
  readonly stretchesMore: (count: number) => string
  /** Why there is a hatched stretch in a chart. */
  readonly gap: (gap: GapStretch) => string
  readonly blindGapKey: string
  readonly blindTitle: (entity: EntityRef) => string
  readonly blindNext: string

  /** What would have shown, as one sentence beside 'nothing unusual'; `null` where nothing can be said. */
  readonly wouldShow: (entity: EntityRef, cuts: readonly Detectability[]) => string | null
  readonly detectabilityTitle: string
  readonly detectabilityAbout: string
  readonly cutKinds: Record<CutKind, string>
  readonly cut: (entity: EntityRef, cut: Detectability) => string
  readonly cutBy: (key: SignalKey) => string

  /** In short, on the front page. */
  readonly summary: (summary: SourcesSummary, now: UnixSeconds) => string
  readonly summaryLink: string

  readonly sources: {
    readonly title: string
    readonly lead: string
    readonly none: string
    readonly noneWhy: string
    readonly off: string
    readonly upstream: string
    readonly homepage: string
    readonly budget: (source: Pick<SourceStatus, 'budget' | 'spent'>) => string
    readonly answered: (at: UnixSeconds | null) => string
    readonly requests: (requests: SourceStatus['requests']) => string
    readonly failure: (failure: { readonly at: UnixSeconds; readonly reason: string }) => string
    readonly waiting: (until: UnixSeconds) => string
    /** @param seconds that a round takes while the upstream takes no lists. */
    readonly oneByOne: (seconds: number) => string
    /** @param names of places that no table of ours knows. */
    readonly leftOut: (names: readonly string[]) => string
    readonly caption: (source: string) => string
    readonly columns: {
      readonly signal: string
      readonly state: string
      readonly newest: string
      readonly places: string
      readonly past: string
    }
    readonly fresh: string
    readonly noData: string
    readonly since: (at: UnixSeconds, detail: string) => string
    readonly newest: (at: UnixSeconds, now: UnixSeconds) => string
    readonly places: (fresh: number, usual: number) => string
    readonly backfilled: (share: number) => string
    readonly termsTitle: string
    readonly terms: (licence: string, citation: string) => string
    readonly conditionsTitle: string
    readonly pastTitle: string
  }

  /** The way from a number to the wire. */
  readonly provenance: {
    readonly title: string
    /** The same, of one series among others. */
    readonly titleOf: (signal: string) => string
    readonly answer: (source: string, answer: AnswerLine) => string
    readonly asked: string
    readonly body: string
    readonly bodyOf: (sha256: string) => string
    readonly record: string
    readonly recordOf: (sha256: string) => string
    readonly letGo: string
    readonly all: string
    /** The same in a table, as short as can be. */
    readonly answers: string
    readonly answersOf: (signal: string) => string
    readonly none: string
    readonly sha: string
  }
}

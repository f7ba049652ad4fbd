import type { UnixSeconds } from '../model/brand.ts'
import type { IncidentKind } from '../model/incident.ts'
import type { DarkPrefix } from '../model/going-dark.ts'
import type { DarkLine, EntityRef, RoutingSection } from '../model/page.ts'
import type { AccessKind } from '../model/routing.ts'

/** Routes: who announces what, and in which order it went out of sight. */
export interface RoutingWords {
  readonly title: string
  /** A signal's name with the facet of the series: the family of addresses that it counts. */
  readonly facet: (title: string, facet: string | null) => string
  /** Before anything is told of routes alone. */
  readonly canShow: string
  /** Stands with every order: what routes do not tell. */
  readonly cannotShow: string
  /** Instead of what is said of an incident's state, end and kind, where routes alone tell of it. */
  readonly alone: {
    readonly unverified: string
    readonly endUnverified: string
    readonly kinds: Partial<Record<IncidentKind, string>>
  }
  readonly about: (section: RoutingSection) => string
  /** Above the order on the page of a network, with the incident that it is of. */
  readonly ofIncident: (id: string) => string
  /** One network, in whole sentences; `before`: who went before it, `null` for the first. */
  readonly line: (line: DarkLine, before: DarkLine | null) => string
  readonly more: (networks: number) => string
  readonly never: (networks: readonly EntityRef[]) => string
  readonly shared: (prefix: RoutingSection['shared'][number]) => string
  readonly sharedTitle: (prefixes: number) => string
  readonly csv: string
  readonly json: string
  readonly matrix: {
    readonly title: string
    readonly description: (section: RoutingSection, shown: number) => string
    readonly scrolls: string
    readonly group: (entity: EntityRef | null) => string
    readonly more: (prefixes: number) => string
    readonly row: (prefix: DarkPrefix) => string
    readonly visible: string
    readonly lost: string
    readonly unknown: string
    readonly table: string
    readonly columns: {
      readonly prefix: string
      readonly network: string
      readonly blocks: string
      readonly lost: string
      readonly returned: string
    }
    /** `31:07` is of no use without its hour, and a day without its date. */
    readonly time: (at: UnixSeconds) => string
    readonly before: string
    readonly notBack: string
    readonly noBlocks: string
  }
  readonly network: {
    readonly title: string
    readonly names: string
    readonly asns: string
    readonly country: string
    readonly operator: string
    readonly access: string
    readonly unknown: string
    readonly source: string
    readonly sourceOn: (text: string, date: string) => string
    readonly accessKinds: Record<AccessKind, string>
  }
  readonly operators: { readonly title: string; readonly about: (operators: number) => string }
}

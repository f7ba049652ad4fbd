import type { Draft } from '../correlate/correlate.ts'
import type { Standing } from '../correlate/standing.ts'
import { RULE_VERSION } from '../detect/rules.ts'
import type { EntityId, IncidentId, UnixSeconds } from '../model/brand.ts'
import type { HealthInterval, SourceStatus } from '../model/health.ts'
import type { Incident, Revision } from '../model/incident.ts'
import type { Gazetteer, Hierarchy } from '../model/place.ts'
import type { Origin } from '../model/series.ts'
import { signalKey } from '../model/signal.ts'
import { DAY, HOUR, binStart, plus } from '../model/time.ts'
import type { AsOf, Range, Store } from '../store/store.ts'
import { detectabilityOf } from './detectable.ts'
import { isOpen, newestEnd } from './entity-now.ts'
import { createJudged } from './judged.ts'
import { withNewestShares } from './newest.ts'
import type { Scope } from './scope.ts'
import { countryWithin, scopeOf } from './scope.ts'
import { joined, traceIn } from './series-trace.ts'
import type { DayCell, EntityNow, IncidentFilter, Trace, View, Waypoint } from './view.ts'
import { countriesDays, countriesNow, countryScopes, notYetJudged } from './world.ts'

/** What a runner knows of now beyond what the store holds. */
export interface LiveSight {
  /** The instant up to which everything was judged. */
  judgedAt(): UnixSeconds
  /** Grows whenever an answer that rests on the runner may have changed. */
  version(): number
  /** The newest revision of every incident, as published. */
  current(): readonly Revision[]
  sources(): readonly SourceStatus[]
  /** Names of scopes that have series and are not judged yet. */
  waiting(): readonly string[]
  /** This series is not judged now: our view of it is unhealthy. */
  isBlind(standing: Standing): boolean
}

export interface StoreViewSetting {
  readonly id: string
  readonly title: string
  readonly store: Store
  readonly gazetteer: Gazetteer
  readonly hierarchy: Hierarchy
  readonly origin: () => Origin | null
  readonly waypoints: readonly Waypoint[]
  readonly now: () => UnixSeconds
  /** Scopes that are judged already, up to the store's present last batch; asked before any is built anew. */
  readonly judged: ReadonlyMap<string, Scope>
  /** `null` where nothing runs: a replay, or a folder that is only read. */
  readonly live: LiveSight | null
}

/** How old the days of a strip may be; incidents on them are never old. */
const DAYS_AGE = HOUR

/** A view of what one store holds. Baselines are computed when asked for, by the code that judged. */
export function createStoreView(setting: StoreViewSetting): View {
  const { store, gazetteer, hierarchy, live } = setting
  const judged = createJudged(setting)
  let scopesKept: { readonly key: string; readonly scopes: Promise<readonly (readonly [string, Scope])[]> } | null =
    null
  let countriesKept: { readonly key: string; readonly countries: Promise<readonly EntityNow[]> } | null = null
  const daysKept = new Map<string, Promise<ReadonlyMap<EntityId, readonly DayCell[]>>>()

  const judgedAt = (): UnixSeconds => live?.judgedAt() ?? setting.now()
  const version = async (): Promise<string> =>
    live === null ? `${await store.lastBatch()}/${setting.now()}` : `${live.version()}`

  /** All of them: those of the runner, or each judged from the store. */
  async function scopes(): Promise<readonly (readonly [string, Scope])[]> {
    if (live !== null) return [...setting.judged]
    const key = String(await store.lastBatch())
    if (scopesKept?.key !== key) {
      const build = async (): Promise<readonly (readonly [string, Scope])[]> => {
        const found: (readonly [string, Scope])[] = []
        for (const name of await judged.names()) {
          const scope = await judged.find(name, null)
          if (scope !== null) found.push([name, scope])
        }
        return found
      }
      const kept = { key, scopes: build() }
      kept.scopes.catch(() => {
        if (scopesKept === kept) scopesKept = null
      })
      scopesKept = kept
    }
    return scopesKept.scopes
  }

  async function latest(asOf: AsOf): Promise<readonly Revision[]> {
    if (asOf === null && live !== null) return live.current()
    const newest = new Map<IncidentId, Revision>()
    for (const revision of await store.revisions(asOf === null ? {} : { asOf }))
      newest.set(revision.incident.id, revision)
    return [...newest.values()]
  }

  /** 'As known then' is as it was published; today's incidents carry today's newest shares. */
  async function newest(incidents: readonly Incident[], asOf: AsOf): Promise<readonly Incident[]> {
    if (asOf !== null) return incidents
    const drafts = new Map<string, readonly Draft[]>()
    // Live, what is closed has no newest share, and what no runner judges yet is not judged for a list.
    const moving = live === null ? incidents : incidents.filter(isOpen)
    for (const name of new Set(moving.map((each) => scopeOf(each.entity, hierarchy)))) {
      const scope = live === null ? await judged.find(name, null) : (setting.judged.get(name) ?? null)
      drafts.set(name, scope?.drafts(judgedAt()) ?? [])
    }
    return incidents.map((each) => withNewestShares(each, drafts.get(scopeOf(each.entity, hierarchy)) ?? []))
  }

  async function seriesTrace(seriesId: number, range: Range, asOf: AsOf): Promise<Trace> {
    const series = (await store.series({})).find((each) => each.id === seriesId)
    if (series === undefined) throw new RangeError(`no series ${seriesId}`)
    const name = scopeOf(series.entity, hierarchy)
    const near = traceIn(await judged.find(name, asOf), seriesId)
    if (live === null || asOf !== null) {
      if (near === null) throw new RangeError(`series ${seriesId} has no signal spec`)
      return near.of(range)
    }
    // A live scope has let go what lies far back, and may not have taken in a new series yet.
    const held = near?.since ?? range.until
    if (near !== null && held <= range.from) return near.of(range)
    const far = traceIn(await judged.whole(name), seriesId)
    if (far === null) throw new RangeError(`series ${seriesId} has no signal spec`)
    if (near === null || held >= range.until) return far.of(range)
    return joined(far.of({ from: range.from, until: held }), near.of({ from: held, until: range.until }))
  }

  return {
    id: setting.id,
    title: setting.title,
    get origin() {
      return setting.origin()
    },
    gazetteer,
    hierarchy,
    ruleVersion: RULE_VERSION,
    now: setting.now,
    version: () => live?.version() ?? 0,
    async newestData() {
      return newestEnd((await scopes()).flatMap(([, scope]) => scope.standings()))
    },
    specs: () => store.specs(),
    entities: () => store.entities(),
    series: (filter) => store.series(filter),
    trace: seriesTrace,
    async incidents(filter, asOf) {
      const found = (await latest(asOf))
        .map((each) => each.incident)
        .filter((incident) => passes(incident, filter, hierarchy))
      return newest(found, asOf)
    },
    async incident(id, asOf) {
      const found = (await latest(asOf)).find((each) => each.incident.id === id)?.incident
      return found === undefined ? null : ((await newest([found], asOf))[0] ?? null)
    },
    revisions: (id) => store.revisions({ incident: id }),
    async notes(entity) {
      return (await judged.find(scopeOf(entity, hierarchy), null))?.notes(entity) ?? []
    },
    waypoints: () => setting.waypoints,
    sources: () => Promise.resolve(live?.sources() ?? []),
    async health(entity, range) {
      const all = await store.health({ range })
      if (entity === null) return all
      const speaking = new Set((await seriesNear(store, hierarchy, entity)).map((each) => signalKey(each)))
      return all.filter((each) => speaking.has(signalKey(each)) && concerns(each, entity, hierarchy))
    },
    async countries() {
      const key = await version()
      if (countriesKept?.key !== key) {
        const make = async (): Promise<readonly EntityNow[]> => {
          const incidents = (await latest(null)).map((each) => each.incident)
          const isBlind = (standing: Standing): boolean => live?.isBlind(standing) ?? false
          // By the clock: where judging stands still, what it saw last is late, and we are blind.
          const seen = countriesNow(countryScopes(await scopes()), incidents, { now: setting.now(), isBlind })
          return [...seen, ...notYetJudged(live?.waiting() ?? [])]
        }
        countriesKept = { key, countries: make() }
        countriesKept.countries.catch(() => (countriesKept = null))
      }
      return countriesKept.countries
    },
    async days(range) {
      const published = await store.lastPublished()
      const key = `${range.from}/${range.until}/${binStart(setting.now(), DAYS_AGE, 0 as typeof DAYS_AGE)}/${published}`
      const before = daysKept.get(key)
      if (before !== undefined) return before
      const make = async (): Promise<ReadonlyMap<EntityId, readonly DayCell[]>> => {
        const incidents = (await latest(null)).map((each) => each.incident)
        const whole = {
          from: binStart(range.from, DAY, 0 as typeof DAY),
          until: plus(binStart(plus(range.until, -1), DAY, 0 as typeof DAY), DAY),
        }
        const health = await store.health({ range: whole })
        return countriesDays(store, countryScopes(await scopes()), incidents, health, whole, setting.now())
      }
      const days = make()
      daysKept.set(key, days)
      const oldest = daysKept.keys().next().value
      if (daysKept.size > 4 && oldest !== undefined) daysKept.delete(oldest)
      days.catch(() => daysKept.delete(key))
      return days
    },
    async detectability(entity) {
      return detectabilityOf(entity, await judged.find(scopeOf(entity, hierarchy), null), hierarchy, judgedAt())
    },
    provenance: (seriesId, range) => store.provenance(seriesId, range),
    async answer(sha256) {
      const answers = await store.answers(sha256)
      return { answers, body: answers.length === 0 ? null : await store.answerBody(sha256) }
    },
    hours: (seriesId, range) => store.readHours(seriesId, range),
    routeEvents: (filter) => store.routeEvents(filter),
  }
}

/** Series of an entity, or of anything in its line: what is wrong with a country's signal is wrong for its regions. */
async function seriesNear(
  store: Store,
  hierarchy: Hierarchy,
  entity: EntityId,
): Promise<readonly { readonly source: string; readonly signal: string }[]> {
  const all = await store.series({})
  return all.filter((each) => inOneLine(each.entity, entity, hierarchy))
}

function concerns(interval: HealthInterval, entity: EntityId, hierarchy: Hierarchy): boolean {
  return interval.scope === null || inOneLine(interval.scope, entity, hierarchy)
}

function inOneLine(a: EntityId, b: EntityId, hierarchy: Hierarchy): boolean {
  return a === b || isAbove(a, b, hierarchy) || isAbove(b, a, hierarchy)
}

function isAbove(ancestor: EntityId, of: EntityId, hierarchy: Hierarchy): boolean {
  for (let each = hierarchy.parent(of); each !== null; each = hierarchy.parent(each)) if (each === ancestor) return true
  return false
}

function passes(incident: Incident, filter: IncidentFilter, hierarchy: Hierarchy): boolean {
  if (filter.entity !== undefined && incident.entity !== filter.entity) return false
  if (filter.country !== undefined && countryWithin(incident.entity, hierarchy) !== filter.country) return false
  if (filter.states !== undefined && !filter.states.includes(incident.state)) return false
  if (filter.topLevelOnly === true && incident.partOf !== null) return false
  const end = incident.end?.at ?? null
  if (filter.since !== undefined && end !== null && end <= filter.since) return false
  return !(filter.until !== undefined && incident.onset.at >= filter.until)
}

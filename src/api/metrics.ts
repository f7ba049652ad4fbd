import { Hono } from 'hono'
import { Counter, Gauge, Registry } from 'prom-client'
import type { HealthCondition, SignalHealth, SourceStatus } from '../model/health.ts'
import type { IncidentState } from '../model/incident.ts'
import type { EntityStatus, Observatory } from '../street/view.ts'
import type { EventStreams } from './event-streams.ts'
import { processMetrics } from './process-metrics.ts'
import { httpMetrics, type HttpMetrics } from './request-metrics.ts'

const CONDITIONS: Readonly<Record<HealthCondition, true>> = {
  unreachable: true,
  unreadable: true,
  stale: true,
  frozen: true,
  'wrong-clock': true,
  partial: true,
  'common-dip': true,
}

const STATES: Readonly<Record<IncidentState, true>> = {
  suspected: true,
  ongoing: true,
  recovering: true,
  restricted: true,
  unverified: true,
  resolved: true,
  retracted: true,
}

const STATUSES: Readonly<Record<EntityStatus, true>> = {
  incident: true,
  quiet: true,
  'too-little': true,
  blind: true,
  'not-watched': true,
}

/** What the interface counts by itself. */
export interface Counted {
  readonly streams: EventStreams
  /** Requests refused by limits since the start. */
  readonly refused: () => number
  readonly version: string
  readonly elapsed: () => number
}

export interface Metrics {
  /** `GET /metrics`. */
  readonly routes: Hono
  readonly http: HttpMetrics
}

/** Numbers for Prometheus, in a registry of this application alone. No label holds an id, a path or an address. */
export function createMetrics(observatory: Observatory, counted: Counted): Metrics {
  const registry = new Registry()
  const numbers = observatoryNumbers(registry)
  const own = ownNumbers(registry, counted)
  const http = httpMetrics(registry, counted.elapsed)
  processMetrics(registry)

  const routes = new Hono()
  routes.get('/metrics', async (c) => {
    own.set(observatory.live.ruleVersion)
    try {
      await numbers.set(observatory)
      own.storeUp(true)
    } catch {
      // Whoever watches the watcher learns it from the number, and must not be sent away with an error.
      numbers.reset()
      own.storeUp(false)
    }
    return c.body(await registry.metrics(), 200, {
      'content-type': registry.contentType,
      'cache-control': 'no-store',
    })
  })
  return { routes, http }
}

type Labels = Readonly<Record<string, string>>

/** Sets one sample; `null` = nobody knows. */
type SetNumber = (value: number | null, labels?: Labels) => void
type MakeNumber = (name: string, help: string, labelNames?: readonly string[]) => SetNumber

interface Numbers {
  readonly gauge: MakeNumber
  /** Of what others count and we read: set to what they say. */
  readonly counter: MakeNumber
  readonly reset: () => void
}

/** Numbers of which every scrape says anew what there is, so that what went is not shown on. */
function numbersOf(registry: Registry): Numbers {
  const all: { readonly made: Gauge | Counter; readonly hasLabels: boolean }[] = []
  // What nobody knows is left out: a missing number can be asked for by `absent()`, an invented one cannot.
  return {
    gauge(name, help, labelNames = []) {
      const made = new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] })
      all.push({ made, hasLabels: labelNames.length > 0 })
      return (value, labels = {}) => {
        if (value !== null) made.set({ ...labels }, value)
      }
    },
    counter(name, help, labelNames = []) {
      const made = new Counter({ name, help, labelNames: [...labelNames], registers: [registry] })
      all.push({ made, hasLabels: labelNames.length > 0 })
      return (value, labels = {}) => {
        if (value !== null) made.inc({ ...labels }, value)
      }
    },
    reset() {
      for (const { made, hasLabels } of all) {
        made.reset()
        // Without labels the library's reset leaves a 0 behind, which nobody measured.
        if (!hasLabels) made.remove()
      }
    },
  }
}

function observatoryNumbers(registry: Registry): { set(observatory: Observatory): Promise<void>; reset: () => void } {
  const { gauge, counter, reset } = numbersOf(registry)
  const setSource = sourceNumbers(gauge, counter)
  const setSignal = signalNumbers(gauge)
  const newestAge = gauge('tocsin_newest_data_age_seconds', 'Age of the end of the newest bin of any series')
  const countries = gauge(
    'tocsin_countries',
    'Watched countries by how they stand; blind = nothing can be said of now',
    ['status'],
  )
  const incidents = gauge('tocsin_incidents', 'Incidents by state', ['state'])
  const revisions = counter('tocsin_revisions_published_total', 'Number of the newest revision')

  return {
    reset,
    async set({ live, events }) {
      const [sources, newest, standing, all, last] = await Promise.all([
        live.sources(),
        live.newestData(),
        live.countries(),
        live.incidents({}, null),
        events.last(),
      ])
      const now = live.now()
      reset()
      for (const source of sources) {
        setSource(source, now)
        for (const signal of source.signals) setSignal(signal, now)
      }
      newestAge(newest === null ? null : now - newest)
      for (const status of Object.keys(STATUSES)) {
        countries(standing.filter((each) => each.status === status).length, { status })
      }
      for (const state of Object.keys(STATES)) {
        incidents(all.filter((each) => each.state === state).length, { state })
      }
      revisions(last)
    },
  }
}

function sourceNumbers(gauge: MakeNumber, counter: MakeNumber): (source: SourceStatus, now: number) => void {
  const by = ['source']
  const enabled = gauge('tocsin_source_enabled', '1 = it is asked, 0 = switched off by configuration', by)
  const requests = counter('tocsin_source_requests_total', 'Requests since the start', ['source', 'outcome'])
  const bytes = counter('tocsin_source_received_bytes_total', 'Bytes of answers since the start', by)
  const budget = gauge('tocsin_source_budget_requests', 'Requests that the budget allows in one window', by)
  const window = gauge('tocsin_source_budget_window_seconds', 'Length of the budget’s window', by)
  const spent = gauge('tocsin_source_budget_spent', 'Requests made in the running window', by)
  const answered = gauge('tocsin_source_last_answer_age_seconds', 'Since the last answer; missing = none yet', by)
  const waiting = gauge('tocsin_source_waiting_seconds', 'Until it may be asked again; 0 = now', by)
  return (source, now) => {
    const labels = { source: source.source }
    enabled(source.enabled ? 1 : 0, labels)
    const { bytes: received, ...outcomes } = source.requests
    for (const [outcome, count] of Object.entries(outcomes)) requests(count, { ...labels, outcome })
    bytes(received, labels)
    budget(source.budget.requests, labels)
    window(source.budget.perSeconds, labels)
    spent(source.spent, labels)
    answered(source.lastAnswerAt === null ? null : now - source.lastAnswerAt, labels)
    waiting(source.waitingUntil === null ? 0 : Math.max(0, source.waitingUntil - now), labels)
  }
}

function signalNumbers(gauge: MakeNumber): (signal: SignalHealth, now: number) => void {
  const by = ['source', 'signal']
  const age = gauge('tocsin_signal_newest_age_seconds', 'Age of the end of its newest bin; missing = none yet', by)
  const behind = gauge('tocsin_signal_behind_seconds', 'By how much its newest bin is older than it should be', by)
  const entities = gauge('tocsin_signal_entities', 'Entities with a value in the newest due bin, and usually', [
    ...by,
    'which',
  ])
  const condition = gauge('tocsin_signal_condition', '1 = this is wrong with our view now', [...by, 'condition'])
  const backfilled = gauge('tocsin_signal_backfilled_ratio', 'Share of the wanted history that is there, 0–1', by)
  return (signal, now) => {
    const labels = { source: signal.source, signal: signal.signal }
    age(signal.newest === null ? null : now - signal.newest, labels)
    behind(signal.newest === null ? null : Math.max(0, signal.expected - signal.newest), labels)
    entities(signal.entities.fresh, { ...labels, which: 'fresh' })
    entities(signal.entities.usual, { ...labels, which: 'usual' })
    for (const name of Object.keys(CONDITIONS)) {
      const isOn = signal.conditions.some((one) => one.condition === name)
      condition(isOn ? 1 : 0, { ...labels, condition: name })
    }
    backfilled(signal.backfilled, labels)
  }
}

function ownNumbers(
  registry: Registry,
  { streams, refused, version }: Counted,
): { set(ruleVersion: string): void; storeUp(up: boolean): void } {
  const { gauge, counter, reset } = numbersOf(registry)
  const build = gauge('tocsin_build_info', 'Always 1; the versions stand in its labels', ['version', 'rules', 'node'])
  const store = gauge('tocsin_store_up', '1 = the store answers; at 0 all numbers of the observatory are missing')
  const open = gauge('tocsin_event_streams_open', 'Event streams that are open')
  const dropped = counter(
    'tocsin_event_streams_dropped_total',
    'Clients cut off since the start because they did not read',
  )
  const limited = counter('tocsin_requests_limited_total', 'Requests refused by the limits since the start')
  return {
    set(ruleVersion) {
      reset()
      build(1, { version, rules: ruleVersion, node: process.version })
      open(streams.open)
      dropped(streams.dropped)
      limited(refused())
    },
    storeUp: (up) => store(up ? 1 : 0),
  }
}

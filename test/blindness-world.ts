import { setImmediate as turn } from 'node:timers/promises'
import { createApp } from '../src/api/app.ts'
import type { BuiltWeb } from '../src/api/renderer.ts'
import { createSimulatedClock, type SimulatedClock } from '../src/collect/clock.testing.ts'
import { createIodaServer, type IodaServer } from '../src/collect/ioda/server.testing.ts'
import { createIodaSource, IODA_DEFAULTS } from '../src/collect/ioda/source.ts'
import type { UnixSeconds } from '../src/model/brand.ts'
import { DAY, MINUTE, plus } from '../src/model/time.ts'
import { openMemoryStore } from '../src/store/memory.ts'
import type { Store } from '../src/store/store.ts'
import { createObservatory, type RunningObservatory } from '../src/street/observatory.ts'
import { seededRandom } from '../src/street/random.ts'
import { simulatedWorld, type DataSource, type Shutdown, type World } from './simulated-world.ts'

/** From sixteen sub-regions of five continents: three in each. */
export const COUNTRIES = (
  'EG MA TN KE UG ZM CM AO GA NG GH SN CU JM DO CR PA MX CO PE UY CA US BM ' +
  'KZ UZ KG JP KR MN TH VN MY IN NP LK IQ TR GE BY PL RO SE FI EE IT PT GR'
).split(' ')

const HISTORY_DAYS = 14

export interface BlindnessWorld {
  readonly clock: SimulatedClock
  readonly server: IodaServer
  readonly store: Store
  readonly world: World
  readonly observatory: RunningObservatory
  /** Lets time pass up to an instant, and stops it there: pages are looked at while nothing happens. */
  until(at: UnixSeconds): Promise<void>
  /** Body of an answer, whose status must be 200. */
  get(path: string): Promise<string>
  close(): Promise<void>
}

/**
 * The whole observatory, its upstream on loopback and its pages, started cold: two weeks of history are to be had.
 *
 * @param start of live; history lies before it.
 * @param days that the world goes on from there.
 */
export async function blindnessWorld(
  web: BuiltWeb,
  start: UnixSeconds,
  days: number,
  shutdowns: readonly Shutdown[],
  faults: Parameters<IodaServer['plan']>[0],
): Promise<BlindnessWorld> {
  const clock = createSimulatedClock(start)
  const world = simulatedWorld(11, COUNTRIES, plus(start, -HISTORY_DAYS * DAY), plus(start, days * DAY), shutdowns)
  const server = await createIodaServer({
    clock,
    value: (source, entity, bin) => world.value(source as DataSource, entity, bin),
    knows: (source, entity) => world.knows(source as DataSource, entity),
    risingSeconds: 10 * MINUTE,
    faults,
  })
  const store = openMemoryStore()
  let release = clock.hold()
  const observatory = await createObservatory({
    store,
    cases: [],
    now: () => clock.now(),
    live: {
      sources: [
        createIodaSource({
          ...IODA_DEFAULTS,
          version: 'test',
          contact: 'blindness@example.org',
          baseUrl: server.url,
          countries: COUNTRIES,
          backfillDays: HISTORY_DAYS,
        }),
      ],
      clock,
      random: seededRandom(5),
      fetch: clock.fetch(fetch),
      turn: async () => {
        const held = clock.hold()
        await turn()
        held()
      },
      retention: { raw: 400, answers: 90 },
      backfillDays: HISTORY_DAYS,
      tell: () => undefined,
    },
  })
  const app = createApp({
    observatory,
    web,
    onError: (error) => {
      throw error
    },
  })
  return {
    clock,
    server,
    store,
    world,
    observatory,
    async until(at) {
      const reached = clock.until(at, new AbortController().signal)
      release()
      await Promise.race([reached, observatory.ended])
      release = clock.hold()
    },
    async get(path) {
      const response = await app.request(path)
      if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
      return response.text()
    },
    async close() {
      const closed = observatory.close()
      release()
      await closed
      await server.close()
    },
  }
}

/** What stands on a page for a reader, without its charts' and scripts' innards. */
export function readable(html: string): string {
  const words = html
    .replaceAll(/<(script|style)\b[^]*?<\/\1>/g, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll(/&#39;|&rsquo;/g, "'")
  return plain(words)
}

/** Spaces of all kinds read alike. */
function plain(text: string): string {
  return text.replaceAll(/[\s\u00A0\u202F]+/g, ' ').trim()
}

/** The first sentence of a page. */
export function headline(html: string): string {
  return readable(/<h1[^>]*>([^]*?)<\/h1>/.exec(html)?.[1] ?? '')
}

/** Notices that stand before the first sentence. */
export function notices(html: string): readonly string[] {
  return [...html.matchAll(/<p class="notice[^"]*"[^>]*>([^]*?)<\/p>/g)].map((each) => readable(each[1] ?? ''))
}

import { writeSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { createSimulatedClock, type SimulatedClock } from '../src/collect/clock.testing.ts'
import { faultPlan } from '../src/collect/ioda/faults.testing.ts'
import { createIodaServer } from '../src/collect/ioda/server.testing.ts'
import { createIodaSource, IODA_DEFAULTS } from '../src/collect/ioda/source.ts'
import type { UnixSeconds } from '../src/model/brand.ts'
import { HOUR, plus } from '../src/model/time.ts'
import { openDuckdbStore } from '../src/store/duckdb/store.ts'
import type { Store } from '../src/store/store.ts'
import { createObservatory } from '../src/street/observatory.ts'
import { seededRandom } from '../src/street/random.ts'
import { FAULTS, type FortnightPlan, worldOf } from './fortnight.ts'
import type { DataSource } from './simulated-world.ts'

/**
 * One life of the observatory in the simulated fortnight, with the upstream beside it in the same process:
 * `node --import tsx fortnight-process.ts <plan as JSON>`. Says each simulated hour how far it is, and can be killed at
 * any moment.
 */
const plan = JSON.parse(process.argv[2] ?? '') as FortnightPlan & { readonly now: UnixSeconds }
const clock = createSimulatedClock(plan.now)
const world = worldOf(plan)
const server = await createIodaServer({
  clock,
  value: (source, entity, bin) => world.value(source as DataSource, entity, bin),
  knows: (source, entity) => world.knows(source as DataSource, entity),
  risingSeconds: 600,
  faults: plan.withFaults
    ? faultPlan(seededRandom(plan.seed), FAULTS, plan.start, plan.until - plan.calmHours * HOUR)
    : [],
})
const opened = await openDuckdbStore({
  folder: plan.folder,
  memoryLimitMb: 160,
  threads: 2,
  startedAt: clock.now(),
})
const store = held(clock, opened)
const observatory = await createObservatory({
  store,
  cases: [],
  now: () => clock.now(),
  live: {
    sources: [
      createIodaSource({
        ...IODA_DEFAULTS,
        version: 'test',
        contact: 'fortnight@example.org',
        baseUrl: server.url,
        countries: world.countries,
        backfillDays: plan.backfillDays,
      }),
    ],
    clock,
    random: seededRandom(plan.seed + plan.now),
    fetch: clock.fetch(fetch),
    turn: async () => {
      const release = clock.hold()
      await turn()
      release()
    },
    retention: { raw: 400, answers: 90 },
    backfillDays: plan.backfillDays,
    tell: () => undefined,
  },
})
const failures: Error[] = []
observatory.ended.catch((error: unknown) => failures.push(error instanceof Error ? error : new Error(String(error))))
const never = new AbortController().signal
for (let now = clock.now(); now < plan.until; now = clock.now()) {
  const [failure] = failures
  if (failure !== undefined) throw failure
  const { heapUsed, rss } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const report = { now, rss, heapUsed, cpuSeconds: (user + system) / 1e6, requests: server.served.requests.length }
  writeSync(1, `${JSON.stringify(report)}\n`)
  await clock.until(plus((Math.floor(now / HOUR) * HOUR) as UnixSeconds, HOUR), never)
}
await observatory.close()
await opened.close()
await server.close()
writeSync(1, 'done\n')

/** What the store does outside JavaScript takes no time of the simulated clock: scans, too. */
function held(time: SimulatedClock, real: Store): Store {
  const worker = time.holding(real)
  return new Proxy(worker, {
    get(target, key) {
      if (key !== 'scan') return Reflect.get(target, key, target) as unknown
      return async function* (...args: Parameters<Store['scan']>): ReturnType<Store['scan']> {
        const rows = real.scan(...args)[Symbol.asyncIterator]()
        for (;;) {
          const release = time.hold()
          const next = await rows.next().finally(release)
          if (next.done === true) return
          yield next.value
        }
      }
    },
  })
}

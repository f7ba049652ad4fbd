import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { createSimulatedClock } from '../src/collect/clock.testing.ts'
import { createIodaServer } from '../src/collect/ioda/server.testing.ts'
import type { UnixSeconds } from '../src/model/brand.ts'
import type { DataSource } from '../test/simulated-world.ts'
import { SIMULATED_NOW, worldOf, type LivePlan } from './live-plan.ts'

/** The upstream of `bench:live`, in a process of its own so that its cost is not counted. Says its address. */
const plan = JSON.parse(process.argv[2] ?? '') as LivePlan
const world = worldOf(plan)
let now = plan.start
// Told before the server answers.
subscribe('http.server.request.start', (message) => {
  const { request } = message as { readonly request: IncomingMessage }
  now = Number(request.headers[SIMULATED_NOW]) as UnixSeconds
})
const server = await createIodaServer({
  clock: { ...createSimulatedClock(plan.start), now: () => now },
  value: (source, entity, bin) => world.value(source as DataSource, entity, bin),
  knows: (source, entity) => world.knows(source as DataSource, entity),
  risingSeconds: 600,
})
process.stdout.write(`${server.url}\n`)

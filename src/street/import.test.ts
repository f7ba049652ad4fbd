import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CaseError } from '../model/errors.ts'
import type { Incident } from '../model/incident.ts'
import { openMemoryStore } from '../store/memory.ts'
import { openDuckdbStore } from '../store/duckdb/store.ts'
import type { Store } from '../store/store.ts'
import type { LoadedCase } from './case.ts'
import { importCase } from './import.ts'
import { ON_TIME, replay } from './replay.ts'
import type { Folder } from './samples.testing.ts'
import { START, makeFolder, sampleCase } from './samples.testing.ts'
import type { SampleSeries } from './samples.testing.ts'
import { DAY } from '../model/time.ts'

let folder: Folder
let store: Store
beforeEach(async () => {
  folder = makeFolder()
  store = await openDuckdbStore({ folder: folder.path, memoryLimitMb: 256, threads: 1, startedAt: START })
})
afterEach(async () => {
  await store.close()
  folder.remove()
})

const hourly = (entity: string, signal: string, cut: readonly [number, number]): SampleSeries => ({
  entity,
  signal,
  plane: 'reachability',
  stepMinutes: 60,
  delayMinutes: 15,
  usual: 500,
  rhythm: 0.1,
  noise: 0.02,
  gapEvery: 20,
  cuts: [{ from: cut[0], until: cut[1], level: 0.1 }],
})

const DAYS = 8
const kazakhstan = sampleCase(
  [hourly('country:KZ', 'ping.up', [120, 140]), hourly('country:KZ', 'web.up', [121, 140])],
  DAYS,
  1,
)
const belarus = sampleCase([hourly('country:BY', 'ping.up', [100, 110])], DAYS, 2)
const quiet = (): void => undefined

const digest = (incidents: readonly Incident[]): unknown =>
  incidents.map(({ entity, state, kind, severity, onset, end, episodes, evidence }) => ({
    entity,
    state,
    kind,
    severity,
    onset,
    end,
    episodes,
    spans: evidence.map((each) => each.spans.map((span) => [span.onset, span.end])),
  }))

async function inStore(): Promise<readonly Incident[]> {
  const newest = new Map<string, Incident>()
  for (const { incident } of await store.revisions({})) newest.set(incident.id, incident)
  return [...newest.values()].filter((each) => each.state !== 'retracted')
}

async function replayed(which: LoadedCase): Promise<readonly Incident[]> {
  const { ledger } = await replay(which, openMemoryStore(), {
    pace: 'bin-by-bin',
    lateness: ON_TIME,
    progress: quiet,
    asOf: null,
  })
  return ledger.current().map((each) => each.incident)
}

/** The case as it stood after some days. */
function upTo(which: LoadedCase, days: number): LoadedCase {
  const until = START + days * DAY
  return {
    ...which,
    series: which.series.map((each) => {
      const count = each.bins.filter((bin) => bin < until).length
      return {
        ...each,
        bins: each.bins.slice(0, count),
        values: each.values.slice(0, count),
        weights: each.weights.slice(0, count),
      }
    }),
  }
}

describe('an import', () => {
  it('into an empty folder publishes what live would have, revision by revision', async () => {
    const imported = await importCase(kazakhstan, store, quiet)
    const observations = kazakhstan.series.reduce((sum, each) => sum + each.bins.length, 0)
    expect(imported).toMatchObject({ observations, appended: observations, asLive: true })
    expect(imported.revisions).toBeGreaterThan(1)
    expect(digest(await inStore())).toEqual(digest(await replayed(kazakhstan)))
    expect(await inStore()).toHaveLength(1)
  })

  it('of what is there already changes nothing', async () => {
    await importCase(kazakhstan, store, quiet)
    const [batch, revisions] = [await store.lastBatch(), await store.revisions({})]
    const again = await importCase(kazakhstan, store, quiet)
    expect(again).toMatchObject({ appended: 0, revisions: 0, asLive: false })
    expect(await store.lastBatch()).toBe(batch)
    expect(await store.revisions({})).toEqual(revisions)
  })

  it('of the rest of what is there in part appends the rest and ends where a replay of all ends', async () => {
    await importCase(upTo(kazakhstan, 5.3), store, quiet)
    const before = await inStore()
    expect(before[0]?.end).toBeNull()
    const rest = await importCase(kazakhstan, store, quiet)
    expect(rest.appended).toBeGreaterThan(0)
    expect(rest.appended).toBeLessThan(rest.observations)
    expect(rest.asLive).toBe(false)
    const after = await inStore()
    expect(digest(after)).toEqual(digest(await replayed(kazakhstan)))
    expect(after[0]?.id).toBe(before[0]?.id)
  })

  it('leaves the incidents of other countries alone, though their data are newer', async () => {
    await importCase(kazakhstan, store, quiet)
    const revisions = await store.revisions({})
    const imported = await importCase(belarus, store, quiet)
    expect(imported.asLive).toBe(true)
    expect((await store.revisions({})).filter((each) => each.incident.entity !== 'country:BY')).toEqual(revisions)
    expect(digest((await inStore()).filter((each) => each.entity === 'country:BY'))).toEqual(
      digest(await replayed(belarus)),
    )
  })

  it('refuses a reconstruction, and keeps nothing of it', async () => {
    const importing = importCase({ ...kazakhstan, origin: 'reconstructed' }, store, quiet)
    await expect(importing).rejects.toThrow(CaseError)
    await expect(importing).rejects.toThrow('sample is a reconstruction: it is not kept among measurements')
    expect(await store.series({})).toEqual([])
  })

  it('refuses a signal that is there as it was measured and here scaled to its window, and keeps nothing of it', async () => {
    await importCase(kazakhstan, store, quiet)
    const batch = await store.lastBatch()
    const scaled = kazakhstan.series.map((each) => ({ ...each, spec: { ...each.spec, windowNormalised: true } }))
    const importing = importCase({ ...kazakhstan, series: scaled }, store, quiet)
    await expect(importing).rejects.toThrow(CaseError)
    await expect(importing).rejects.toThrow(
      /scaled to the largest value of its window; the data folder has it as it was/,
    )
    expect(await store.lastBatch()).toBe(batch)
  })

  it('refuses a signal that is there in another unit, and keeps nothing of it', async () => {
    await importCase(kazakhstan, store, quiet)
    const specs = await store.specs()
    const raw: LoadedCase = {
      ...belarus,
      series: belarus.series.map((each) => ({ ...each, spec: { ...each.spec, unit: '% of the maximum' } })),
    }
    const importing = importCase(raw, store, quiet)
    await expect(importing).rejects.toThrow(CaseError)
    await expect(importing).rejects.toThrow('test/ping.up in "% of the maximum"')
    expect(await store.specs()).toEqual(specs)
    expect(await store.series({ entity: belarus.series[0]!.info.entity })).toEqual([])
  })

  it('tells its progress up to all', async () => {
    const told: number[] = []
    await importCase(belarus, store, (done) => told.push(done))
    expect(told.at(-1)).toBe(1)
  })
})

import { describe, expect, it } from 'vitest'
import type { Incident, Revision } from '../model/incident.ts'
import type { UnixSeconds } from '../model/brand.ts'
import { DAY, HOUR } from '../model/time.ts'
import { openMemoryStore } from '../store/memory.ts'
import type { Store } from '../store/store.ts'
import type { LoadedCase } from './case.ts'
import type { LoadedSeries } from './loaded.ts'
import { seededRandom } from './random.ts'
import type { Lateness, Replayed } from './replay.ts'
import { ON_TIME, replay } from './replay.ts'
import { COUNTRY, START, sampleCase, spanOf } from './samples.testing.ts'

const DAYS = 18
const loaded = sampleCase(COUNTRY, DAYS, 3)

function run(
  which: LoadedCase,
  pace: 'bin-by-bin' | 'in-one-go',
  lateness: Lateness,
  asOf: number | null = null,
  store: Store = openMemoryStore(),
): Promise<Replayed> {
  return replay(which, store, { pace, lateness, progress: () => undefined, asOf: asOf as UnixSeconds | null })
}

/** What 'equal' means of incidents: entity, state, spans, episodes, kind, severity and evidence to the bin. */
function digest(incidents: readonly Incident[]): unknown {
  return incidents
    .filter((each) => each.state !== 'retracted')
    .map(({ entity, state, kind, severity, onset, end, episodes, evidence, contradictions, confidence }) => ({
      entity,
      state,
      kind,
      severity,
      onset,
      end,
      episodes,
      contradictions,
      confidence,
      evidence: evidence.map((each) => ({
        signal: each.signal,
        entity: each.entity,
        spans: each.spans.map((span) => {
          const { onset, end, close } = span
          return { onset, end, close }
        }),
      })),
    }))
    .sort((a, b) => a.onset.at - b.onset.at || (a.entity < b.entity ? -1 : 1))
}

const current = (replayed: Replayed): readonly Incident[] => replayed.ledger.current().map((each) => each.incident)

const live = await run(loaded, 'bin-by-bin', ON_TIME)
const revisions = await live.store.revisions({})

/** The newest revision of each incident that was published by an instant. */
function publishedBy(then: number): readonly Incident[] {
  const newest = new Map<string, Revision>()
  for (const revision of revisions) if (revision.publishedAt <= then) newest.set(revision.incident.id, revision)
  return [...newest.values()].map((each) => each.incident)
}

/** No bin of the last days is late: when all is there, the clock must say the same. */
const sixHoursLate = (seed: number): Lateness => {
  const random = seededRandom(seed)
  return (_, bin) => (random() < 0.1 && bin < START + (DAYS - 1) * DAY ? 6 * HOUR : 0)
}

describe('a replay', () => {
  it('finds what the sample holds', () => {
    expect(new Set(current(live).map((each) => each.entity))).toEqual(
      new Set(['country:KZ', 'region:KZ-75', 'country:BY']),
    )
    expect(revisions.length).toBeGreaterThan(10)
  })

  it('ends the same in one go as bin by bin', async () => {
    expect(digest(current(await run(loaded, 'in-one-go', ON_TIME)))).toEqual(digest(current(live)))
  })

  it.each([1, 2])('ends the same with one in ten bins six hours late (seed %i)', async (seed) => {
    const late = await run(loaded, 'bin-by-bin', sixHoursLate(seed))
    expect(digest(current(late))).toEqual(digest(current(live)))
  })

  it('says the same spans, to the share, whatever the order in which the data came', async () => {
    const late = await run(loaded, 'bin-by-bin', sixHoursLate(3))
    const spans = (replayed: Replayed): unknown =>
      [...replayed.scopes].map(([name, scope]) => [name, scope.standings().map((each) => each.spans.map(spanOf))])
    expect(spans(late)).toEqual(spans(live))
  })

  it('judges corrected values as if they had been right at once', async () => {
    const random = seededRandom(8)
    const store = openMemoryStore()
    const wrong: LoadedCase = {
      ...loaded,
      series: loaded.series.map((each): LoadedSeries => ({
        ...each,
        values: each.values.map((value) => (random() < 0.01 ? value * random() : value)),
      })),
    }
    await run(wrong, 'in-one-go', ON_TIME, null, store)
    const corrected = await run(loaded, 'bin-by-bin', () => 30 * DAY, null, store)
    const spans = (replayed: Replayed): unknown =>
      [...replayed.scopes].map(([name, scope]) => [name, scope.standings().map((each) => each.spans.map(spanOf))])
    expect(spans(corrected)).toEqual(spans(live))
  })

  it.each(Array.from({ length: 10 }, (_, i) => i))(
    'as known then is what had been published by then, at random instant %i',
    async (i) => {
      const random = seededRandom(100 + i)
      const then = Math.floor(START + (4 + random() * (DAYS - 4)) * DAY)
      const known = await run(loaded, 'in-one-go', ON_TIME, then)
      expect(known.now).toBeLessThanOrEqual(then)
      expect(digest(current(known))).toEqual(digest(publishedBy(then)))
    },
    30_000,
  )

  it('publishes nothing before its data had arrived, and in the order of time', () => {
    let before = 0
    for (const { publishedAt, incident, snapshot } of revisions) {
      expect(publishedAt).toBeGreaterThanOrEqual(before)
      expect(publishedAt).toBeGreaterThanOrEqual(incident.detectedAt)
      expect(publishedAt).toBeGreaterThanOrEqual(incident.onset.at)
      expect(snapshot).toBeGreaterThan(0)
      before = publishedAt
    }
  })

  it('numbers the revisions of each incident without holes, from 1', () => {
    const numbers = new Map<string, number>()
    for (const { incident, number } of revisions) {
      expect(number).toBe((numbers.get(incident.id) ?? 0) + 1)
      numbers.set(incident.id, number)
    }
  })

  it('keeps all its observations in the store, each with the instant at which it arrived', async () => {
    const first = loaded.series[0] as LoadedSeries
    const range = { from: 0 as UnixSeconds, until: 4e9 as UnixSeconds }
    expect((await live.store.read(0, range, null)).bins).toHaveLength(first.bins.length)
    const then = (START + 5 * DAY) as UnixSeconds
    const known = await live.store.read(0, range, then)
    const newest = first.bins.filter((bin) => bin + first.info.step + first.spec.delay <= then).at(-1)
    expect(known.bins.at(-1)).toBe(newest)
  })

  it('lets others have their turn while it runs', async () => {
    let turns = 0
    const count = (): void => {
      turns += 1
      next = setImmediate(count)
    }
    let next = setImmediate(count)
    await run(loaded, 'bin-by-bin', ON_TIME)
    clearImmediate(next)
    expect(turns).toBeGreaterThan(50)
  })

  it('tells its progress, growing, up to all', async () => {
    const told: number[] = []
    await replay(loaded, openMemoryStore(), {
      pace: 'bin-by-bin',
      lateness: ON_TIME,
      progress: (done) => told.push(done),
      asOf: (START + 2 * DAY) as UnixSeconds,
    })
    expect(told.at(-1)).toBe(1)
    expect(told.every((each, i) => i === 0 || each > (told[i - 1] ?? 0))).toBe(true)
  })

  it('sees nothing as of an instant before all data, and speaks from its beginning', async () => {
    const none = await run(loaded, 'bin-by-bin', ON_TIME, START - DAY)
    expect(none.now).toBe(loaded.from)
    expect(none.ledger.current()).toEqual([])
  })
})

import { beforeAll, describe, expect, it } from 'vitest'
import type { EntityId, IncidentId, UnixSeconds } from '../model/brand.ts'
import { DAY, HOUR } from '../model/time.ts'
import { openMemoryStore } from '../store/memory.ts'
import type { Store } from '../store/store.ts'
import type { Replayed } from './replay.ts'
import { ON_TIME, replay } from './replay.ts'
import type { Scope } from './scope.ts'
import { COUNTRY, START, sampleCase } from './samples.testing.ts'
import { createStoreView } from './store-view.ts'
import type { View } from './view.ts'

const DAYS = 15
const loaded = sampleCase(COUNTRY, DAYS, 5)
const at = (hours: number): UnixSeconds => (START + hours * HOUR) as UnixSeconds
const ALL = { from: START, until: at(DAYS * 24) }

let replayed: Replayed
/** Reads the judged scopes of the replay. */
let view: View
/** Judges from the store by itself. */
let alone: View

function viewOf(store: Store, judged: ReadonlyMap<string, Scope>): View {
  const { gazetteer, hierarchy } = loaded
  return createStoreView({
    id: 'sample',
    title: 'Sample',
    store,
    gazetteer,
    hierarchy,
    origin: () => 'measured',
    waypoints: [],
    now: () => replayed.now,
    judged,
    live: null,
  })
}

beforeAll(async () => {
  replayed = await replay(loaded, openMemoryStore(), {
    pace: 'bin-by-bin',
    lateness: ON_TIME,
    progress: () => undefined,
    asOf: null,
  })
  view = viewOf(replayed.store, replayed.scopes)
  alone = viewOf(replayed.store, new Map())
})

describe('a view of a store', () => {
  it('shows the same whether it judges anew or reads what was judged', async () => {
    for (const { id } of await view.series({})) {
      expect(await alone.trace(id, ALL, null)).toEqual(await view.trace(id, ALL, null))
    }
    expect(await alone.incidents({}, null)).toEqual(await view.incidents({}, null))
    for (const entity of ['country:KZ', 'region:KZ-75', 'country:BY'])
      expect(await alone.notes(entity as EntityId)).toEqual(await view.notes(entity as EntityId))
  })

  it('knows the newest bin of all that has a value', async () => {
    const ends = loaded.series.map(({ info, bins, values }) => {
      const last = bins.findLast((_, i) => !Number.isNaN(values[i])) ?? 0
      return last + info.step
    })
    expect(await view.newestData()).toBe(Math.max(...ends))
    expect(await viewOf(openMemoryStore(), new Map()).newestData()).toBeNull()
  })

  it('traces the values that the store holds beside their usual, bin by bin', async () => {
    const trace = await view.trace(1, ALL, null)
    const source = loaded.series[1]!
    expect([...trace.bins]).toEqual(source.bins)
    expect([...trace.values]).toEqual(source.values)
    const inCut = trace.bins.findIndex((bin) => bin === at(210))
    expect(trace.readings[inCut]).toBe('span')
    expect(trace.shares[inCut]).toBeLessThan(0.2)
    expect(trace.expected[inCut]).toBeGreaterThan(200)
    expect(trace.readings[trace.bins.findIndex((bin) => bin === at(150))]).toBe('quiet')
  })

  it('traces a range of it, and what nobody gave as a gap', async () => {
    const region = await view.trace(3, { from: at(88), until: at(98) }, null)
    expect(region.bins).toHaveLength(10)
    expect(region.bins[0]).toBe(at(88))
    expect(region.readings.map((each) => each === 'gap')).toEqual(
      [88, 89, 90, 91, 92, 93, 94, 95, 96, 97].map((hour) => hour >= 90 && hour < 96),
    )
    expect([...region.values].map(Number.isNaN)).toEqual(region.readings.map((each) => each === 'gap'))
    const none = await view.trace(3, { from: at(-50), until: at(-40) }, null)
    expect(none.bins).toHaveLength(0)
    expect((await view.trace(3, { from: at(9000), until: at(9001) }, null)).bins).toHaveLength(0)
  })

  it('traces as known then: no bin that had not arrived, and the usual of then', async () => {
    const then = at(205)
    const trace = await view.trace(0, ALL, then)
    const { step, delay } = loaded.series[0]!.spec
    expect((trace.bins.at(-1) ?? 0) + step + delay).toBeLessThanOrEqual(then)
    const whole = await view.trace(0, ALL, null)
    expect([...trace.expected]).toEqual([...whole.expected.subarray(0, trace.expected.length)])
  })

  it('refuses a series that there is not', async () => {
    await expect(view.trace(99, ALL, null)).rejects.toThrow(RangeError)
  })

  it('finds incidents by entity, country, state, time and place in the hierarchy', async () => {
    const ids = async (filter: Parameters<View['incidents']>[0]): Promise<readonly string[]> =>
      (await view.incidents(filter, null)).map((each) => each.entity).toSorted()
    const all = await ids({})
    expect(all).toEqual(['country:BY', 'country:KZ', 'region:KZ-75'])
    expect(await ids({ entity: 'country:KZ' as EntityId })).toEqual(['country:KZ'])
    expect(await ids({ country: 'KZ' })).toEqual(['country:KZ', 'region:KZ-75'])
    expect(await ids({ country: 'KZ', topLevelOnly: true })).toEqual(
      (await view.incidents({ country: 'KZ' }, null)).filter((each) => each.partOf === null).map((each) => each.entity),
    )
    expect(await ids({ states: [] })).toEqual([])
    const [state] = (await view.incidents({ entity: 'country:KZ' as EntityId }, null)).map((each) => each.state)
    expect(await ids({ states: [state!] })).toContain('country:KZ')
    const by = (await view.incidents({ entity: 'country:BY' as EntityId }, null))[0]!
    expect(await ids({ country: 'BY', since: by.end!.at })).toEqual([])
    expect(await ids({ country: 'BY', since: (by.end!.at - 1) as UnixSeconds })).toEqual(['country:BY'])
    expect(await ids({ country: 'BY', until: by.onset.at })).toEqual([])
    expect(await ids({ country: 'BY', until: (by.onset.at + 1) as UnixSeconds })).toEqual(['country:BY'])
  })

  it('gives an incident and its revisions, as they were at an instant too', async () => {
    const [first] = await view.revisions(
      ((await view.incidents({ entity: 'country:KZ' as EntityId }, null))[0]?.id ?? '') as IncidentId,
    )
    const { incident, publishedAt } = first!
    expect(await view.incident(incident.id, publishedAt)).toEqual(incident)
    expect(await view.incident(incident.id, (publishedAt - 1) as UnixSeconds)).toBeNull()
    expect(await view.incidents({}, (publishedAt - 30 * DAY) as UnixSeconds)).toEqual([])
    expect(await view.incident('KZ-1999-01-01-a' as IncidentId, null)).toBeNull()
  })

  it('shows the newest shares of today, and as known then the shares of then', async () => {
    const [incident] = await view.incidents({ entity: 'country:KZ' as EntityId }, null)
    const standing = replayed.scopes
      .get('KZ')
      ?.standings()
      .find((each) => each.entity === 'country:KZ' && each.spec.signal === 'ping.up')
    const shown = incident?.evidence.find((each) => each.signal === 'ping.up')
    expect([shown?.share, shown?.seenAt]).toEqual([standing?.share, standing?.seenAt])
    const last = (await view.revisions(incident!.id)).at(-1)!
    expect(await view.incident(incident!.id, last.publishedAt)).toEqual(last.incident)
  })
})

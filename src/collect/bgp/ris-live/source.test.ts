import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../../model/brand.ts'
import { seriesName } from '../../../model/series.ts'
import { HOUR, MINUTE } from '../../../model/time.ts'
import { testSource } from '../../source.testing.ts'
import { createSimulatedClock, type SimulatedClock } from '../../clock.testing.ts'
import { createKeeper, observationsOf, reportsOf, type Keeper } from '../../keeper.testing.ts'
import { createArchiveDisk, type ArchiveDisk } from '../archive/disk.ts'
import { fromArchive, LEAST_PEERS, makeTable } from './archive-truth.testing.ts'
import { followRisArchive } from './fetched-files.ts'
import { createRisServer, type RisFault, type RisServer } from './server.testing.ts'
import { createRisLiveSource, RIS_LIVE_DEFAULTS, type RisLiveOptions, type RisLiveSource } from './source.ts'
import { COLLECTORS, createWorld } from './world.testing.ts'

/** A Thursday at 00:00 UTC: a RIB is of that hour. */
const START = 1_700_092_800
const OPTIONS = {
  ...RIS_LIVE_DEFAULTS,
  version: '0.0.0',
  contact: null,
  collectors: COLLECTORS,
  wantsAs: () => true,
  makeTable,
  networks: [],
  leastPeers: LEAST_PEERS,
  fullFeedShare: 0.75,
} as const

/** Seen: one or two of these in a hundred, and only while the machine was busy with other work. */
const RETRY = 2

/** How each server of ours is reached, by its address. */
const running = new Map<string, Pick<RisLiveOptions, 'streamUrl' | 'openStream' | 'makeArchive'>>()

const FIRST_RIB = START - 8 * HOUR

/** Of the world of the conformance suite: made once, for days. */
const long = createWorld(FIRST_RIB - HOUR, START + 42 * HOUR, 7, 50)
const truth = await fromArchive(long, FIRST_RIB, START + 42 * HOUR)

testSource('RIS Live', {
  retry: RETRY,
  series: [...truth.values()].map(({ series }) => series),
  historySeconds: 0,
  settledSeconds: HOUR,
  hasNoEmptyAnswer: true,
  make: (url, budget) => {
    const server = running.get(url)
    if (server === undefined) throw new Error(`nobody listens at ${url}`)
    return createRisLiveSource({ ...OPTIONS, ...server, archiveUrl: url, budget })
  },
  async upstream(clock) {
    const server = await createRisServer(clock, long)
    const folder = await mkdtemp(join(tmpdir(), 'tocsin-ris-live-'))
    const disk = clock.holding(createArchiveDisk(folder, 100_000_000))
    running.set(server.url, {
      streamUrl: server.streamUrl,
      openStream: server.openStream,
      makeArchive: (parts) => followRisArchive(parts, disk),
    })
    return {
      url: server.url,
      fault: (kind) => server.fault(kind),
      get requests() {
        return server.requests.map(({ at, of }) => ({ at, host: of }))
      },
      mostAtOnce: () => server.mostAtOnce(),
      expected(series, bin) {
        const value = truth.get(seriesName(series))?.values.get(bin)
        return Number.isNaN(value) ? null : value
      },
      async close() {
        running.delete(server.url)
        await server.close()
        // What the source began as it was told to stop may still be writing.
        await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
      },
    }
  },
})

describe('RIS Live', { retry: RETRY }, () => {
  const world = createWorld(START - HOUR, START + 14 * HOUR, 20_231_116)
  let clock: SimulatedClock
  let server: RisServer
  let keeper: Keeper
  let folder: string
  let disk: ArchiveDisk
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-ris-live-'))
    clock = createSimulatedClock(START + HOUR)
    server = await createRisServer(clock, world)
    keeper = createKeeper(clock)
    disk = clock.holding(createArchiveDisk(folder, 100_000_000))
  })
  afterEach(async () => {
    await server.close()
    // What the source began as it was told to stop may still be writing.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  })

  const make = (over: Partial<RisLiveOptions> = {}): RisLiveSource =>
    createRisLiveSource({
      ...OPTIONS,
      streamUrl: server.streamUrl,
      archiveUrl: server.url,
      makeArchive: (parts) => followRisArchive(parts, disk),
      openStream: server.openStream,
      ...over,
    })

  const at = async (seconds: number): Promise<void> => {
    await clock.until(seconds as UnixSeconds, new AbortController().signal)
  }

  /** Bins that are not as the archive has them, as `series bin: kept, not held`. */
  const differences = async (since: number, until: number): Promise<readonly string[]> => {
    const held = await fromArchive(world, START, until)
    const wrong: string[] = []
    for (const [name, { values: bins }] of held) {
      const kept = keeper.rows.get(name)?.values
      for (const [bin, value] of bins) {
        if (bin < since || Object.is(kept?.get(bin), value)) continue
        wrong.push(`${name} ${bin - START}: ${kept?.get(bin)}, not ${value}`)
      }
    }
    expect(held.size).toBeGreaterThan(20)
    return wrong.slice(0, 5)
  }

  it('gives what the archive gives, bin by bin, within five minutes', async () => {
    await keeper.run(make(), START + 4 * HOUR)
    expect(await differences(START + HOUR, START + 3.75 * HOUR)).toEqual([])
    expect(reportsOf(keeper)).toEqual([])
    const late = observationsOf(keeper).filter(
      ({ item, at: now }) => now > START + 1.5 * HOUR && now - item.covered.span.until > 5 * MINUTE,
    )
    expect(late).toEqual([])
  })

  it('rests on bins that say something: counts that differ, peers that leave and return', async () => {
    const held = await fromArchive(world, START, START + 6 * HOUR)
    const of = (name: string): Set<number> => new Set(held.get(name)?.values.values())
    expect(of('ris/bgp.visible_slash24s/country:KZ').size).toBeGreaterThan(4)
    expect(of('ris/bgp.visible_slash48s/country:BY').size).toBeGreaterThan(1)
    expect(of('ris/bgp.updates/as:9198/ipv4').size).toBeGreaterThan(10)
    expect(of('ris/bgp.withdrawals/operator:KZ.kcell/ipv4').size).toBeGreaterThan(4)
    expect([...held.values()].every(({ values }) => [...values.values()].some((value) => !Number.isNaN(value)))).toBe(
      true,
    )
  })

  /** What each fault of the stream makes of our view; `null`: nothing that is worth telling. */
  const TOLD: readonly (readonly [RisFault, string | null])[] = [
    ['silent', 'stale'],
    ['half-open', 'unreachable'],
    ['unreachable', 'unreachable'],
    ['no-json', 'unreadable'],
    ['wrong-clock', 'wrong-clock'],
    ['garbage', null],
    ['repeats', null],
    ['disorder', null],
  ]

  it.each(TOLD)(
    'comes to what the archive gives after an hour of the fault "%s", and says so meanwhile',
    async (fault, told) => {
      const source = make()
      const running = keeper.run(source, START + 6 * HOUR)
      await at(START + 2 * HOUR + 137)
      server.fault(fault)
      await at(START + 3 * HOUR + 251)
      server.fault(null)
      await running
      expect(await differences(START + HOUR, START + 5.75 * HOUR)).toEqual([])
      const reports = reportsOf(keeper)
      const begun = reports.filter(({ on }) => on)
      if (told === null) expect(begun).toEqual([])
      else expect(new Set(begun.filter((each) => each.condition === told).map(({ signal }) => signal)).size).toBe(5)
      for (const { signal } of source.signals) {
        const own = reports.filter((each) => each.signal === signal)
        expect(own.at(-1)?.on ?? false).toBe(false)
      }
      const { malformed, duplicates, losses } = source.figures()
      if (fault === 'garbage') expect(malformed).toBeGreaterThan(100)
      if (fault === 'repeats') expect(duplicates).toBeGreaterThan(100)
      if (told === null) expect(losses).toEqual({})
      else expect(Object.values(losses).reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0)
      expect(source.figures().late).toBe(0)
      // Live again: the newest bin came within five minutes.
      const last = observationsOf(keeper).at(-1)
      expect(START + 6 * HOUR - (last?.item.covered.span.until ?? 0)).toBeLessThan(10 * MINUTE)
    },
  )

  it('drops a connection that floods it, holds no more than it may, and comes to what the archive gives', async () => {
    const bufferBytes = 300_000
    const source = make({ bufferBytes })
    const running = keeper.run(source, START + 5 * HOUR)
    for (let i = 0; i < 4; i++) {
      await at(START + 2 * HOUR + i * 1100)
      server.flood(20_000)
    }
    await running
    expect(await differences(START + HOUR, START + 4.75 * HOUR)).toEqual([])
    const { losses, mostBuffered } = source.figures()
    expect(losses).toEqual({ flood: 4 })
    // One message more than it may, and one doubling of what holds a second.
    expect(mostBuffered).toBeGreaterThan(bufferBytes)
    expect(mostBuffered).toBeLessThan(3 * bufferBytes)
    const told = reportsOf(keeper).filter(({ on }) => on)
    expect(new Set(told.map(({ condition }) => condition))).toEqual(new Set(['stale']))
    expect(told[0]?.detail).toContain('bytes wait')
    expect(reportsOf(keeper).at(-1)?.on).toBe(false)
  })

  it('fills every gap of a stream that is cut again and again', async () => {
    const source = make()
    const running = keeper.run(source, START + 6 * HOUR)
    for (let i = 0; i < 12; i++) {
      await at(START + 2 * HOUR + i * 613)
      server.drop()
    }
    await running
    expect(await differences(START + HOUR, START + 5.75 * HOUR)).toEqual([])
    expect(source.figures().losses['unreachable']).toBeGreaterThan(8)
    // Once live, it needs the archive for gaps alone.
    const asked = server.requests.filter(({ of, at: when }) => of === 'archive' && when > START + 5 * HOUR)
    expect(asked).toEqual([])
  })

  it('tells the bins of a gap as its own until the archive gives them, and gives no zeros for them', async () => {
    const running = keeper.run(make(), START + 6 * HOUR)
    await at(START + 2 * HOUR)
    server.holdUpdates(true)
    server.drop()
    await at(START + 4 * HOUR)
    const [row] = keeper.rows.values()
    expect([...(row?.values.keys() ?? [])].filter((bin) => bin >= START + 2 * HOUR)).toEqual([])
    const standing = (): readonly string[] => {
      const on = new Set<string>()
      for (const each of reportsOf(keeper)) {
        if (each.on) on.add(`${each.signal} ${each.condition}`)
        else on.delete(`${each.signal} ${each.condition}`)
      }
      return [...on]
    }
    expect(standing()).toContain('bgp.visible_slash24s unreachable')
    expect(server.connections()).toBe(1)
    server.holdUpdates(false)
    await running
    expect(standing()).toEqual([])
    expect(await differences(START + HOUR, START + 5.75 * HOUR)).toEqual([])
  })

  it('holds no more than it may while the archive is away for hours, and comes back to the stream after it', async () => {
    const bufferBytes = 60_000
    const source = make({ bufferBytes })
    const running = keeper.run(source, START + 8 * HOUR)
    await at(START + 2 * HOUR)
    server.holdUpdates(true)
    server.drop()
    await at(START + 5 * HOUR)
    server.holdUpdates(false)
    await running
    expect(source.figures().losses['flood']).toBeGreaterThan(0)
    expect(source.figures().mostBuffered).toBeLessThan(3 * bufferBytes)
    expect(await differences(START + HOUR, START + 7.75 * HOUR)).toEqual([])
    expect(reportsOf(keeper).at(-1)?.on).toBe(false)
  })

  it('goes on where it was after a restart: no bin is given twice, and none is missing', async () => {
    await keeper.run(make(), START + 2.6 * HOUR)
    const before = observationsOf(keeper).length
    await at(START + 4 * HOUR)
    await keeper.run(make({ backfillSeconds: 24 * HOUR }), START + 6 * HOUR)
    const later = observationsOf(keeper)
      .slice(before)
      .map(({ item }) => item.covered.span.from)
    expect(Math.min(...later)).toBeGreaterThanOrEqual(START + 2.5 * HOUR)
    expect(await differences(START + HOUR, START + 5.75 * HOUR)).toEqual([])
  })

  it('leaves the stream alone for as long as it asks, then ever longer while it is refused', async () => {
    server.fault('refuses')
    await keeper.run(make(), START + 4 * HOUR)
    const tries = server.requests.filter(({ of }) => of === 'stream').map(({ at: when }) => when)
    const pauses = tries.slice(1).map((when, i) => when - (tries[i] ?? 0))
    expect(pauses.length).toBeGreaterThan(3)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(600)
    expect(reportsOf(keeper).find(({ detail }) => detail.startsWith('stream'))?.detail).toBe('stream: HTTP 429')
  })

  it('keeps the last few messages that it could not read, for people', async () => {
    const source = make()
    const running = keeper.run(source, START + 2 * HOUR)
    await at(START + 1.5 * HOUR)
    for (let i = 0; i < 7; i++) server.say(`{"type":"ris_message","data":{"number":${i}}}`)
    await running
    const { malformed, lastMalformed } = source.figures()
    expect(malformed).toBe(7)
    expect(lastMalformed.map(({ text }) => text)).toEqual(
      [2, 3, 4, 5, 6].map((i) => `{"type":"ris_message","data":{"number":${i}}}`),
    )
    expect(reportsOf(keeper)).toEqual([])
  })

  it('says why the server closed, where it said so before', async () => {
    const running = keeper.run(make(), START + 2 * HOUR)
    await at(START + 1.5 * HOUR)
    server.say('{"type":"ris_error","data":{"message":"client is too slow"}}')
    server.drop()
    await running
    expect(reportsOf(keeper)[0]?.detail).toBe('stream: client is too slow')
  })

  it('applies what comes later than is allowed for, and counts it', async () => {
    const source = make({ disorderSeconds: 5 })
    const running = keeper.run(source, START + 4 * HOUR)
    await at(START + 2 * HOUR)
    server.fault('disorder')
    await at(START + 3 * HOUR)
    server.fault(null)
    await running
    expect(source.figures().late).toBeGreaterThan(10)
    expect(reportsOf(keeper)).toEqual([])
    const bins = [...(keeper.rows.values().next().value?.values.keys() ?? [])]
    expect(bins.filter((bin) => bin >= START + 2 * HOUR).length).toBeGreaterThan(20)
  })

  it('stops at once while it waits for the archive, and while the stream is opened', async () => {
    expect(await keeper.run(make(), START + 2 * HOUR)).toBe(0)
    server.fault('hangs')
    expect(await keeper.run(make(), START + 2.2 * HOUR)).toBe(0)
  })
})

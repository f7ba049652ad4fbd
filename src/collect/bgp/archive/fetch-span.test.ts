import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../../model/brand.ts'
import { HOUR, MINUTE } from '../../../model/time.ts'
import { createSimulatedClock, type SimulatedClock } from '../../clock.testing.ts'
import type { ArchiveDisk } from './disk.ts'
import { createMemoryDisk } from './disk.testing.ts'
import { fetchSpan, type NotFetched } from './fetch-span.ts'
import { createArchiveServer, type ArchiveServer } from './server.testing.ts'
import { WORLD } from './world.testing.ts'

const START = 1_700_092_800

describe('files that counting a span of the past needs', () => {
  let clock: SimulatedClock
  let server: ArchiveServer
  let disk: ArchiveDisk
  const told: number[] = []
  beforeEach(async () => {
    clock = createSimulatedClock(START + 5 * HOUR)
    server = await createArchiveServer(clock, WORLD)
    disk = clock.holding(createMemoryDisk())
    told.length = 0
  })
  afterEach(() => server.close())

  const fetchIt = (signal = new AbortController().signal): Promise<readonly NotFetched[]> =>
    fetchSpan(
      {
        layout: 'ris',
        baseUrl: server.url,
        collectors: ['rrc00', 'rrc01'],
        span: { from: (START + HOUR) as UnixSeconds, until: (START + 2 * HOUR) as UnixSeconds },
        disk,
        budget: { requests: 600, perSeconds: 3600, backfillShare: 1 },
        version: '0',
        contact: null,
        progress: (done) => told.push(done),
      },
      {
        clock,
        random: () => 0.5,
        fetch: clock.fetch(fetch),
        signal,
        progress: { covered: () => [] },
        focus: () => [],
      },
    )

  it('are the RIB before it and all updates since, of each collector, one at a time; and are asked for once', async () => {
    expect(await fetchIt()).toEqual([])
    // A RIB and 24 files of five minutes each.
    expect((await disk.list()).length).toBe(2 * (1 + 24))
    expect(told.at(-1)).toBe(1)
    expect(server.mostAtOnce()).toBe(1)
    const before = server.requests.length
    expect(await fetchIt()).toEqual([])
    expect(server.requests.length).toBe(before)
  })

  it('are told where the archive does not have one, and the others come all the same', async () => {
    server.hide('updates.20231116.0100')
    const lost = await fetchIt()
    expect(lost.map(({ url }) => url.split('/').at(-1))).toEqual([
      'updates.20231116.0100.gz',
      'updates.20231116.0100.gz',
    ])
    expect(lost.every(({ reason }) => reason.includes('none of that name'))).toBe(true)
    expect((await disk.list()).length).toBe(48)
  })

  it('begin with an older RIB where the newest is missing, and hold all updates since that one', async () => {
    server.hide('rrc00/2023.11/bview.20231116.0000')
    const lost = await fetchIt()
    expect(lost.map(({ url }) => url.split('/').at(-1))).toEqual(['bview.20231116.0000.gz'])
    // Eight hours more of the one, and what the other needs.
    expect((await disk.list()).length).toBe(1 + 24 + 96 + 1 + 24)
  })

  it('come when an archive that errs is well again, without being asked in a hurry', async () => {
    server.fault('errs')
    const running = fetchIt()
    await clock.until((START + 5 * HOUR + MINUTE) as UnixSeconds, new AbortController().signal)
    expect(server.requests.length).toBeLessThan(10)
    server.fault(null)
    expect(await running).toEqual([])
    expect((await disk.list()).length).toBe(50)
  })

  it('are no longer asked for when we are told to stop', async () => {
    const stop = new AbortController()
    stop.abort()
    await fetchIt(stop.signal)
    expect(server.requests).toEqual([])
  })
})

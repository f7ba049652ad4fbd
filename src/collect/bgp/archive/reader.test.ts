import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SourceId, UnixSeconds } from '../../../model/brand.ts'
import { HOUR } from '../../../model/time.ts'
import type { RouteSink } from '../../../wire/route-sink.ts'
import { createSimulatedClock, type SimulatedClock } from '../../clock.testing.ts'
import { createClient } from '../../http/client.ts'
import { createMeter } from '../../http/meter.ts'
import { createRequestWindow } from '../../http/window.ts'
import type { ArchiveReader } from '../archive-reader.ts'
import { createMemoryDisk } from './disk.testing.ts'
import { createArchiveReader } from './reader.ts'
import { createArchiveServer, type ArchiveServer } from './server.testing.ts'
import { WORLD } from './world.testing.ts'

const START = 1_700_092_800
const at = (seconds: number): UnixSeconds => (START + seconds) as UnixSeconds

/** Notes what it is handed: who, what, and when. */
function noting(notes: string[]): (collector: string) => RouteSink {
  return (collector) => ({
    peer: ({ asn }) => asn,
    ribBegins: (time) => void notes.push(`${collector} rib ${time - START}`),
    entry: () => undefined,
    announce: ({ time, peer }) => void notes.push(`${collector} ${peer} announces ${time - START}`),
    withdraw: ({ time, peer }) => void notes.push(`${collector} ${peer} withdraws ${time - START}`),
    state: () => undefined,
    endOfRib: () => undefined,
  })
}

describe('an archive for who follows a stream', () => {
  let clock: SimulatedClock
  let server: ArchiveServer
  let reader: ArchiveReader
  const notes: string[] = []
  beforeEach(async () => {
    clock = createSimulatedClock(START + 3 * HOUR)
    server = await createArchiveServer(clock, WORLD)
    notes.length = 0
    const context = {
      clock,
      random: () => 0.5,
      fetch: clock.fetch(fetch),
      signal: new AbortController().signal,
      progress: { covered: () => [] },
      focus: () => [],
    }
    const meter = createMeter()
    const window = createRequestWindow({ requests: 600, perSeconds: 3600, backfillShare: 0.5 })
    const options = { source: 'ris' as SourceId, userAgent: 'x', timeoutSeconds: 60, limitBytes: 1e6, window, meter }
    const client = createClient(options, context)
    const parts = { baseUrl: server.url, collectors: ['rrc00', 'rrc01'], client, meter, context }
    reader = createArchiveReader('ris', clock.holding(createMemoryDisk()), parts)
  })
  afterEach(() => server.close())

  it('seeds a table from the newest RIB of each collector that is there, and says from when updates are wanted', async () => {
    const { outcome, from } = await reader.seed(at(2 * HOUR), noting(notes))
    expect(from).toBe(START)
    expect(outcome).toMatchObject({ kind: 'read', missing: [], files: [{ state: 'read' }, { state: 'read' }] })
    expect(notes).toEqual(['rrc00 rib 0', 'rrc01 rib 0'])
  })

  it('takes an older RIB where the newest of all is missing, and tells which collectors have none', async () => {
    server.hide('bview.20231116.0000')
    expect((await reader.seed(at(2 * HOUR), noting(notes))).from).toBe(START - 8 * HOUR)
    server.hide('rrc01')
    const { outcome } = await reader.seed(at(2 * HOUR), noting(notes))
    expect(outcome).toMatchObject({ kind: 'read', missing: ['rrc01'] })
  })

  it('hands on the messages of a span, of all collectors in the order of time, and none from before', async () => {
    const outcome = await reader.updates({ from: at(20), until: at(300) }, noting(notes))
    expect(outcome).toMatchObject({ kind: 'read', missing: [] })
    const times = notes.map((note) => Number(note.split(' ').at(-1)))
    expect(times.length).toBeGreaterThan(3)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(Math.min(...times)).toBe(20)
    expect(new Set(notes.map((note) => note.split(' ')[0]))).toEqual(new Set(['rrc00', 'rrc01']))
  })

  it('says when to come again for what is not written yet, without asking', async () => {
    clock.set(at(400))
    expect(await reader.updates({ from: at(300), until: at(600) }, noting(notes))).toEqual({
      kind: 'not-yet',
      retryAt: at(840),
    })
    expect([server.requests.length, notes]).toEqual([0, []])
  })

  it('hands on nothing while a file is not there, and goes without it when that has lasted', async () => {
    server.hide('rrc01/2023.11/updates')
    clock.set(at(900))
    expect(await reader.updates({ from: at(0), until: at(300) }, noting(notes))).toMatchObject({ kind: 'not-yet' })
    expect(notes).toEqual([])
    clock.set(at(3600))
    expect(await reader.updates({ from: at(0), until: at(300) }, noting(notes))).toMatchObject({
      kind: 'read',
      missing: ['rrc01'],
    })
    expect(notes.every((note) => note.startsWith('rrc00'))).toBe(true)
  })

  it('waits while the archive as a whole does not go on, and passes what is missing when it does', async () => {
    server.hide('updates')
    expect(await reader.updates({ from: at(0), until: at(300) }, noting(notes))).toMatchObject({ kind: 'not-yet' })
    server.hide('updates.20231116.0000')
    expect(await reader.updates({ from: at(0), until: at(300) }, noting(notes))).toMatchObject({
      kind: 'read',
      files: [],
      missing: ['rrc00', 'rrc01'],
    })
  })

  it('tells what is wrong, and puts nothing into the sink', async () => {
    const read = (): ReturnType<ArchiveReader['updates']> =>
      reader.updates({ from: at(0), until: at(300) }, noting(notes))
    server.fault('changed-field')
    expect(await read()).toMatchObject({
      kind: 'unreadable',
      reason: 'no record that carries routes; the first is of type 99/1',
    })
    server.fault('wrong-clock')
    expect(await read()).toMatchObject({ kind: 'wrong-clock', reason: 'clock +14400 s' })
    server.fault('refuses')
    expect(await read()).toMatchObject({ kind: 'unreachable', reason: 'HTTP 429', retryAt: START + 3 * HOUR + 600 })
    expect(await read()).toEqual({ kind: 'wait', retryAt: START + 3 * HOUR + 600 })
    expect(notes).toEqual([])
    server.fault(null)
    clock.set(at(4 * HOUR))
    expect(await read()).toMatchObject({ kind: 'read' })
  })

  it('goes on with half a file where it was broken off, if it is still the same file', async () => {
    server.fault('half-body')
    await reader.updates({ from: at(0), until: at(300) }, noting(notes))
    server.fault(null)
    clock.set(at(4 * HOUR))
    expect(await reader.updates({ from: at(0), until: at(300) }, noting(notes))).toMatchObject({ kind: 'read' })
    const [first, second] = server.requests
    expect([first?.range, second?.path]).toEqual([null, first?.path])
    expect(second?.range).toMatch(/^bytes=\d+-$/)
  })
})

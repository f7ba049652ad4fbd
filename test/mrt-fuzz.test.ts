import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { BROKEN_REASONS } from '../src/wire/broken.ts'
import { DumpLines } from '../src/wire/mrt/dump-lines.ts'
import { everyKind, mutate, PEER_TABLE, seeded } from '../src/wire/mrt/fuzz.testing.ts'
import { JsonLines } from '../src/wire/mrt/json-lines.ts'
import { createMrtReader, createMrtState, scanMrt, type MrtState } from '../src/wire/mrt/reader.ts'
import { scanRecords } from '../src/wire/mrt/scan.ts'
import { createRisLiveState, decodeRisLive } from '../src/wire/ris-live/message.ts'
import type { PeerKey, RouteCursor, RouteSink } from '../src/wire/route-sink.ts'
import { shared } from './shared.ts'

/** One that is always the same, and one that is always another: what it finds can be had again by its number. */
const FRESH = Number(process.env.TOCSIN_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))
const SEEDS = [20_220_105, FRESH]

/** Inputs a seed; with both seeds, and those of the other tests here, over a million. */
const INPUTS = 510_000

/** Sums up every call with all that is in it, and looks whether it can be. */
class Sum implements RouteSink {
  value = 0
  calls = 0
  private readonly keys = new Map<string, number>()

  private take(number: number): void {
    this.value = (Math.imul(this.value ^ (number | 0), 0x9e3779b1) + Math.floor(number / 4_294_967_296)) | 0
  }

  private route(kind: number, route: RouteCursor): void {
    this.calls += 1
    const { family, length, word0, word1, word2, word3 } = route
    if (length < 0 || length > (family === 4 ? 32 : 128)) throw new Error(`length ${length} of IPv${family}`)
    if (family === 4 && (word1 | word2 | word3) !== 0) throw new Error('IPv4 of four words')
    for (const each of [
      word0,
      word1,
      word2,
      word3,
      route.pathId,
      route.time,
      route.since,
      route.origin,
      route.pathHash,
    ])
      if (!(each >= 0 && each <= 4_294_967_295 && Number.isInteger(each))) throw new Error(`${each} is no word`)
    if (!Number.isInteger(route.peer)) throw new Error('a peer without a number')
    if (kind < 3 && route.pathHash === 0) throw new Error('a hash of 0')
    this.take(kind)
    this.take(family * 256 + length)
    for (const each of [word0, word1, word2, word3, route.pathId, route.time, route.micros, route.peer]) this.take(each)
    if (kind < 3) for (const each of [route.origin, route.pathHash, route.since]) this.take(each)
  }

  peer(key: PeerKey): number {
    const name = `${key.family} ${key.word0} ${key.word1} ${key.word2} ${key.word3} ${key.asn}`
    let number = this.keys.get(name)
    if (number === undefined) {
      // Mutated addresses are new peers without end; the table itself has its own limits.
      if (this.keys.size > 10_000) this.keys.clear()
      number = this.keys.size
      this.keys.set(name, number)
    }
    return number
  }

  ribBegins(time: number): void {
    this.take(time)
  }

  entry(route: RouteCursor): void {
    this.route(1, route)
  }

  announce(route: RouteCursor): void {
    this.route(2, route)
  }

  withdraw(route: RouteCursor): void {
    this.route(3, route)
  }

  state(time: number, micros: number, peer: number, from: number, to: number): void {
    this.calls += 1
    for (const each of [4, time, micros, peer, from, to]) this.take(each)
  }

  endOfRib(time: number, peer: number, family: number): void {
    this.calls += 1
    for (const each of [5, time, peer, family]) this.take(each)
  }
}

/** Records of real archives, up to 1,000 bytes each, from all over each file; none where the shared folder is not there. */
function realRecords(): Buffer[] {
  const folders = [shared('mrt'), shared('mrt/lab')].filter(existsSync)
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter(
        (name) =>
          !name.includes('expected') && !/\.(?:md|json|bz2)$/.test(name) && !statSync(join(folder, name)).isDirectory(),
      )
      .flatMap((name) => {
        const packed = readFileSync(join(folder, name))
        const bytes = name.endsWith('.gz') ? gunzipSync(packed) : packed
        const records: Buffer[] = []
        for (let at = 0; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at + 8))
          records.push(bytes.subarray(at, at + 12 + bytes.readUInt32BE(at + 8)))
        const short = records.filter((each) => each.length <= 1000)
        const every = Math.max(1, Math.floor(short.length / 60))
        return short.filter((_, index) => index % every === 0).map((each) => Buffer.from(each))
      }),
  )
}

const corpus = [...everyKind(), ...realRecords()]

/** A reader of single records in a field of poison. */
function inPoison(poison: number): (record: Uint8Array) => { sum: number; state: MrtState; end: number } {
  const field = new Uint8Array(70_000)
  const state = createMrtState()
  const sum = new Sum()
  return (record) => {
    const from = 64
    field.fill(poison, 0, from)
    field.set(record, from)
    field.fill(poison, from + record.length, from + record.length + 600)
    // Each by itself: what another record left behind must not matter.
    state.isSearching = false
    scanMrt(PEER_TABLE, 0, Infinity, sum, state)
    sum.value = 0
    const end = scanRecords(field, from, from + record.length, Infinity, sum, state, 0)
    return { sum: sum.value, state, end: end - from }
  }
}

function heapMegabytes(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 1e6
}

describe.each(SEEDS)('broken records from seed %i', (seed) => {
  it('are counted, read nothing from around them, take no time and no memory', { timeout: 300_000 }, () => {
    const random = seeded(seed)
    const zeros = inPoison(0)
    const ones = inPoison(0xff)
    const lines: string[] = []
    const dump = new DumpLines((line) => lines.push(line))
    const json = new JsonLines((line) => lines.push(line))
    const printers = [
      createMrtReader(dump, { forPrinting: true }),
      createMrtReader(json, { forPrinting: true, onRecord: (broken) => json.record(broken) }),
    ]
    dump.wire = printers[0]!.state
    json.wire = printers[1]!.state
    let slowest = 0
    let heap = 0
    for (let input = 0; input < INPUTS; input += 1) {
      if (input === INPUTS / 2) heap = heapMegabytes()
      const record = mutate(corpus, random)
      const before = performance.now()
      const one = zeros(record)
      const other = ones(record)
      if (one.sum !== other.sum || one.end !== other.end)
        throw new Error(`what is around matters: input ${input}, ${record.toString('hex')}`)
      if (input % 8 === 0)
        for (const printer of printers) {
          printer.push(PEER_TABLE)
          printer.push(record)
          // A record that claims to be longer than it is would swallow its neighbours: the next begins anew.
          printer.end()
          printer.state.isSearching = false
          lines.length = 0
        }
      slowest = Math.max(slowest, performance.now() - before)
    }
    const [{ state: one }, { state: other }] = [zeros(PEER_TABLE), ones(PEER_TABLE)]
    expect(one.counts).toEqual(other.counts)
    // The corpus and what is done to it reach all that can be wrong, and leave much that is right.
    expect(one.counts.brokenReasons().map(({ reason }) => reason)).toEqual(BROKEN_REASONS)
    expect(one.counts.announcements).toBeGreaterThan(INPUTS / 50)
    expect(slowest).toBeLessThan(5000)
    expect(heapMegabytes() - heap).toBeLessThan(16)
  })

  it('never lead to a byte outside of them', () => {
    const random = seeded(seed + 1)
    const state = createMrtState()
    const sum = new Sum()
    for (let input = 0; input < 10_000; input += 1) {
      const record = mutate(corpus, random)
      const watched = watch(record)
      state.isSearching = false
      scanMrt(PEER_TABLE, 0, Infinity, sum, state)
      scanRecords(watched.bytes, 0, record.length, Infinity, sum, state, 0)
      if (watched.outside() !== null)
        throw new Error(`byte ${watched.outside()} of ${record.length}: ${record.toString('hex')}`)
    }
  })

  it('are found the same in a file, however it is cut', () => {
    const random = seeded(seed + 2)
    for (let round = 0; round < 400; round += 1) {
      const records = Array.from({ length: 1 + random(30) }, () =>
        random(4) === 0 ? mutate(corpus, random) : corpus[random(corpus.length)]!,
      )
      const bytes = Buffer.concat([PEER_TABLE, ...records])
      const whole = new Sum()
      const reader = createMrtReader(whole, { maxRecordBytes: 5000 })
      reader.push(bytes)
      reader.end()
      expect(reader.counts.bytes).toBe(bytes.length)
      const cut = new Sum()
      const pieces = createMrtReader(cut, { maxRecordBytes: 5000 })
      for (let at = 0; at < bytes.length;) {
        const size = 1 + random(random(3) === 0 ? 3 : 2000)
        // A piece is the reader's for the call only.
        const piece = Buffer.from(bytes.subarray(at, at + size))
        pieces.push(piece)
        piece.fill(0xee)
        at += size
      }
      pieces.end()
      expect([seed, round, cut.value, cut.calls]).toEqual([seed, round, whole.value, whole.calls])
      expect(pieces.counts).toEqual(reader.counts)
    }
  })

  it('do no harm as messages of RIS Live either', () => {
    const random = seeded(seed + 3)
    const text = JSON.stringify({
      type: 'ris_message',
      data: {
        timestamp: 1_553_627_987.89,
        peer: '2001:db8::1',
        peer_asn: '64500',
        id: 'x',
        host: 'rrc00',
        type: 'UPDATE',
        path: [64_500, 3356, [1, 2]],
        announcements: [{ next_hop: '192.0.2.1', prefixes: ['192.0.2.0/24', '2001:db8::/32'] }],
        withdrawals: ['10.0.0.0/8'],
      },
    })
    const state = createRisLiveState()
    const sum = new Sum()
    const kinds = new Set<string>()
    const pieces = [
      'null',
      '[]',
      '{}',
      '""',
      '-1',
      '1e999',
      '"x"',
      ',',
      '[[',
      '/33',
      '/0',
      ':',
      '4294967296',
      '\\u0000',
      '\u{1F600}',
    ]
    for (let input = 0; input < 20_000; input += 1) {
      const at = random(text.length)
      const piece = random(2) === 0 ? pieces[random(pieces.length)]! : String.fromCharCode(random(128))
      const outcome = decodeRisLive(text.slice(0, at) + piece + text.slice(at + random(12)), () => sum, state)
      kinds.add(outcome.kind === 'broken' ? outcome.fault : outcome.kind)
    }
    expect([...kinds]).toEqual(
      expect.arrayContaining(['routes', 'not-json', 'path', 'announcements', 'withdrawals', 'peer']),
    )
  })
})

/** The bytes of a record, and whether any index but its own was ever read. */
function watch(record: Uint8Array): { readonly bytes: Uint8Array; readonly outside: () => string | null } {
  let outside: string | null = null
  // A plain one: of a Buffer the decoder makes a view of its own.
  const bytes = new Proxy(new Uint8Array(record), {
    get(target, name) {
      if (
        typeof name === 'string' &&
        /^-?\d|NaN|undefined/.test(name) &&
        !(Number(name) >= 0 && Number(name) < target.length)
      )
        outside ??= name
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' && name !== 'constructor'
        ? (value as (...args: unknown[]) => unknown).bind(target)
        : value
    },
  })
  return { bytes, outside: () => outside }
}

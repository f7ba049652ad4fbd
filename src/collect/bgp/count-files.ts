import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { Seconds, UnixSeconds } from '../../model/brand.ts'
import { binStart } from '../../model/time.ts'
import { createMrtReader, type MrtCounts } from '../../wire/mrt/reader.ts'
import { openArchiveFile } from './archive-file.ts'
import { compressionOf, type Compression } from './archive-magic.ts'
import { createFeed, createMerge, type FeedFile } from './archive/feed.ts'
import { ROUTING_STEP } from './signals.ts'
import type { RouteTable } from './table/route-table.ts'

/** A file as it was found: what it begins with, not what its name says. */
export interface FoundFile {
  readonly path: string
  readonly collector: string
  readonly kind: 'rib' | 'updates'
  /** Of its first record. */
  readonly at: UnixSeconds
  /** As it lies there. */
  readonly bytes: number
  readonly isPacked: boolean
  readonly open: () => AsyncIterable<Uint8Array>
}

/** What was read of one file. */
export interface ReadFile {
  readonly path: string
  readonly counts: MrtCounts
  /** Why it could not be read to its end; `null` where it could. */
  readonly failure: string | null
}

/** Files up to which the one that was looked into stays open. */
const STAY_OPEN = 16
/** Read at once, bytes. */
const RAW_BYTES = 1 << 20
const TABLE_DUMP = 12
const TABLE_DUMP_V2 = 13
/** Types that RFC 6396 and what came before it know. */
const FIRST_TYPE = 5
const LAST_TYPE = 49
/** Between what is read, seconds without anything that are gone through bin by bin: whoever was heard is silent then. */
const LONGEST_PAUSE = 86_400

/**
 * Looks into files that somebody named.
 *
 * @returns the file, or why it cannot be counted, in words.
 * @throws what Node throws where it cannot be opened; Error where not even its beginning can be unpacked.
 */
export async function lookInto(path: string, collector: string, number: number): Promise<FoundFile | string> {
  const { value: first, rest, isPacked } = await firstBytes(path)
  if (first.length < 12) return 'it holds no record'
  const view = new DataView(first.buffer, first.byteOffset, 12)
  const type = view.getUint16(4)
  if (type < FIRST_TYPE || type > LAST_TYPE) return 'it is no MRT file'
  const kind = type === TABLE_DUMP || type === TABLE_DUMP_V2 ? 'rib' : 'updates'
  const at = view.getUint32(0) as UnixSeconds
  if (number >= STAY_OPEN) await rest.return?.()
  const open = (): AsyncIterable<Uint8Array> =>
    number < STAY_OPEN ? continued(first, rest) : chunksOf(path, rawChunks(path))
  return { path, collector, kind, at, bytes: statSync(path).size, isPacked, open }
}

interface RawChunks {
  readonly compression: Compression
  readonly chunks: Generator<Uint8Array>
}

/** The first chunk that holds a header, and the others. */
async function firstBytes(
  path: string,
): Promise<{ value: Uint8Array; rest: AsyncIterator<Uint8Array>; isPacked: boolean }> {
  const raw = rawChunks(path)
  const rest = chunksOf(path, raw)[Symbol.asyncIterator]()
  let value: Uint8Array = new Uint8Array(0)
  while (value.length < 12) {
    const next = await rest.next()
    if (next.done === true) break
    value = value.length === 0 ? next.value : Buffer.concat([value, next.value])
  }
  return { value, rest, isPacked: raw.compression !== 'none' }
}

async function* continued(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  try {
    for (;;) {
      const next = await rest.next()
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await rest.return?.()
  }
}

async function* chunksOf(path: string, { chunks, compression }: RawChunks): AsyncGenerator<Uint8Array> {
  if (compression === 'none') {
    yield* chunks
    return
  }
  const file = await openArchiveFile(path)
  yield* file.chunks
  if (file.damage !== null) throw new Error(file.damage)
}

/**
 * A file as it lies on disk, through two buffers in turn: whoever takes a chunk is done with the one before. Read in this
 * thread, since a copy out of the page cache is faster than handing one over from another.
 */
function rawChunks(path: string): RawChunks {
  const file = openSync(path, 'r')
  const head = new Uint8Array(4)
  readSync(file, head, 0, 4, 0)
  const compression = compressionOf(head)
  if (compression !== 'none') closeSync(file)
  return { compression, chunks: inTurn(file) }
}

function* inTurn(file: number): Generator<Uint8Array> {
  try {
    let buffer = Buffer.allocUnsafeSlow(RAW_BYTES)
    let other = Buffer.allocUnsafeSlow(RAW_BYTES)
    for (;;) {
      const bytes = readSync(file, buffer, 0, RAW_BYTES, null)
      if (bytes === 0) return
      yield buffer.subarray(0, bytes)
      const swapped = buffer
      buffer = other
      other = swapped
    }
  } finally {
    closeSync(file)
  }
}

/**
 * Counts files that somebody named: RIBs and updates of one or several collectors, merged in the order of time. Every RIB
 * is taken, when the others have come to its beginning. The last bin ends with its files, and may be a part of one.
 *
 * @param read told of each file that is over.
 * @returns start of each bin that was closed, UTC seconds: `table.counts` has what was counted, until the next is asked for.
 */
export async function* countFiles(
  files: readonly FoundFile[],
  table: RouteTable,
  read: (file: ReadFile) => void,
): AsyncGenerator<number> {
  const inOrder = [...files].sort((a, b) => a.at - b.at)
  const ribs = inOrder.filter(({ kind }) => kind === 'rib')
  const updates = inOrder.filter(({ kind }) => kind === 'updates')
  const feeds = [...new Set(updates.map(({ collector }) => collector))].map((collector) => {
    const own = updates.filter((file) => file.collector === collector)
    return createFeed(
      own.map(({ path, open }): FeedFile => ({ path, open }))[Symbol.iterator](),
      table.collector(collector),
    )
  })
  const merge = createMerge(feeds)
  const start = (at: number): number => binStart(at as UnixSeconds, ROUTING_STEP, 0 as Seconds)
  const [first] = inOrder
  if (first === undefined) return
  try {
    for (let bin = start(first.at); ;) {
      const end = bin + ROUTING_STEP
      while (ribs.length > 0 && ribs[0]!.at < end) {
        const rib = ribs.shift()!
        await merge.run(rib.at)
        read(await readRib(rib, table))
      }
      await merge.run(end)
      for (const feed of feeds) for (const outcome of feed.outcomes()) read(outcome)
      table.passBin(bin)
      yield bin
      const next = Math.min(ribs[0]?.at ?? Infinity, ...feeds.map(({ nextTime }) => nextTime))
      if (next === Infinity) return
      bin = next - end > LONGEST_PAUSE ? start(next) : end
    }
  } finally {
    for (const feed of feeds) await feed.close()
  }
}

async function readRib(file: FoundFile, table: RouteTable): Promise<ReadFile> {
  const sink = table.collector(file.collector)
  const reader = createMrtReader(sink)
  let failure: string | null = null
  try {
    for await (const chunk of file.open()) reader.push(chunk)
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error)
  }
  reader.end()
  sink.ribEnds(failure === null && reader.counts.truncatedAt === null)
  return { path: file.path, counts: reader.counts, failure }
}

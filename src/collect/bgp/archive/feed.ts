import { createMrtState, scanMrt, type MrtCounts, type MrtState } from '../../../wire/mrt/reader.ts'
import type { RouteSink } from '../../../wire/route-sink.ts'

/** Time, type, subtype and length of a record: RFC 6396 §2. */
const HEADER_BYTES = 12

/** A file on its way through a feed. */
export interface FeedFile {
  readonly path: string
  /** Uncompressed bytes, cut anywhere. Opened when the feed comes to it, or somewhat before. */
  open(): AsyncIterable<Uint8Array>
  /** What it speaks of by its name, `[from, until)`, UTC seconds; left out where the name does not say. */
  readonly from?: number
  readonly until?: number
}

/** What came of one file. */
export interface FileOutcome {
  readonly path: string
  readonly counts: MrtCounts
  /** Why it could not be read to its end, such as a damaged encoding; `null` where it could. */
  readonly failure: string | null
}

/**
 * Files of one collector as one stream of records that is read on in time, so that several collectors can be merged.
 *
 *     while (feed.nextTime < end) { feed.scan(end); await feed.fill() }
 *
 * A file that is damaged ends where the damage is, and the next one follows.
 */
export interface Feed {
  /**
   * UTC seconds of the record that is next, in the order of the file; `Infinity` when all is over. Valid after `fill`. A
   * record that cannot be believed has `-Infinity`: it is passed over at the next `scan`.
   */
  readonly nextTime: number
  /** UTC seconds up to which nothing is missing any more. */
  readonly reach: number
  /** Waits until a whole record is in memory, or all files are over. */
  fill(): Promise<void>
  /** Hands the sink the records in memory whose time is before `until`; stops at the first one that is later. */
  scan(until: number): void
  /** Of the files that are over since it was last asked for. */
  outcomes(): readonly FileOutcome[]
  /** Lets go of the file that is open. */
  close(): Promise<void>
}

/**
 * @param onGap called where something is missing that will never be known, with the time from which on: before a file that
 *              begins later than the one before it ended, and behind one that is damaged or cut off.
 */
export function createFeed(
  files: Iterator<FeedFile>,
  sink: RouteSink,
  onGap: (at: number) => void = () => undefined,
): Feed {
  let bytes: Uint8Array = new Uint8Array(0)
  let room: Uint8Array = new Uint8Array(0)
  let at = 0
  let state: MrtState = createMrtState()
  let path = ''
  let until: number | undefined
  let reach = -Infinity
  /** Something is missing from that time on, and it has not been said yet. */
  let gap: number | null = null
  let chunks: AsyncIterator<Uint8Array> | null = null
  let nextTime = -Infinity
  let done: FileOutcome[] = []

  /** Whether the record at `at` is whole; sets `nextTime`. */
  const look = (): boolean => {
    if (gap !== null) {
      nextTime = gap
      return true
    }
    const left = bytes.length - at
    if (state.isSearching || left < HEADER_BYTES) return false
    const length = word(bytes, at + 8)
    if (length + HEADER_BYTES > state.maxRecordBytes) {
      nextTime = -Infinity
      return true
    }
    if (left < HEADER_BYTES + length) return false
    nextTime = word(bytes, at)
    return true
  }

  const add = (chunk: Uint8Array): void => {
    const left = bytes.subarray(at)
    at = 0
    if (left.length === 0) {
      bytes = chunk
      return
    }
    const length = left.length + chunk.length
    // One buffer for all: what is left of the last chunk lies in it, and may lie where it is moved to.
    if (room.length < length) {
      const larger = new Uint8Array(length * 2)
      larger.set(left)
      room = larger
    } else room.set(left)
    room.set(chunk, left.length)
    bytes = room.subarray(0, length)
  }

  const endFile = (failure: string | null): void => {
    const left = bytes.length - at
    if (left > 0) {
      state.counts.bytes += left
      if (state.isSearching) state.counts.lostBytes += left
      else state.counts.truncatedAt = state.counts.bytes - left
    }
    done.push({ path, counts: state.counts, failure })
    const { lastTime } = state.counts
    if (failure !== null || state.counts.truncatedAt !== null) gap = Number.isNaN(lastTime) ? reach : lastTime
    reach = Math.max(reach, until ?? (Number.isNaN(lastTime) ? -Infinity : lastTime))
    bytes = new Uint8Array(0)
    at = 0
    chunks = null
  }

  return {
    get nextTime() {
      return nextTime
    },
    get reach() {
      return Number.isFinite(nextTime) ? Math.max(reach, nextTime) : reach
    },
    async fill() {
      while (!look()) {
        if (chunks === null) {
          const next = files.next()
          if (next.done === true) {
            nextTime = Infinity
            return
          }
          if (until !== undefined && (next.value.from ?? until) > until) gap = until
          path = next.value.path
          until = next.value.until
          state = createMrtState()
          chunks = next.value.open()[Symbol.asyncIterator]()
          continue
        }
        try {
          const chunk = await chunks.next()
          if (chunk.done === true) endFile(null)
          else add(chunk.value)
        } catch (error) {
          endFile(error instanceof Error ? error.message : String(error))
        }
        if (state.isSearching && gap === null) at = scanMrt(bytes, at, -Infinity, sink, state)
      }
    },
    scan(until) {
      if (gap !== null) {
        if (gap >= until) return
        onGap(gap)
        gap = null
      }
      at = scanMrt(bytes, at, until, sink, state)
    },
    outcomes() {
      const over = done
      done = []
      return over
    },
    async close() {
      await chunks?.return?.()
      chunks = null
    },
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

/** Feeds merged in the order of time, record by record where their seconds differ. */
export interface Merge {
  /** Hands on all records before `until`, and no later ones. A record that comes late in its file is handed on where it is. */
  run(until: number): Promise<void>
  /** Whether all files are over. */
  readonly isOver: boolean
}

export function createMerge(feeds: readonly Feed[]): Merge {
  return {
    async run(until) {
      for (;;) {
        let first: Feed | null = null
        let second = Infinity
        for (const feed of feeds) {
          if (feed.nextTime === -Infinity) await feed.fill()
          const time = feed.nextTime
          if (first === null || time < first.nextTime) {
            if (first !== null) second = Math.min(second, first.nextTime)
            first = feed
          } else second = Math.min(second, time)
        }
        if (first === null || first.nextTime >= until) return
        // As far as it alone goes: through the second in which the next feed goes on.
        first.scan(Math.min(until, second + 1))
        await first.fill()
      }
    },
    get isOver() {
      return feeds.every(({ nextTime }) => nextTime === Infinity)
    },
  }
}

import { readU32 } from '../bytes.ts'
import type { RouteSink } from '../route-sink.ts'
import type { MrtCounts } from './counts.ts'
import { MRT_HEADER, PEEK, scanRecords } from './scan.ts'
import { MrtState, type MrtOptions } from './state.ts'

export { MrtCounts } from './counts.ts'
export { scanMrt } from './scan.ts'
export { createMrtState, MrtState, type MrtOptions } from './state.ts'

export interface MrtReader {
  /** Takes the next bytes of a file, cut anywhere; keeps no reference to them. */
  push(chunk: Uint8Array): void
  /** The file has ended: what is left over is a truncated record, or a header that was searched for in vain. */
  end(): void
  readonly counts: MrtCounts
  /** What stands on the wire of the message in hand: for those who print it. */
  readonly state: MrtState
}

/**
 * Reads an MRT file (RFC 6396) from chunks and feeds its routes to the sink. Never throws for what the bytes say: broken
 * records are counted, told to `onBroken`, and passed over. Holds one record at most (`maxRecordBytes`).
 *
 * A record whose length is above that has lost us the thread: the next plausible header is searched for, and what lies
 * between is counted as lost.
 */
export function createMrtReader(sink: RouteSink, options?: MrtOptions): MrtReader {
  const state = new MrtState(options)
  const { counts, maxRecordBytes } = state
  /** The record that a chunk ended within. */
  let kept = new Uint8Array(64 * 1024)
  let keptBytes = 0
  /** Offset in the file of the first byte that was not decoded. */
  let offset = 0

  const keep = (chunk: Uint8Array, from: number, to: number): void => {
    const needed = keptBytes + to - from
    if (needed > kept.length) {
      const larger = new Uint8Array(Math.min(Math.max(needed, kept.length * 2), Math.max(needed, maxRecordBytes)))
      larger.set(kept.subarray(0, keptBytes))
      kept = larger
    }
    kept.set(chunk.subarray(from, to), keptBytes)
    keptBytes = needed
  }

  const wantedBytes = (): number => {
    if (state.isSearching) return 2 * PEEK
    if (keptBytes < MRT_HEADER) return MRT_HEADER
    const wanted = MRT_HEADER + readU32(kept, 8)
    return wanted > maxRecordBytes ? MRT_HEADER : wanted
  }

  const scanKept = (): void => {
    const next = scanRecords(kept, 0, keptBytes, Infinity, sink, state, offset)
    offset += next
    kept.copyWithin(0, next, keptBytes)
    keptBytes -= next
  }

  return {
    counts,
    state,
    push(chunk) {
      let at = 0
      while (keptBytes > 0 && at < chunk.length) {
        // As many bytes as the record needs that was begun: its header first, then its body.
        const wanted = wantedBytes()
        const taken = Math.min(chunk.length - at, wanted - keptBytes)
        keep(chunk, at, at + taken)
        at += taken
        if (keptBytes < wanted) return
        scanKept()
        // What is left of it stands in the chunk too, and is faster read from there.
        if (keptBytes <= at) {
          at -= keptBytes
          keptBytes = 0
        }
      }
      if (at === chunk.length) return
      const next = scanRecords(chunk, at, chunk.length, Infinity, sink, state, offset - at)
      offset += next - at
      keep(chunk, next, chunk.length)
    },
    end() {
      if (state.isSearching) scanKept()
      if (keptBytes === 0) return
      counts.bytes += keptBytes
      if (state.isSearching) {
        counts.lostBytes += keptBytes
        state.onBroken?.(kept.subarray(0, keptBytes), 'record-too-long', offset)
      } else counts.truncatedAt = offset
      keptBytes = 0
    },
  }
}

import { RIB, TYPE } from '../../../wire/mrt/types.ts'

/** Time, type, subtype and length of a record: RFC 6396 §2. */
const HEADER_BYTES = 12

/** Longest record that is believed, in bytes. */
const MOST_RECORD_BYTES = 4 * 1024 * 1024

/** What a walk from header to header tells of an MRT file, without any decoding. */
export interface MrtFacts {
  /** Uncompressed. */
  readonly bytes: number
  readonly records: number
  /** Those of types that carry routes or states of sessions; of a RIB, those of RIBs. */
  readonly routes: number
  readonly ribs: number
  /** `99/0`: type and subtype of the first record that does not carry routes; `null` when all do. */
  readonly otherType: string | null
  /** UTC seconds of the first record in the file, and the least and the greatest of all; `null` without records. */
  readonly first: number | null
  readonly earliest: number | null
  readonly latest: number | null
  /** Where the walk ended: `null` = with the end of a record; else what was wrong there. */
  readonly broken: string | null
}

/** Walks along the records of a file that comes in chunks cut anywhere. Holds no more than a header. */
export interface MrtWalk {
  push(chunk: Uint8Array): void
  end(): MrtFacts
}

export function createMrtWalk(): MrtWalk {
  const header = new Uint8Array(HEADER_BYTES)
  let held = 0
  let skip = 0
  let bytes = 0
  let records = 0
  let routes = 0
  let ribs = 0
  let otherType: string | null = null
  let first: number | null = null
  let earliest = Infinity
  let latest = -Infinity
  let broken: string | null = null

  /** @returns bytes of the body that follows. */
  const take = (from: Uint8Array, at: number): number => {
    const time = word(from, at)
    const type = (from[at + 4]! << 8) | from[at + 5]!
    const subtype = (from[at + 6]! << 8) | from[at + 7]!
    const length = word(from, at + 8)
    if (length + HEADER_BYTES > MOST_RECORD_BYTES) {
      broken = `a record of ${length} bytes`
      return 0
    }
    records += 1
    first ??= time
    if (time < earliest) earliest = time
    if (time > latest) latest = time
    if (type === TYPE.tableDump || (type === TYPE.tableDumpV2 && subtype !== RIB.peerIndexTable)) ribs += 1
    if (type === TYPE.tableDump || type === TYPE.tableDumpV2) routes += 1
    else if (type === TYPE.bgp4mp || type === TYPE.bgp4mpEt || type === TYPE.bgp) routes += 1
    else otherType ??= `${type}/${subtype}`
    return length
  }

  return {
    push(chunk) {
      bytes += chunk.length
      let at = 0
      while (at < chunk.length && broken === null) {
        if (skip > 0) {
          const step = Math.min(skip, chunk.length - at)
          skip -= step
          at += step
        } else if (held === 0 && at + HEADER_BYTES <= chunk.length) {
          skip = take(chunk, at)
          at += HEADER_BYTES
        } else {
          header[held] = chunk[at]!
          held += 1
          at += 1
          if (held < HEADER_BYTES) continue
          held = 0
          skip = take(header, 0)
        }
      }
    },
    end() {
      if (broken === null && (skip > 0 || held > 0)) broken = 'it ends within a record'
      const none = records === 0
      return {
        bytes,
        records,
        routes,
        ribs,
        otherType,
        first,
        earliest: none ? null : earliest,
        latest: none ? null : latest,
        broken,
      }
    },
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

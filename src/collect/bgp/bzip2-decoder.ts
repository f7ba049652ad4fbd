import Bzip2 from '@foxglove/wasm-bz2'
import { isBzip2 } from './archive-magic.ts'

/**
 * bzip2 as a stream. The library (libbz2 as WebAssembly) takes whole buffers only, and a table of RouteViews is over a
 * gigabyte when it is unpacked. So the stream is cut where its blocks begin, each block is put into a stream of its own,
 * and unpacked alone: at most one block and its result are held, and files of several streams, as pbzip2 and lbzip2 write
 * them, are no other case.
 */

/** 48 bits that begin a block: π in BCD. */
const BLOCK_HIGH = 0x314159
const BLOCK_LOW = 0x265359
/** 48 bits that end a stream: √π. */
const END_HIGH = 0x177245
const END_LOW = 0x385090

/** What a block of 900,000 bytes usually unpacks to, and the most it can: runs of 255 bytes are packed into 5. */
const USUAL_BLOCK = 1_000_000
const LARGEST_BLOCK = 46_000_000

/** The longest that a packed block can be: nothing is gained, and tables stand before it. Bytes. */
const LONGEST_PACKED = 1_200_000

/** Why a bzip2 stream could not be unpacked to its end. */
export type Bzip2Fault = 'not-bzip2' | 'truncated' | 'corrupt'

export interface Bzip2Decoder {
  /** Takes packed bytes, cut anywhere, and gives what could be unpacked by them; the arrays are the caller's. */
  push(chunk: Uint8Array): Uint8Array[]
  /** The packed file has ended. @returns what was wrong with it; `null` where it ended as it should. */
  end(): Bzip2Fault | null
  /** What was wrong so far: behind that nothing more is unpacked. */
  readonly fault: Bzip2Fault | null
}

let loaded: Promise<Bzip2> | null = null

/** The library sets up handlers of its own for all that the process does not catch. They are not its to handle. */
function load(): Promise<Bzip2> {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const ours = new Set(events.flatMap((event) => process.listeners(event as 'uncaughtException')))
  const library = Bzip2.init()
  for (const event of events)
    for (const listener of process.listeners(event as 'uncaughtException'))
      if (!ours.has(listener)) process.removeListener(event, listener)
  return library
}

/** One for each file. Synchronous: about 35 MB/s of unpacked bytes, so put it in a worker where others wait. */
export async function createBzip2Decoder(): Promise<Bzip2Decoder> {
  const library = await (loaded ??= load())
  let held = new Uint8Array(2 * LONGEST_PACKED)
  let heldBytes = 0
  /** Bit at which the block in hand begins, within `held`; −1 before the first and behind the end of a stream. */
  let blockBit = -1
  /** Byte up to which marks were looked for. */
  let searched = 0
  let fault: Bzip2Fault | null = null
  let isBegun = false
  let isEnded = false

  const unpack = (toBit: number): Uint8Array | null => {
    const packed = wrapBlock(held, blockBit, toBit)
    for (let size = USUAL_BLOCK; ; size = LARGEST_BLOCK)
      try {
        return library.decompress(packed, size)
      } catch (error) {
        // −8: the room was too small (BZ_OUTBUFF_FULL).
        if (size === LARGEST_BLOCK || !String(error).includes('-8')) return null
      }
  }

  /** Drops what stands before the block in hand; where none is, all that was searched. */
  const compact = (): void => {
    const from = Math.max(0, blockBit >= 0 ? blockBit >>> 3 : searched - 8)
    held.copyWithin(0, from, heldBytes)
    heldBytes -= from
    searched -= from
    if (blockBit >= 0) blockBit -= from * 8
  }

  const search = (to: number): Uint8Array[] => {
    const unpacked: Uint8Array[] = []
    for (let at = searched; at < to; at += 1) {
      const shifts = SECOND_BYTE[held[at + 1]!]!
      if (shifts === 0) continue
      for (let shift = 0; shift < 8; shift += 1) {
        if ((shifts & (1 << shift)) === 0) continue
        const high = bits24(held, at * 8 + shift)
        if (high !== BLOCK_HIGH && high !== END_HIGH) continue
        const low = bits24(held, at * 8 + shift + 24)
        const isBlock = high === BLOCK_HIGH && low === BLOCK_LOW
        if (!isBlock && !(high === END_HIGH && low === END_LOW)) continue
        if (blockBit >= 0) {
          const block = unpack(at * 8 + shift)
          // The mark may stand in a block by chance: then the block goes on, and only one that is too long is corrupt.
          if (block === null) continue
          unpacked.push(block)
        }
        blockBit = isBlock ? at * 8 + shift : -1
        isEnded = !isBlock
      }
    }
    searched = Math.max(searched, to)
    if (blockBit >= 0 && searched - (blockBit >>> 3) > LONGEST_PACKED) fault = 'corrupt'
    return unpacked
  }

  return {
    get fault() {
      return fault
    },
    push(chunk) {
      const unpacked: Uint8Array[] = []
      for (let from = 0; from < chunk.length && fault === null;) {
        if (heldBytes === held.length) compact()
        const taken = Math.min(chunk.length - from, held.length - heldBytes)
        held.set(chunk.subarray(from, from + taken), heldBytes)
        heldBytes += taken
        from += taken
        if (!isBegun && heldBytes >= 4) {
          isBegun = true
          if (!isBzip2(held)) fault = 'not-bzip2'
        }
        // A mark and its shift reach over 7 bytes.
        if (fault === null) unpacked.push(...search(heldBytes - 7))
      }
      return unpacked
    },
    end() {
      if (fault !== null) return fault
      if (!isBegun) fault = heldBytes === 0 ? null : 'not-bzip2'
      else if (!isEnded) fault = 'truncated'
      held = new Uint8Array(0)
      return fault
    },
  }
}

/** By the second byte of eight bits each: for which shifts it can be the second byte of a mark. A bit a shift. */
const SECOND_BYTE = (() => {
  const table = new Uint8Array(256)
  for (const high of [BLOCK_HIGH, END_HIGH])
    for (let shift = 0; shift < 8; shift += 1) table[(high >>> (8 + shift)) & 0xff]! |= 1 << shift
  return table
})()

function bits24(bytes: Uint8Array, bit: number): number {
  const at = bit >>> 3
  const shift = bit & 7
  const high = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  return (high << shift) >>> 8
}

/** The bits of one block as a bzip2 stream of its own: header, block, end mark, and the checksum of all blocks: its own. */
function wrapBlock(bytes: Uint8Array, fromBit: number, toBit: number): Uint8Array {
  const bits = toBit - fromBit
  const whole = bits >>> 3
  const rest = bits & 7
  const packed = new Uint8Array(4 + whole + 1 + 10 + 1)
  packed.set([0x42, 0x5a, 0x68, 0x39])
  const from = fromBit >>> 3
  const shift = fromBit & 7
  if (shift === 0) packed.set(bytes.subarray(from, from + whole), 4)
  else
    for (let index = 0; index < whole; index += 1)
      packed[4 + index] = (bytes[from + index]! << shift) | (bytes[from + index + 1]! >>> (8 - shift))
  let at = (4 + whole) * 8
  const put = (value: number, count: number): void => {
    for (let bit = count - 1; bit >= 0; bit -= 1) {
      packed[at >>> 3]! |= ((value >>> bit) & 1) << (7 - (at & 7))
      at += 1
    }
  }
  if (rest > 0) put(bits24(bytes, fromBit + whole * 8) >>> (24 - rest), rest)
  put(END_HIGH, 24)
  put(END_LOW, 24)
  // The checksum of a block follows its mark.
  put(bits24(packed, (4 + 6) * 8) >>> 8, 16)
  put(bits24(packed, (4 + 8) * 8) >>> 8, 16)
  return packed.subarray(0, (at + 7) >>> 3)
}

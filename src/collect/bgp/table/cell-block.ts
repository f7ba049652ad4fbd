/** Rows of a chunk: 2^12. Chunks come as rows come, so that nothing is copied when the table grows. */
export const CHUNK_SHIFT = 12
export const CHUNK_MASK = (1 << CHUNK_SHIFT) - 1
const CHUNK_ROWS = 1 << CHUNK_SHIFT
const FEW = 4

/** Words of a record before its cells: time of its RIB record, time of the newest message. */
export const RIB_TIME = 0
export const LAST_TIME = 1
export const CELLS = 2

/**
 * Routes of one collector's sessions in one family: a record per row, of which `CELLS + column` is the number of the
 * origin that the session in that column has for the prefix (0: no route), and behind the origins a 16-bit fingerprint of
 * each path, two to a word. A fingerprint outlives its route when the session ended, so that the same route coming back
 * is known; a withdrawal leaves 0.
 */
export class CellBlock {
  /** Sessions of the collector, with a column or without. */
  sessions = 0
  /** Columns in use. */
  columns = 0
  /** Columns that a record has room for. */
  room = 0
  /** Words of a record. */
  stride = CELLS
  /** By row >>> CHUNK_SHIFT; what was never written is not there. */
  readonly chunks: (Uint32Array | undefined)[] = []

  /** The chunk of a row, made where it is missing. */
  open(row: number): Uint32Array {
    const index = row >>> CHUNK_SHIFT
    while (this.chunks.length <= index) this.chunks.push(undefined)
    return (this.chunks[index] ??= new Uint32Array(CHUNK_ROWS * this.stride))
  }

  /**
   * Room for the sessions that are known, in steps where they are many and not all may have routes of this family; by a
   * few at a time where they come one after the other, since all that is there is copied.
   */
  addColumn(): number {
    if (this.columns === this.room) {
      const known = this.sessions - this.room
      this.#widen(known >= FEW ? Math.min(this.sessions, Math.ceil(this.room * 1.25) + 16) : this.room + FEW)
    }
    this.columns += 1
    return this.columns - 1
  }

  #widen(room: number): void {
    const stride = CELLS + room + ((room + 1) >>> 1)
    for (let index = 0; index < this.chunks.length; index += 1) {
      const old = this.chunks[index]
      if (old === undefined) continue
      const wide = new Uint32Array(CHUNK_ROWS * stride)
      for (let row = 0, from = 0, to = 0; row < CHUNK_ROWS; row += 1, from += this.stride, to += stride) {
        for (let word = 0; word < CELLS + this.columns; word += 1) wide[to + word] = old[from + word]!
        const prints = (this.columns + 1) >>> 1
        for (let word = 0; word < prints; word += 1)
          wide[to + CELLS + room + word] = old[from + CELLS + this.room + word]!
      }
      this.chunks[index] = wide
    }
    this.room = room
    this.stride = stride
  }

  /** Number of the origin; 0: no route. */
  origin(row: number, column: number): number {
    const chunk = this.chunks[row >>> CHUNK_SHIFT]
    return chunk === undefined ? 0 : chunk[(row & CHUNK_MASK) * this.stride + CELLS + column]!
  }

  get bytes(): number {
    return this.chunks.reduce((sum, chunk) => sum + (chunk?.byteLength ?? 0), 0)
  }
}

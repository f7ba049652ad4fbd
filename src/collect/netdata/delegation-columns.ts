import type { Ipv6Columns, RangeColumns } from '../../netdata/networks/delegations.ts'

const FIRST_ROOM = 1024

class Common {
  count = 0
  country = new Uint16Array(FIRST_ROOM)
  status = new Uint8Array(FIRST_ROOM)
  date = new Uint32Array(FIRST_ROOM)
  holder = new Uint32Array(FIRST_ROOM)

  /** @returns the number of a new row, for which there is room in all columns. */
  protected append(country: number, status: number, date: number, holder: number): number {
    const row = this.count
    if (row === this.status.length) this.grow(row * 2)
    this.country[row] = country
    this.status[row] = status
    this.date[row] = date
    this.holder[row] = holder
    this.count = row + 1
    return row
  }

  protected grow(room: number): void {
    this.country = grown(this.country, new Uint16Array(room))
    this.status = grown(this.status, new Uint8Array(room))
    this.date = grown(this.date, new Uint32Array(room))
    this.holder = grown(this.holder, new Uint32Array(room))
  }
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array>(from: T, into: T): T {
  into.set(from)
  return into
}

export class GrowingRanges extends Common implements RangeColumns {
  first = new Uint32Array(FIRST_ROOM)
  last = new Uint32Array(FIRST_ROOM)

  add(first: number, last: number, country: number, status: number, date: number, holder: number): void {
    const row = this.append(country, status, date, holder)
    this.first[row] = first
    this.last[row] = last
  }

  protected override grow(room: number): void {
    super.grow(room)
    this.first = grown(this.first, new Uint32Array(room))
    this.last = grown(this.last, new Uint32Array(room))
  }
}

export class GrowingIpv6 extends Common implements Ipv6Columns {
  word0 = new Uint32Array(FIRST_ROOM)
  word1 = new Uint32Array(FIRST_ROOM)
  length = new Uint8Array(FIRST_ROOM)

  add(
    word0: number,
    word1: number,
    length: number,
    country: number,
    status: number,
    date: number,
    holder: number,
  ): void {
    const row = this.append(country, status, date, holder)
    this.word0[row] = word0
    this.word1[row] = word1
    this.length[row] = length
  }

  protected override grow(room: number): void {
    super.grow(room)
    this.word0 = grown(this.word0, new Uint32Array(room))
    this.word1 = grown(this.word1, new Uint32Array(room))
    this.length = grown(this.length, new Uint8Array(room))
  }
}

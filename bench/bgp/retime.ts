/**
 * Real daemons stamp real time, and a laboratory has no days to spare. So the records that a daemon wrote get the time of
 * a plan: the n-th UPDATE that the daemon recorded of a peer is the n-th one that our speaker sent it, since TCP keeps
 * order, and takes the time for which the speaker had planned it. Nothing else of a record is touched. That as many
 * UPDATEs were recorded as were sent is checked.
 */
export interface Timetable {
  readonly asn: number
  /** As the daemon writes it: `127.0.1.1`. */
  readonly address: string
  /** UTC seconds, never falling: one for each UPDATE sent, End-of-RIB markers apart. */
  readonly updates: Seconds
  /** When its sessions came up and ended, one after the other. */
  readonly ups: readonly number[]
  readonly downs: readonly number[]
}

/** A list of u32 that grows. */
export interface Seconds {
  push(at: number): void
  readonly length: number
  at(n: number): number | undefined
}

export function makeSeconds(): Seconds {
  let room = new Uint32Array(1024)
  let length = 0
  return {
    push(at) {
      if (length === room.length) {
        const larger = new Uint32Array(length * 2)
        larger.set(room)
        room = larger
      }
      room[length++] = at
    },
    get length() {
      return length
    },
    at: (n) => (n < length ? room[n] : undefined),
  }
}

export interface Retimed {
  /** Whole records in order of their new time; within a second as the daemon wrote them. */
  readonly bytes: Buffer
  /** Time and first byte of each record. */
  readonly times: Uint32Array
  readonly starts: Uint32Array
  readonly updates: number
  /** State changes and messages past the plan: of the daemon's own end. */
  readonly dropped: number
}

const MRT_HEADER = 12
const BGP4MP = 16
const TABLE_DUMP_V2 = 13

interface Progress {
  readonly table: Timetable
  update: number
  up: number
  down: number
  last: number
}

/** @throws RangeError when a record is of no peer of the plan, or a peer has more or fewer UPDATEs than planned. */
export function retime(bytes: Buffer, timetables: readonly Timetable[]): Retimed {
  const byAddress = new Map<string, Progress>()
  const byAsn = new Map<number, Progress | null>()
  for (const table of timetables) {
    const progress = { table, update: 0, up: 0, down: 0, last: table.ups[0] ?? 0 }
    byAddress.set(table.address, progress)
    byAsn.set(table.asn, byAsn.has(table.asn) ? null : progress)
  }
  const starts = makeSeconds()
  const times = makeSeconds()
  let updates = 0
  let dropped = 0
  for (let at = 0; at < bytes.length;) {
    const end = at + MRT_HEADER + bytes.readUInt32BE(at + 8)
    if (end > bytes.length) throw new RangeError(`the daemon's last record is cut off at byte ${at}`)
    const { asn, address, message, from, to } = describe(bytes, at)
    // BIRD forgets the address of a session that TCP has reset before it writes that it ended: 0.0.0.0.
    const progress = byAddress.get(address) ?? byAsn.get(asn)
    if (progress === undefined || progress === null) throw new RangeError(`a record of AS${asn} ${address}, of no plan`)
    const time = timeOf(progress, message, from, to)
    if (time === null) dropped += 1
    else {
      if (message === 'update') updates += 1
      progress.last = time
      times.push(time)
      starts.push(at)
    }
    at = end
  }
  for (const { table, update } of byAddress.values()) {
    if (update !== table.updates.length) {
      throw new RangeError(
        `AS${table.asn} ${table.address}: ${table.updates.length} UPDATEs were sent, ${update} recorded`,
      )
    }
  }
  return { ...sorted(bytes, times, starts), updates, dropped }
}

function timeOf(progress: Progress, message: Described['message'], from: number, to: number): number | null {
  const { table } = progress
  if (message === 'update') {
    const time = table.updates.at(progress.update)
    progress.update += 1
    return time ?? null
  }
  if (message === 'state' && from === 6) return table.downs[progress.down++] ?? null
  if (message === 'state' || message === 'open') {
    const time = table.ups[progress.up] ?? null
    if (to === 6) progress.up += 1
    return time
  }
  if (message === 'notification') return table.downs[progress.down] ?? null
  return progress.last
}

interface Described {
  readonly asn: number
  readonly address: string
  readonly message: 'open' | 'update' | 'notification' | 'other' | 'state'
  readonly from: number
  readonly to: number
}

function describe(bytes: Buffer, start: number): Described {
  const type = bytes.readUInt16BE(start + 4)
  const subtype = bytes.readUInt16BE(start + 6)
  if (type !== BGP4MP || ![0, 1, 4, 5].includes(subtype)) {
    throw new RangeError(`MRT type ${type}, subtype ${subtype}: not what these daemons write`)
  }
  const wide = subtype >= 4
  let at = start + MRT_HEADER
  const asn = wide ? bytes.readUInt32BE(at) : bytes.readUInt16BE(at)
  at += (wide ? 8 : 4) + 2
  const ip = bytes.readUInt16BE(at) === 2 ? 16 : 4
  const address = ip === 4 ? bytes.subarray(at + 2, at + 6).join('.') : bytes.toString('hex', at + 2, at + 18)
  at += 2 + 2 * ip
  if (subtype === 0 || subtype === 5) {
    return { asn, address, message: 'state', from: bytes.readUInt16BE(at), to: bytes.readUInt16BE(at + 2) }
  }
  const kind = bytes[at + 18]
  const message =
    kind === 1 ? 'open' : kind === 2 && !isEndOfRib(bytes, at) ? 'update' : kind === 3 ? 'notification' : 'other'
  return { asn, address, message, from: 0, to: 0 }
}

/** How many UPDATEs of each address a file that is still growing holds; End-of-RIB markers apart. */
export function countUpdates(bytes: Buffer): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (let at = 0; at + MRT_HEADER <= bytes.length;) {
    const end = at + MRT_HEADER + bytes.readUInt32BE(at + 8)
    if (end > bytes.length) break
    const { address, message } = describe(bytes, at)
    if (message === 'update') counts.set(address, (counts.get(address) ?? 0) + 1)
    at = end
  }
  return counts
}

/** RFC 4724 §2: nothing at all, or an MP_UNREACH_NLRI without prefixes alone. */
function isEndOfRib(bytes: Buffer, at: number): boolean {
  const length = bytes.readUInt16BE(at + 16)
  if (length === 23) return true
  const extended = length >= 25 && (bytes[at + 23]! & 0x10) !== 0
  return bytes[at + 24] === 15 && bytes.readUInt16BE(at + 19) === 0 && length === (extended ? 30 : 29)
}

function sorted(bytes: Buffer, times: Seconds, starts: Seconds): Pick<Retimed, 'bytes' | 'times' | 'starts'> {
  const order = Uint32Array.from({ length: times.length }, (_, n) => n)
  // A stable sort: Array's and typed arrays' are.
  order.sort((a, b) => times.at(a)! - times.at(b)! || a - b)
  const out = Buffer.allocUnsafe(bytes.length)
  const outTimes = new Uint32Array(order.length)
  const outStarts = new Uint32Array(order.length)
  let at = 0
  order.forEach((record, n) => {
    const start = starts.at(record)!
    const end = start + MRT_HEADER + bytes.readUInt32BE(start + 8)
    bytes.copy(out, at, start, end)
    out.writeUInt32BE(times.at(record)!, at)
    outTimes[n] = times.at(record)!
    outStarts[n] = at
    at += end - start
  })
  return { bytes: out.subarray(0, at), times: outTimes, starts: outStarts }
}

/** Gives all records of a RIB one time, and all its routes one age; in place. @returns how many entries it has. */
export function retimeRib(bytes: Buffer, at: number, announcedAt: number): number {
  let entries = 0
  for (let start = 0; start < bytes.length;) {
    const end = start + MRT_HEADER + bytes.readUInt32BE(start + 8)
    const type = bytes.readUInt16BE(start + 4)
    const subtype = bytes.readUInt16BE(start + 6)
    if (type !== TABLE_DUMP_V2) throw new RangeError(`MRT type ${type} in a RIB`)
    bytes.writeUInt32BE(at, start)
    if (subtype === 2 || subtype === 4) {
      let p = start + MRT_HEADER + 4
      p += 1 + Math.ceil(bytes[p]! / 8)
      const count = bytes.readUInt16BE(p)
      p += 2
      for (let n = 0; n < count; n += 1) {
        bytes.writeUInt32BE(announcedAt, p + 2)
        p += 8 + bytes.readUInt16BE(p + 6)
      }
      entries += count
    }
    start = end
  }
  return entries
}

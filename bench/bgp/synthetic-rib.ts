import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { mix } from './random.ts'

/**
 * A RIB that no daemon wrote: we write TABLE_DUMP_V2 ourselves, since a daemon with 48 million routes would take hours and
 * tens of gigabytes. Distinct prefixes, every peer carries all of them; paths of four AS that differ by peer and origin.
 */
export interface SyntheticSize {
  readonly prefixes4: number
  readonly prefixes6: number
  readonly peers: number
  readonly origins: number
}

const AT = Date.UTC(2024, 2, 11) / 1000
const ENTRY = 40

/** Writes the file, packed with gzip, unless it is there. */
export async function ensureSyntheticRib(file: string, size: SyntheticSize): Promise<void> {
  if (existsSync(file)) return
  await mkdir(dirname(file), { recursive: true })
  const making = `${file}.${process.pid}`
  const gzip = createGzip({ level: 1 })
  const written = pipeline(gzip, createWriteStream(making))
  const push = async (bytes: Buffer): Promise<void> => {
    if (!gzip.write(bytes)) await once(gzip, 'drain')
  }
  await push(record(1, peerTable(size.peers)))
  const total = size.prefixes4 + size.prefixes6
  let batch: Buffer[] = []
  for (let n = 0; n < total; n += 1) {
    batch.push(
      n < size.prefixes4
        ? record(2, ribBody(n, nlri4(n), size))
        : record(4, ribBody(n, nlri6(n - size.prefixes4), size)),
    )
    if (batch.length < 256 && n + 1 < total) continue
    await push(Buffer.concat(batch))
    batch = []
  }
  gzip.end()
  await written
  await rename(making, file)
}

function record(subtype: number, body: Buffer): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt32BE(AT, 0)
  head.writeUInt16BE(13, 4)
  head.writeUInt16BE(subtype, 6)
  head.writeUInt32BE(body.length, 8)
  return Buffer.concat([head, body])
}

/** RFC 6396 §4.3.1; IPv4 peers with 4-byte AS. */
function peerTable(peers: number): Buffer {
  const body = Buffer.alloc(8 + peers * 13)
  body.writeUInt16BE(peers, 6)
  for (let peer = 0; peer < peers; peer += 1) {
    const at = 8 + peer * 13
    body[at] = 2
    body.writeUInt32BE(0x7f00_0301 + peer, at + 1)
    body.writeUInt32BE(0x7f00_0301 + peer, at + 5)
    body.writeUInt32BE(64_497 + peer, at + 9)
  }
  return body
}

/** /24s one after another, without an aggregate over them. */
function nlri4(n: number): Buffer {
  const block = 0x01_00_00 + n
  return Buffer.from([24, block >>> 16, (block >>> 8) & 0xff, block & 0xff])
}

function nlri6(n: number): Buffer {
  return Buffer.from([48, 0x2a, 0, n >>> 16, (n >>> 8) & 0xff, n & 0xff, 0])
}

/** RFC 6396 §4.3.2: ORIGIN, AS_PATH of four, NEXT_HOP or an abridged MP_REACH_NLRI in its place. */
function ribBody(n: number, nlri: Buffer, { peers, origins }: SyntheticSize): Buffer {
  const head = 4 + nlri.length + 2
  const body = Buffer.alloc(head + peers * ENTRY)
  body.writeUInt32BE(n, 0)
  nlri.copy(body, 4)
  body.writeUInt16BE(peers, 4 + nlri.length)
  const origin = 1000 + (n % origins)
  for (let peer = 0; peer < peers; peer += 1) {
    let at = head + peer * ENTRY
    body.writeUInt16BE(peer, at)
    body.writeUInt32BE(AT - 86_400, at + 2)
    body.writeUInt16BE(ENTRY - 8, at + 6)
    at += 8
    body.set([0x40, 1, 1, 0, 0x40, 2, 18, 2, 4], at)
    body.writeUInt32BE(64_497 + peer, at + 9)
    body.writeUInt32BE(3000 + (mix(peer, n % origins) % 500), at + 13)
    body.writeUInt32BE(5000 + (mix(n % origins, 3) % 500), at + 17)
    body.writeUInt32BE(origin, at + 21)
    body.set([0x40, 3, 4, 192, 0, 2, peer + 1], at + 25)
  }
  return body
}

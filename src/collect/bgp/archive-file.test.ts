import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { openArchiveFile } from './archive-file.ts'
import { createBzip2Decoder } from './bzip2-decoder.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-archive-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Bytes that pack well in places and badly in others, with a run that bzip2 packs 50-fold. */
function sample(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = 1
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
    bytes[at] = at % 100_000 < 60_000 ? 7 : state >>> 24
  }
  return bytes
}

async function read(
  content: Uint8Array,
  name = 'archive',
): Promise<{ bytes: Buffer; compression: string; damage: string | null }> {
  const path = join(folder, name)
  writeFileSync(path, content)
  const file = await openArchiveFile(path)
  const chunks: Uint8Array[] = []
  for await (const chunk of file.chunks) chunks.push(chunk)
  return { bytes: Buffer.concat(chunks), compression: file.compression, damage: file.damage }
}

const hasBzip2 = spawnSync('bzip2', ['--help']).error === undefined

function bzip2(bytes: Uint8Array, level = 9): Buffer {
  return spawnSync('bzip2', [`-${level}c`], { input: bytes, maxBuffer: 2 ** 28 }).stdout
}

describe('an archive', () => {
  const bytes = sample(3_000_000)

  it('is read as it is packed, whatever its name says', async () => {
    for (const [content, name, packing] of [
      [bytes, 'a.gz', 'none'],
      [gzipSync(bytes), 'a.bz2', 'gzip'],
    ] as const) {
      const { bytes: unpacked, compression, damage } = await read(content, name)
      expect([compression, damage]).toEqual([packing, null])
      expect(unpacked.equals(bytes)).toBe(true)
    }
    expect(await read(Buffer.alloc(0))).toEqual({ bytes: Buffer.alloc(0), compression: 'none', damage: null })
  })

  it('may be several gzip members', async () => {
    const { bytes: unpacked, damage } = await read(Buffer.concat([gzipSync(bytes), gzipSync(bytes)]))
    expect(damage).toBeNull()
    expect(unpacked.equals(Buffer.concat([bytes, bytes]))).toBe(true)
  })

  it('gives all that could be unpacked of a file that is cut off or corrupt, and says so', async () => {
    const packed = gzipSync(bytes)
    const cut = await read(packed.subarray(0, packed.length / 2))
    expect(cut.damage).toMatch(/ends early/)
    expect(cut.bytes.length).toBeGreaterThan(500_000)
    expect(cut.bytes.equals(bytes.subarray(0, cut.bytes.length))).toBe(true)
    // Its checksum.
    packed[packed.length - 8]! ^= 1
    expect((await read(packed)).damage).toMatch(/corrupt/)
  })

  it('that is not there is Node’s error', async () => {
    await expect(openArchiveFile(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(openArchiveFile(folder)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})

describe.skipIf(!hasBzip2)('an archive in bzip2 [needs bzip2]', () => {
  const bytes = sample(3_000_000)

  it('is unpacked, of any block size, of one stream or many', async () => {
    for (const level of [1, 9]) expect((await read(bzip2(bytes, level))).bytes.equals(bytes)).toBe(true)
    // As pbzip2 and lbzip2 write them; and an empty stream between.
    const many = Buffer.concat([bzip2(bytes), bzip2(Buffer.alloc(0)), bzip2(bytes, 1)])
    const { bytes: unpacked, compression, damage } = await read(many)
    expect([compression, damage]).toEqual(['bzip2', null])
    expect(unpacked.equals(Buffer.concat([bytes, bytes]))).toBe(true)
    expect(await read(bzip2(Buffer.alloc(0)))).toMatchObject({ damage: null, bytes: Buffer.alloc(0) })
  })

  it('is unpacked although one block makes fifty times as much as most', async () => {
    const zeros = Buffer.alloc(30_000_000)
    expect((await read(bzip2(zeros))).bytes.equals(zeros)).toBe(true)
  })

  it('leaves it to the process what to do with errors that nobody catches', async () => {
    const before = [process.listenerCount('uncaughtException'), process.listenerCount('unhandledRejection')]
    await createBzip2Decoder()
    await createBzip2Decoder()
    expect([process.listenerCount('uncaughtException'), process.listenerCount('unhandledRejection')]).toEqual(before)
  })

  it('comes the same however the packed bytes come', async () => {
    const packed = bzip2(bytes)
    for (const size of [997, 65_536, packed.length]) {
      const decoder = await createBzip2Decoder()
      const chunks: Uint8Array[] = []
      for (let at = 0; at < packed.length; at += size) chunks.push(...decoder.push(packed.subarray(at, at + size)))
      expect(decoder.end()).toBeNull()
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
    }
  })

  it('says where it was cut off or corrupt, with all that came before', async () => {
    const packed = bzip2(bytes, 1)
    for (const cut of [5, 20, packed.length / 2, packed.length - 11]) {
      const { bytes: unpacked, damage } = await read(packed.subarray(0, cut))
      expect(damage).toMatch(/ends early/)
      expect(unpacked.equals(bytes.subarray(0, unpacked.length))).toBe(true)
    }
    const bad = Buffer.from(packed)
    bad[Math.floor(packed.length / 2)]! ^= 1
    const { bytes: unpacked, damage } = await read(bad)
    expect(damage).not.toBeNull()
    expect(unpacked.length).toBeGreaterThan(1_000_000)
    expect(unpacked.equals(bytes.subarray(0, unpacked.length))).toBe(true)
  })
})

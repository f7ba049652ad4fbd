import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { join } from './mrt.testing.ts'
import { openChunks, openInTurn } from './open.ts'
import { unpackInWorker } from './unpack.ts'

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return join(all)
}

const hasBzip2 = spawnSync('bzip2', ['--help']).error === undefined

describe.skipIf(!hasBzip2)('files of bzip2, unpacked in workers (needs the program bzip2)', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(joinPath(tmpdir(), 'unpack-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** Some blocks of bytes that do not repeat, each file its own. */
  const content = (seed: number, length: number): Uint8Array => {
    let state = seed
    return Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state >>> 29
    })
  }
  const put = (name: string, body: Uint8Array): string => {
    const path = joinPath(folder, name)
    writeFileSync(path, spawnSync('bzip2', ['-c'], { input: body, maxBuffer: 1e9 }).stdout)
    return path
  }

  it('gives the bytes of several files that are on their way at once', async () => {
    const bodies = [1, 2, 3, 4].map((seed) => content(seed, 1_000_000))
    const paths = bodies.map((body, i) => put(`${i}.bz2`, body))
    const all = await Promise.all(paths.map((path) => bytesOf(openChunks(path))))
    expect(all.map((bytes, i) => Buffer.compare(bytes, bodies[i]!))).toEqual([0, 0, 0, 0])
  })

  it('gives files in turn, each whole, with the next one begun before', async () => {
    const bodies = [5, 6, 7].map((seed) => content(seed, 1_000_000))
    const opens = openInTurn(bodies.map((body, i) => put(`${i}.bz2`, body)))
    for (const [i, open] of opens.entries()) expect(Buffer.compare(await bytesOf(open()), bodies[i]!)).toBe(0)
  })

  it('can be left within a file, and serves the next one', async () => {
    const body = content(8, 2_000_000)
    const path = put('a.bz2', body)
    for await (const chunk of unpackInWorker(path).chunks) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    const [first] = openInTurn([path, path])
    for await (const chunk of first!()) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    expect(Buffer.compare(await bytesOf(openChunks(path)), body)).toBe(0)
  })

  it('says that a file is cut off, after all that could be unpacked', async () => {
    const packed = spawnSync('bzip2', ['-c'], { input: content(9, 1_900_000), maxBuffer: 1e9 }).stdout
    const path = joinPath(folder, 'cut.bz2')
    writeFileSync(path, packed.subarray(0, packed.length - 100))
    let bytes = 0
    const reading = (async () => {
      for await (const chunk of openChunks(path)) bytes += chunk.length
    })()
    await expect(reading).rejects.toThrow('the bzip2 stream ends early: the file is cut off')
    expect(bytes).toBeGreaterThan(900_000)
  })

  it('says that a file is not there', async () => {
    await expect(bytesOf(unpackInWorker(joinPath(folder, 'none.bz2')).chunks)).rejects.toThrow(/ENOENT/)
  })
})

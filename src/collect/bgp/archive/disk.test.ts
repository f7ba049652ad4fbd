import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../../model/brand.ts'
import { createArchiveDisk, type ArchiveDisk } from './disk.ts'
import { join, record, writeRib, writeUpdate } from './mrt.testing.ts'

const AT = 1_700_092_800 as UnixSeconds
const PEER = { address: '192.0.2.1', asn: 64_500 }
const rib = writeRib(AT, [PEER], [[{ prefix: '203.0.113.0/24', path: [64_500, 64_501] }]])
const updates = writeUpdate(AT + 7, PEER, { withdraw: '203.0.113.0/24' })

/** The checksum of a gzip file stands eight bytes before its end. */
function withWrongSum(packed: Uint8Array): Uint8Array {
  const wrong = Uint8Array.from(packed)
  wrong[wrong.length - 8]! ^= 1
  return wrong
}

describe('the cache of archive files', () => {
  let folder: string
  let disk: ArchiveDisk
  beforeEach(() => {
    folder = mkdtempSync(joinPath(tmpdir(), 'archive-'))
    disk = createArchiveDisk(folder, 10_000)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  async function put(path: string, body: Uint8Array, at: number, into = disk): Promise<void> {
    await into.begin(path, '"tag"', false)
    await into.append(path, body)
    const verified = await into.verify(path)
    if (verified.kind !== 'whole') throw new Error(verified.reason)
    const { bytes, sha256, facts } = verified
    await into.commit({ path, url: `http://x/${path}`, bytes, sha256, facts, fetchedAt: at as UnixSeconds })
  }

  it('finds a file only when it is whole and verified, and tells its hash and what a walk along it told', async () => {
    const body = gzipSync(join([rib, updates]))
    await disk.begin('a/b.gz', null, false)
    await disk.append('a/b.gz', body)
    await disk.pause('a/b.gz')
    expect(await disk.find('a/b.gz', AT)).toBeNull()
    await put('a/b.gz', body, AT)
    const found = await disk.find('a/b.gz', AT)
    expect(found?.sha256).toBe(createHash('sha256').update(body).digest('hex'))
    expect(found?.facts).toMatchObject({ records: 3, routes: 3, ribs: 1, first: AT, latest: AT + 7, broken: null })
    expect(found?.facts.bytes).toBe(rib.length + updates.length)
    const chunks: Uint8Array[] = []
    for await (const chunk of disk.read('a/b.gz')) chunks.push(chunk)
    expect(join(chunks)).toEqual(join([rib, updates]))
  })

  it('finds after a restart what was whole, and not what was cut or has another length than was noted', async () => {
    await put('one.gz', gzipSync(rib), AT)
    await put('two.gz', gzipSync(rib), AT)
    writeFileSync(joinPath(folder, 'two.gz'), 'x')
    writeFileSync(joinPath(folder, 'three.gz'), gzipSync(rib))
    const again = createArchiveDisk(folder, 10_000)
    expect((await again.list()).map(({ path }) => path)).toEqual(['one.gz'])
  })

  it('goes on with what has come, and knows by which version of the file', async () => {
    const body = gzipSync(rib)
    await disk.begin('a.gz', '"v1"', false)
    await disk.append('a.gz', body.subarray(0, 30))
    await disk.pause('a.gz')
    const again = createArchiveDisk(folder, 10_000)
    expect(await again.part('a.gz')).toEqual({ bytes: 30, validator: '"v1"' })
    await again.begin('a.gz', '"v1"', true)
    await again.append('a.gz', body.subarray(30))
    expect(await again.verify('a.gz')).toMatchObject({ kind: 'whole', bytes: body.length })
    await again.begin('a.gz', '"v2"', false)
    await again.pause('a.gz')
    expect(await again.part('a.gz')).toBeNull()
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['a gzip file that is cut off', gzipSync(rib).subarray(0, 60), /cut off/],
    ['a gzip file with a wrong sum', withWrongSum(gzipSync(rib)), /corrupt/],
    ['a file that ends within a record', gzipSync(rib.subarray(0, rib.length - 1)), /ends within a record/],
    [
      'a file that ends within a header',
      gzipSync(rib.subarray(0, rib.length + 5 - rib.length)),
      /ends within a record/,
    ],
    ['a page of HTML', new TextEncoder().encode('<html>maintenance</html>'), /record/],
  ])('does not take %s for whole', async (_, body, why) => {
    await disk.begin('a.gz', null, false)
    await disk.append('a.gz', body)
    const verified = await disk.verify('a.gz')
    expect(verified.kind === 'damaged' && verified.reason).toMatch(why)
  })

  it('says of records that carry no routes of which type they are', async () => {
    await put('a.gz', record(AT, 99, 3, [1, 2, 3]), AT)
    expect((await disk.find('a.gz', AT))?.facts).toMatchObject({ records: 1, routes: 0, otherType: '99/3' })
  })

  it('lets go of what was used longest ago when there is more than the limit, but never of what is in use', async () => {
    const small = createArchiveDisk(folder, 250)
    const body = new Uint8Array(100)
    const big = record(AT, 16, 4, [...body.subarray(0, 88)])
    await put('a', big, AT, small)
    await put('b', big, AT + 1, small)
    await small.keep('a')
    await put('c', big, AT + 2, small)
    expect((await small.list()).map(({ path }) => path)).toEqual(['a', 'c'])
    await small.release('a')
    await small.find('c', (AT + 5) as UnixSeconds)
    await put('d', big, AT + 6, small)
    expect((await small.list()).map(({ path }) => path)).toEqual(['c', 'd'])
    expect(['a', 'b', 'c', 'd'].map((name) => existsSync(joinPath(folder, name)))).toEqual([false, false, true, true])
    // The order outlives a restart.
    const again = createArchiveDisk(folder, 250)
    await put('e', big, AT + 7, again)
    expect((await again.list()).map(({ path }) => path)).toEqual(['d', 'e'])
    expect(JSON.parse(readFileSync(joinPath(folder, 'e.json'), 'utf8'))).toMatchObject({ path: 'e', bytes: 100 })
  })

  it('lets go of all of a file that is dropped', async () => {
    await put('a', rib, AT)
    await disk.begin('a', null, false)
    await disk.append('a', rib)
    await disk.drop('a')
    expect([await disk.find('a', AT), await disk.part('a'), existsSync(joinPath(folder, 'a'))]).toEqual([
      null,
      null,
      false,
    ])
  })
})

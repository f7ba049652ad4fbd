import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { StoreError } from '../../model/errors.ts'
import { at, sampleAnswer, sampleBatch, sampleRevision, sampleSeries, START } from '../samples.testing.ts'
import type { Store } from '../store.ts'
import { restoreBackup } from './restore.ts'
import { openDuckdbStore, type DuckdbStore } from './store.ts'

const STEP = 300
const ALWAYS = { from: at(0), until: at(4_000_000_000) }

const whyNot =
  process.getuid?.() === 0 && process.platform === 'linux' ? canMount() : 'only root on Linux may mount a small disk'

/** @returns '' when it can. */
function canMount(): string {
  const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' })
    execFileSync('umount', [folder])
    return ''
  } catch {
    return 'this machine does not let us mount a tmpfs'
  } finally {
    execFileSync('rmdir', [folder])
  }
}

describe.skipIf(whyNot !== '')(`on a full disk${whyNot === '' ? '' : ` (skipped: ${whyNot})`}`, () => {
  let disk: string
  let store: DuckdbStore
  const open = (): Promise<DuckdbStore> =>
    openDuckdbStore({ folder: join(disk, 'data'), memoryLimitMb: 256, threads: 1, startedAt: START })

  beforeEach(async () => {
    disk = await mkdtemp(join(tmpdir(), 'tocsin-full-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk])
    store = await open()
    await store.defineSeries([sampleSeries('country:KZ', STEP), sampleSeries('country:BY', STEP)])
  })
  afterEach(async () => {
    await store.close()
    execFileSync('umount', [disk])
    await rm(disk, { recursive: true })
  })

  /** Leaves `spare` bytes of the disk. */
  async function fill(spare: number): Promise<void> {
    const { bavail, bsize } = await statfs(disk)
    await writeFile(join(disk, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - spare)))
  }
  const empty = (): Promise<void> => rm(join(disk, 'ballast'))

  const SIZE = 2000
  /** Batch `n` holds 2,000 bins of its own, so that what is there says which batches are. */
  function batch(n: number): ReturnType<typeof sampleBatch> {
    return sampleBatch(
      100 + n,
      Array.from({ length: SIZE }, (_, i) => [n % 2, START + (n * SIZE + i) * STEP, n + i / SIZE, 1] as const),
    )
  }

  async function appendUntilRefused(first: number): Promise<number> {
    for (let n = first; n < first + 500; n += 1) {
      try {
        await store.append(batch(n))
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError)
        expect((error as Error).message).toMatch(/no space is left for .*tocsin\.duckdb; free some/)
        return n
      }
    }
    throw new Error('the disk never filled')
  }

  async function expectBatches(of: Store, count: number): Promise<void> {
    expect(await of.lastBatch()).toBe(count)
    const rows = await Promise.all([0, 1].map((id) => of.read(id, ALWAYS, null)))
    const values = rows.flatMap((column) => [...column.values])
    expect(values.length).toBe(count * SIZE)
    expect(new Set(values).size).toBe(values.length)
    expect(Math.max(...values.map(Math.floor))).toBe(count - 1)
  }

  it.each([[0], [10_000], [200_000], [1_500_000]])(
    'keeps what it acknowledged and nothing else, with %i bytes to spare',
    async (spare) => {
      await store.append(batch(0))
      await fill(spare)
      const refused = await appendUntilRefused(1)
      await expect(store.append(batch(refused))).rejects.toThrow(StoreError)
      await empty()
      await expectBatches(store, refused)

      await store.append(batch(refused))
      await store.publish([sampleRevision('country:KZ', 'KZ-2022-01-05-a', 1, 100)])
      await expectBatches(store, refused + 1)
      await store.close()
      store = await open()
      await expectBatches(store, refused + 1)
    },
  )

  it('loses nothing when compaction finds no space, and compacts once there is some', async () => {
    for (let n = 0; n < 40; n += 1) await store.append(batch(n))
    await fill(0)
    await expect(store.compact(at(START + 400 * 86_400))).rejects.toThrow(/no space is left/)
    await empty()
    await expectBatches(store, 40)
    await store.compact(at(START + 400 * 86_400))
    await expectBatches(store, 40)
    expect(await store.append(batch(40))).toMatchObject({ batch: 41, appended: SIZE })
  })

  it('keeps nothing of an answer that finds no space, and takes it once there is some', async () => {
    const text = Array.from({ length: 40_000 }, (_, i) => `${(i * 7919) % 100_003}`).join()
    const answer = sampleAnswer(text, 100)
    await fill(0)
    await expect(store.keepAnswer(answer)).rejects.toThrow(StoreError)
    await expect(store.keepAnswer(answer)).rejects.toThrow(/no space is left/)
    await empty()
    expect(await store.answers(answer.sha256)).toEqual([])
    expect(await store.keepAnswer(answer)).toBe(1)
    expect(await store.answerBody(answer.sha256)).toEqual(answer.body)
  })

  it('names the disk of a back-up that is full, and goes on', async () => {
    const roomy = await mkdtemp(join(tmpdir(), 'tocsin-roomy-'))
    const other = await openDuckdbStore({ folder: roomy, memoryLimitMb: 256, threads: 1, startedAt: START })
    try {
      await other.defineSeries([sampleSeries('country:KZ', STEP), sampleSeries('country:BY', STEP)])
      for (let n = 0; n < 40; n += 1) await other.append(batch(n))
      await fill(100_000)
      const target = join(disk, 'backup')
      await expect(other.backup(target, START)).rejects.toThrow(/no space is left for .*backup\/tocsin\.duckdb/)
      await expectBatches(other, 40)
      await other.append(batch(40))
      await expect(restoreBackup(target, join(roomy, 'restored'))).rejects.toThrow(/not a finished back-up/)
    } finally {
      await other.close()
      await rm(roomy, { recursive: true })
    }
  })
})

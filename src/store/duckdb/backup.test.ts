import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { BusyError, StoreError } from '../../model/errors.ts'
import { makeNaiveStore } from '../naive.testing.ts'
import { at, sampleAnswer, sampleBatch, sampleHealth, sampleRevision, sampleRoute, START } from '../samples.testing.ts'
import { crashBatch, SERIES } from './crash-script.testing.ts'
import { makeFolder, openSmall } from './folder.testing.ts'
import { restoreBackup } from './restore.ts'
import type { DuckdbStore } from './store.ts'

const ALWAYS = { from: at(0), until: at(4_000_000_000) }
const MADE_AT = at(1_700_000_000)

let temporary: Awaited<ReturnType<typeof makeFolder>>
let store: DuckdbStore
let target: string
let restored: string
beforeEach(async () => {
  temporary = await makeFolder()
  store = await openSmall(join(temporary.folder, 'data'))
  target = join(temporary.folder, 'backup')
  restored = join(temporary.folder, 'restored')
  await store.defineSeries(SERIES)
})
afterEach(async () => {
  await store.close()
  await temporary.remove()
})

/** Batch `n` of the crash tests, each with an answer of its own. */
async function appendAnswered(n: number): Promise<void> {
  const answer = await store.keepAnswer(sampleAnswer(`answer ${n}`, n))
  const covered = { stream: 'ping', span: { from: at(0), until: at(n * 10) } }
  expect(await store.append({ ...crashBatch(n), answer, covered })).toMatchObject({ batch: n })
}

/** Everything that batches up to `last` make. */
async function expectBatches(of: DuckdbStore, last: number): Promise<void> {
  const naive = makeNaiveStore()
  for (let n = 1; n <= last; n += 1) naive.append(crashBatch(n))
  expect(await of.lastBatch()).toBe(last)
  for (const id of SERIES.keys()) {
    for (const asOf of [null, crashBatch(Math.ceil(last / 2)).arrival]) {
      expect(await of.read(id, ALWAYS, asOf)).toEqual(naive.read(id, ALWAYS, asOf))
    }
    for (const { answer, batch } of await of.provenance(id, ALWAYS)) {
      const { sha256, body } = sampleAnswer(`answer ${batch}`, 0)
      expect(answer?.sha256).toBe(sha256)
      expect(await of.answerBody(sha256)).toEqual(answer?.hasBody === true ? body : null)
    }
  }
  expect(await of.covered()).toEqual(new Map([['ping', [{ from: 0, until: last * 10 }]]]))
}

describe('a back-up', () => {
  it('is, once restored, the store as it was at one instant while appends and retention went on', async () => {
    for (let n = 1; n <= 12; n += 1) await appendAnswered(n)
    await store.publish([sampleRevision('country:KZ', 'KZ-2022-01-05-a', 1, 100)])
    await store.putHealth([sampleHealth(null)])
    await store.putRouteEvents([sampleRoute({ at: at(START + 1) }), sampleRoute({ kind: 'returned', country: null })])
    await store.putDerived('snapshot', Uint8Array.of(1))
    const before = await store.lastBatch()
    let done = false
    const backingUp = store.backup(target, MADE_AT).finally(() => (done = true))
    let next = before + 1
    let retaining: Promise<unknown> = Promise.resolve()
    while (!done || next < before + 5) {
      await appendAnswered(next)
      // All of these would lose their bodies, the ones that the copy speaks of among them.
      if (next === before + 1) retaining = store.retain({ rawBefore: at(0), answersBefore: at(1000), keep: [] })
      next += 1
    }
    const manifest = await backingUp
    await retaining
    const after = await store.lastBatch()
    expect(await store.answerBody(sampleAnswer('answer 1', 0).sha256)).toBeNull()
    await store.compact(at(START + 400 * 86_400))

    expect(await restoreBackup(target, restored)).toEqual(manifest)
    const copy = await openSmall(restored)
    try {
      const last = await copy.lastBatch()
      expect(last).toBeGreaterThanOrEqual(before)
      expect(last).toBeLessThanOrEqual(after)
      expect(manifest.counts.batches).toBe(last)
      expect(await copy.revisions({})).toEqual(await store.revisions({}))
      expect(await copy.health({})).toEqual([sampleHealth(null)])
      expect(await copy.routeEvents({})).toEqual([
        sampleRoute({ kind: 'returned', country: null }),
        sampleRoute({ at: at(START + 1) }),
      ])
      expect(await copy.derived('snapshot')).toBeNull()
      await expectBatches(copy, last)
    } finally {
      await copy.close()
    }
  })

  it('says what it holds, and when it was made', async () => {
    await appendAnswered(1)
    const manifest = await store.backup(target, MADE_AT)
    expect(JSON.parse(await readFile(join(target, 'MANIFEST.json'), 'utf8'))).toEqual(manifest)
    expect(manifest).toMatchObject({
      madeAt: '2023-11-14T22:13:20Z',
      schemaVersion: 3,
      counts: { series: SERIES.length, batches: 1, rows: 80, hours: 0, revisions: 0, answers: 1 },
      bodies: { files: 1 },
    })
    expect(manifest.database.bytes).toBe((await stat(join(target, 'tocsin.duckdb'))).size)
    expect((await readdir(target)).sort()).toEqual(['MANIFEST.json', 'answers', 'tocsin.duckdb'])
  })

  it('leaves the folder held against other processes and the store as it was', async () => {
    await appendAnswered(1)
    await store.backup(target, MADE_AT)
    await store.backup(join(temporary.folder, 'another'), MADE_AT)
    await appendAnswered(2)
    await expectBatches(store, 2)
    const locks = await readFile('/proc/locks', 'utf8').catch(() => null)
    const { ino } = await stat(join(store.folder, 'tocsin.duckdb'))
    if (locks !== null) expect(locks).toMatch(new RegExp(`WRITE ${process.pid} [0-9a-f:]+:${ino} `))
  })

  it('refuses a folder with anything in it, and one within the data folder', async () => {
    await mkdir(target)
    await writeFile(join(target, 'notes.txt'), '')
    await expect(store.backup(target, MADE_AT)).rejects.toThrow(StoreError)
    await expect(store.backup(target, MADE_AT)).rejects.toThrow(/backup is not empty; name a new or an empty folder/)
    await expect(store.backup(join(store.folder, 'x'), MADE_AT)).rejects.toThrow(/in the data folder itself/)
    await expect(store.backup(store.folder, MADE_AT)).rejects.toThrow(/in the data folder itself/)
    await expect(store.backup(join(target, 'notes.txt'), MADE_AT)).rejects.toThrow(/there is a file in its place/)
  })

  it('may have a quote in its name', async () => {
    target = join(temporary.folder, `it's "here"`)
    await appendAnswered(1)
    await store.backup(target, MADE_AT)
    await restoreBackup(target, restored)
  })
})

describe('restoring', () => {
  beforeEach(async () => {
    await appendAnswered(1)
    await appendAnswered(2)
    await store.backup(target, MADE_AT)
  })

  /** Refused, with nothing left in the folder. */
  async function expectRefused(words: RegExp): Promise<void> {
    const restoring = restoreBackup(target, restored)
    await expect(restoring).rejects.toThrow(StoreError)
    await expect(restoring).rejects.toThrow(words)
    expect(await readdir(restored).catch(() => [])).toEqual([])
  }
  const body = async (): Promise<string> => {
    const names = await readdir(join(target, 'answers'), { recursive: true })
    return join(
      target,
      'answers',
      names.find((name) => name.endsWith('.gz'))!,
    )
  }

  it('makes a folder that goes on by itself and leaves the back-up as it was', async () => {
    await restoreBackup(target, restored)
    const copy = await openSmall(restored)
    await copy.append(sampleBatch(900, [[0, START + 40 * 1800, 1, 1]]))
    await copy.retain({ rawBefore: at(0), answersBefore: at(1000), keep: [] })
    await copy.close()
    await rm(restored, { recursive: true })
    await restoreBackup(target, restored)
    const again = await openSmall(restored)
    await expectBatches(again, 2)
    await again.close()
  })

  it('refuses a back-up that is half made', async () => {
    await rm(join(target, 'MANIFEST.json'))
    await expectRefused(/backup is not a finished back-up: it has no MANIFEST\.json/)
  })

  it('refuses a folder that is not there', async () => {
    target = join(temporary.folder, 'nowhere')
    await expectRefused(/nowhere is not a finished back-up/)
  })

  it('refuses a manifest that is not one, or of a newer version', async () => {
    const path = join(target, 'MANIFEST.json')
    const text = await readFile(path, 'utf8')
    for (const wrong of [
      '',
      '{',
      '[]',
      text.replace('tocsin-backup-1', 'x'),
      text.replace(/"sha256": ".*"/, '"sha256": 7'),
    ]) {
      await writeFile(path, wrong)
      await expectRefused(/MANIFEST\.json is not a back-up's manifest/)
    }
    await writeFile(path, text.replace('"schemaVersion": 3', '"schemaVersion": 4'))
    await expectRefused(/schema version 4 and this Tocsin knows version 3/)
  })

  it('refuses a database that was changed, cut short or lost', async () => {
    const path = join(target, 'tocsin.duckdb')
    const whole = await readFile(path)
    const flipped = Buffer.from(whole)
    flipped[whole.length >> 1]! ^= 1
    for (const wrong of [flipped, whole.subarray(0, 8192)]) {
      await writeFile(path, wrong)
      await expectRefused(/tocsin\.duckdb was changed/)
    }
    await rm(path)
    await expectRefused(/tocsin\.duckdb is missing/)
  })

  it('refuses answers that were changed, lost or added', async () => {
    await cp(target, `${target}-2`, { recursive: true })
    const path = await body()
    // Written anew under its name: the store's own is a link to the same bytes.
    await rm(path)
    await expectRefused(/2 answers in \d+ bytes, and there are 1/)
    await writeFile(path, gzipSync('forged'))
    await expectRefused(/\.gz does not hold the bytes that its name says/)
    target = `${target}-2`
    const { sha256, body: bytes } = sampleAnswer('added', 0)
    await mkdir(join(target, 'answers', sha256.slice(0, 2)), { recursive: true })
    await writeFile(join(target, 'answers', sha256.slice(0, 2), `${sha256}.gz`), gzipSync(bytes))
    await expectRefused(/and there are 3/)
  })

  it('refuses a folder that is not empty, and says who runs on it', async () => {
    await mkdir(restored)
    await writeFile(join(restored, 'notes.txt'), '')
    await expect(restoreBackup(target, restored)).rejects.toThrow(/restored is not empty/)
    await expect(restoreBackup(target, store.folder)).rejects.toThrow(BusyError)
    await expect(restoreBackup(target, store.folder)).rejects.toThrow(new RegExp(`in use by process ${process.pid}`))
    expect(await readdir(restored)).toEqual(['notes.txt'])
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { makeNaiveStore, type NaiveStore } from '../naive.testing.ts'
import { at } from '../samples.testing.ts'
import {
  crashAnswer,
  crashBatch,
  crashCompaction,
  crashRetention,
  RETAINED_BATCHES,
  SERIES,
} from './crash-script.testing.ts'
import { openDatabase } from './database.ts'
import { makeFolder, openSmall } from './folder.testing.ts'

const KILLS = 24
const CUTS = 40
const RETENTION_KILLS = 8
/** Of how many of the newest batches the bytes are read. */
const LOOKED_AT = 20
const ALWAYS = { from: at(0), until: at(4_000_000_000) }

let temporary: Awaited<ReturnType<typeof makeFolder>>
let folder: string
let file: string
beforeEach(async () => {
  temporary = await makeFolder()
  folder = temporary.folder
  file = join(folder, 'tocsin.duckdb')
})
afterEach(() => temporary.remove())

describe('a writer that is killed', () => {
  it(
    `loses nothing that it acknowledged, keeps nothing twice and nothing by half, in ${KILLS} kills`,
    { timeout: 300_000 },
    async () => {
      const random = makeRandom(20_220_105)
      const naive = makeNaiveStore()
      let kept = 0
      for (let kill = 0; kill < KILLS; kill += 1) {
        const acknowledged = await writeUntilKilled(1 + Math.floor(random() * 16), random())
        const found = await lastBatchKept()
        expect(found).toBeGreaterThanOrEqual(Math.max(acknowledged, kept))
        // The batch under way may be kept too: killed between its commit and its word.
        expect(found).toBeLessThanOrEqual(Math.max(acknowledged, kept) + 1)
        for (let n = kept + 1; n <= found; n += 1) naive.append(crashBatch(n))
        kept = found
        await expectExactly(naive, kept)
        await expectAnswers(kept)
      }
      expect(kept).toBeGreaterThan(KILLS)
    },
  )

  /** @returns the last batch that it acknowledged; 0 when none. */
  async function writeUntilKilled(afterWords: number, delay: number): Promise<number> {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'crash-writer.testing.ts'), folder],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const exit = once(child, 'exit')
    let words = 0
    let last = 0
    for await (const line of createInterface({ input: child.stdout })) {
      last = Number(line)
      words += 1
      if (words !== afterWords) continue
      // Up to a batch's time later, so that every moment of writing has its turn.
      const until = performance.now() + delay * 8
      while (performance.now() < until);
      child.kill('SIGKILL')
    }
    expect(await exit).toEqual([null, 'SIGKILL'])
    return last
  }
})

describe('retention that is killed', () => {
  it(
    `leaves each hour in raw bins or rolled up, and none out, in ${RETENTION_KILLS} kills`,
    { timeout: 180_000 },
    async () => {
      const naive = makeNaiveStore()
      let store = await openSmall(folder)
      await store.defineSeries(SERIES)
      for (let n = 1; n <= RETAINED_BATCHES; n += 1) {
        await store.append(crashBatch(n))
        naive.append(crashBatch(n))
      }
      const random = makeRandom(20_260_108)
      let rawBins = Infinity
      for (let kill = 0; kill < RETENTION_KILLS; kill += 1) {
        await store.close()
        await retainUntilKilled(random() * 60)
        store = await openSmall(folder)
        let left = 0
        for (const id of SERIES.keys()) {
          const raw = await store.read(id, ALWAYS, null)
          left += raw.bins.length
          const hours = await store.readHours(id, ALWAYS)
          expect([...hours.hours].map((start, i) => [start, hours.counts[i], hours.means[i]])).toEqual(
            naive.spans(id, ALWAYS, 3600).map(({ start, count, mean }) => [start, count, mean]),
          )
          const days = (await store.days([id], ALWAYS)).get(id)!
          expect([...days.counts]).toEqual(naive.spans(id, ALWAYS, 86_400).map(({ count }) => count))
        }
        expect(left).toBeLessThanOrEqual(rawBins)
        rawBins = left
      }
      await store.retain(crashRetention)
      const rest = await Promise.all([...SERIES.keys()].map((id) => store.read(id, ALWAYS, null)))
      expect(rest.every(({ bins }) => bins[0]! >= crashRetention.rawBefore)).toBe(true)
      await store.close()
    },
  )

  async function retainUntilKilled(delayMs: number): Promise<void> {
    const script = join(import.meta.dirname, 'crash-retention.testing.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exit = once(child, 'exit')
    await once(child.stdout, 'data')
    const until = performance.now() + delayMs
    while (performance.now() < until);
    child.kill('SIGKILL')
    await exit
  }
})

describe('a write-ahead log that is torn', () => {
  it(`opens and holds the batches before the tear, wherever it is, in ${CUTS} cuts`, { timeout: 180_000 }, async () => {
    const random = makeRandom(20_200_809)
    const copy = join(folder, 'copy')
    const ends = await writeAndCopy(copy)
    const { size } = await stat(join(copy, 'tocsin.duckdb.wal'))
    const log = await readFile(join(copy, 'tocsin.duckdb.wal'))
    expect(ends.at(-1)?.bytes).toBe(size)

    const anywhere = Array.from({ length: CUTS - 10 }, () => Math.floor(random() * size))
    const nearEnds = Array.from({ length: 10 }, (_, i) => ends[Math.floor(random() * ends.length)]!.bytes + (i % 3) - 1)
    for (const cut of [0, ...anywhere, ...nearEnds]) {
      await rm(`${file}.wal`, { force: true })
      await cp(join(copy, 'tocsin.duckdb'), file)
      await writeFile(`${file}.wal`, log.subarray(0, cut))

      const whole = ends.filter(({ bytes }) => bytes <= cut).at(-1)?.batch ?? COMPACTED
      expect(await lastBatchKept()).toBe(whole)
      const naive = makeNaiveStore()
      for (let n = 1; n <= whole; n += 1) naive.append(crashBatch(n))
      await expectExactly(naive, whole)
    }
  })

  const COMPACTED = 10
  const LAST = 40

  /** @returns how long the log was after each batch since the last compaction, which empties it. */
  async function writeAndCopy(copy: string): Promise<{ batch: number; bytes: number }[]> {
    const store = await openSmall(join(folder, 'original'))
    await store.defineSeries(SERIES)
    const ends: { batch: number; bytes: number }[] = []
    for (let n = 1; n <= LAST; n += 1) {
      await store.append(crashBatch(n))
      if (n <= COMPACTED) {
        const before = crashCompaction(n)
        if (before !== null) await store.compact(before)
      } else {
        ends.push({ batch: n, bytes: (await stat(join(store.folder, 'tocsin.duckdb.wal'))).size })
      }
    }
    await cp(store.folder, copy, { recursive: true })
    await store.close()
    return ends
  }

  it('may be missing altogether', async () => {
    const copy = join(folder, 'copy')
    await writeAndCopy(copy)
    await cp(join(copy, 'tocsin.duckdb'), file)
    expect(await lastBatchKept()).toBe(COMPACTED)
  })
})

/** What was read leads to the bytes that it was read from, and what was answered is known: no more, no less. */
async function expectAnswers(batches: number): Promise<void> {
  const store = await openSmall(folder)
  for (const { batch, answer } of await store.provenance(batches % SERIES.length, ALWAYS)) {
    const { sha256, body } = crashAnswer(batch)
    expect(answer).toMatchObject({ sha256, hasBody: true })
    if (batch > batches - LOOKED_AT) expect(await store.answerBody(sha256)).toEqual(body)
  }
  expect(await store.covered()).toEqual(new Map([['ping', [{ from: 0, until: batches }]]]))
  await store.close()
}

async function lastBatchKept(): Promise<number> {
  const store = await openSmall(folder)
  try {
    return await store.lastBatch()
  } finally {
    await store.close()
  }
}

/** Every answer is the naive model's, and underneath there is no row twice and none of a batch that is not there. */
async function expectExactly(naive: NaiveStore, batches: number): Promise<void> {
  const store = await openSmall(folder)
  for (const asOf of [null, crashBatch(Math.max(1, Math.floor(batches / 2))).arrival]) {
    for (const id of SERIES.keys()) {
      expect(await store.read(id, ALWAYS, asOf)).toEqual(naive.read(id, ALWAYS, asOf))
    }
  }
  await store.close()
  const database = await openDatabase(file, { memoryLimitMb: 256, threads: 1 })
  const rows = `(SELECT series, bin, batch FROM recent UNION ALL SELECT series, bin, batch FROM closed)`
  const [counts] = await database.rows(
    `SELECT count(*)::INT - (SELECT count(*)::INT FROM (SELECT DISTINCT * FROM ${rows})), coalesce(max(batch), 0),
            (SELECT count(*)::INT FROM batch), (SELECT coalesce(max(batch), 0) FROM batch)
     FROM ${rows}`,
    [],
  )
  await database.close()
  expect(counts).toEqual([0, batches, batches, batches])
}

function makeRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

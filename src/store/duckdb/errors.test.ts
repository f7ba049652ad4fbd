import { chmod, mkdir, open, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { StoreError } from '../../model/errors.ts'
import { sampleBatch, sampleSeries, START } from '../samples.testing.ts'
import { openDatabase } from './database.ts'
import { DatabaseError, toStoreError } from './errors.ts'
import { makeFolder, openSmall } from './folder.testing.ts'

describe('a folder that cannot be used', () => {
  let temporary: Awaited<ReturnType<typeof makeFolder>>
  let folder: string
  let file: string
  beforeEach(async () => {
    temporary = await makeFolder()
    folder = temporary.folder
    file = join(folder, 'tocsin.duckdb')
  })
  afterEach(() => temporary.remove())

  async function refusal(): Promise<string> {
    const error: unknown = await openSmall(folder).then(
      (store) => store.close(),
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(StoreError)
    return (error as Error).message
  }

  async function fillALittle(): Promise<void> {
    const store = await openSmall(folder)
    await store.defineSeries([sampleSeries('country:KZ', 300)])
    const rows = Array.from({ length: 100_000 }, (_, i) => [0, START + i * 300, Math.sin(i), Math.cos(i)] as const)
    await store.append(sampleBatch(100, rows))
    await store.close()
  }

  it('says so of a file in its place', async () => {
    await writeFile(file, '')
    folder = join(file, 'data')
    expect(await refusal()).toMatch(
      /tocsin\.duckdb\/data cannot be used as a data folder: there is a file in its place/,
    )
  })

  it('says so, and what to give, when there is no right to write', async () => {
    await mkdir(join(folder, 'locked'))
    folder = join(folder, 'locked')
    await chmod(folder, 0o500)
    await withoutRoot(async () => {
      expect(await refusal()).toMatch(/locked cannot be used as a data folder: no right to write there; give it/)
    })
  })

  it('says so when there is no right to write the file', async () => {
    await fillALittle()
    await chmod(folder, 0o777)
    await chmod(file, 0o400)
    await withoutRoot(async () => {
      expect(await refusal()).toMatch(/no right to write .*tocsin\.duckdb; give the folder/)
    })
  })

  it('says so of a file that is not a database', async () => {
    await writeFile(file, 'x'.repeat(20_000))
    expect(await refusal()).toMatch(/tocsin\.duckdb is damaged: restore the folder from a back-up, or move it away/)
  })

  it('says so of a file cut short', async () => {
    await fillALittle()
    await truncate(file, 9000)
    expect(await refusal()).toMatch(/tocsin\.duckdb is damaged/)
  })

  it('says so when what it reads turns out to be damaged', async () => {
    await fillALittle()
    const { size } = await stat(file)
    const handle = await open(file, 'r+')
    // Past the headers, a byte in every kilobyte: whatever block is read has some.
    for (let at = 12_288 + 500; at < size; at += 1024) await handle.write(Buffer.from([0xa5]), 0, 1, at)
    await handle.close()
    expect(await refusal()).toMatch(/tocsin\.duckdb is damaged/)
  })

  it('says at which byte a write-ahead log is damaged, and cutting it there helps', async () => {
    const copy = await openSmall(folder)
    await copy.defineSeries([sampleSeries('country:KZ', 300)])
    await copy.append(sampleBatch(100, [[0, START, 1, 1]]))
    const sound = (await readFile(`${file}.wal`)).length
    const rows = Array.from({ length: 1000 }, (_, i) => [0, START + i * 300, 2, 1] as const)
    await copy.append(sampleBatch(200, rows))
    const [database, log] = await Promise.all([readFile(file), readFile(`${file}.wal`)])
    await copy.close()
    log[Math.floor((sound + log.length) / 2)]! ^= 0xff
    await writeFile(file, database)
    await writeFile(`${file}.wal`, log)
    const message = await refusal()
    expect(message).toMatch(/tocsin\.duckdb\.wal is damaged at byte \d+: restore/)
    const at = Number(/truncate -s (\d+)/.exec(message)?.[1])
    expect(at).toBeLessThan(log.length)
    await truncate(`${file}.wal`, at)
    const store = await openSmall(folder)
    expect(await store.lastBatch()).toBe(1)
    await store.close()
  })

  it.each([
    [4, /schema version 4 and this Tocsin knows version 3: run the newer Tocsin/],
    [0, /schema version 0 and this Tocsin knows version 3: run the Tocsin that wrote it/],
  ])('says so of schema version %i', async (version, words) => {
    await (await openSmall(folder)).close()
    const database = await openDatabase(file, { memoryLimitMb: 256, threads: 1 })
    await database.transaction((transaction) => transaction.run(`UPDATE schema_version SET version = ${version}`))
    await database.close()
    expect(await refusal()).toMatch(words)
  })

  it("says so of tables that are not Tocsin's", async () => {
    const database = await openDatabase(file, { memoryLimitMb: 256, threads: 1 })
    await database.transaction((transaction) => transaction.run('CREATE TABLE wine (year INTEGER)'))
    await database.close()
    expect(await refusal()).toMatch(/tables that are not Tocsin's/)
  })
})

describe('words of DuckDB', () => {
  it.each([
    ['IO Error: Could not write file "x": No space left on device', /no space is left for \/d\/f; free some/],
    ['IO Error: Trying to read a database file with version number 99, but we can only read versions', /newer version/],
    ['IO Error: Could not set lock on file "x": Conflicting lock is held', /in use by another process/],
    ['Binder Error: no\nsuch column', /\/d\/f failed: Binder Error: no; try again/],
  ])('become advice: %s', (words, advice) => {
    const error = toStoreError(new DatabaseError(new Error(words)), '/d/f')
    expect(error).toBeInstanceOf(StoreError)
    expect((error as Error).message).toMatch(advice)
    expect((error as Error).cause).toMatchObject({ message: words })
  })

  it('leaves the mistakes of a caller as they are', () => {
    const mistake = new RangeError('twice')
    expect(toStoreError(mistake, '/d/f')).toBe(mistake)
  })
})

/** Root may write anywhere, so root becomes nobody for the time. */
async function withoutRoot(work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid!(65_534)
  try {
    await work()
  } finally {
    process.seteuid!(0)
  }
}

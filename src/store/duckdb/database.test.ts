import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { openDatabase, type Database } from './database.ts'
import { makeFolder } from './folder.testing.ts'

describe('the database', () => {
  let temporary: Awaited<ReturnType<typeof makeFolder>>
  let database: Database
  beforeEach(async () => {
    temporary = await makeFolder()
    database = await openDatabase(join(temporary.folder, 'tocsin.duckdb'), { memoryLimitMb: 256, threads: 2 })
    await database.transaction((transaction) => transaction.run('CREATE TABLE t (a UINTEGER, b DOUBLE)'))
  })
  afterEach(async () => {
    await database.close()
    await temporary.remove()
  })

  const COUNT = 10_001

  it('gives numbers back as they were put in, over many pieces', async () => {
    const a = Uint32Array.from({ length: COUNT }, (_, i) => 0xffff_ffff - i)
    const b = Float64Array.from({ length: COUNT }, (_, i) => (i % 7 === 0 ? Number.NaN : -i / 3))
    await database.transaction((transaction) => transaction.appendNumbers('t', [a, b]))
    const seen: [number[], number[]] = [[], []]
    let pieces = 0
    await database.numbers('SELECT a, b FROM t', (columns) => {
      columns.forEach((column, i) => seen[i]!.push(...column))
      pieces += 1
    })
    expect(pieces).toBeGreaterThan(4)
    expect(seen).toEqual([[...a], [...b]])
  })

  it('keeps nothing of a transaction that fails', async () => {
    const work = database.transaction(async (transaction) => {
      await transaction.appendNumbers('t', [Uint32Array.of(1), Float64Array.of(1)])
      throw new RangeError('on purpose')
    })
    await expect(work).rejects.toThrow('on purpose')
    expect(await database.rows('SELECT * FROM t', [])).toEqual([])
    await database.transaction((transaction) => transaction.appendRows('t', [[7, null]]))
    expect(await database.rows('SELECT * FROM t WHERE a = ?', [7])).toEqual([[7, null]])
  })

  it('fetches no extension', async () => {
    const settings =
      "SELECT value FROM duckdb_settings() WHERE name IN ('autoinstall_known_extensions', 'autoload_known_extensions')"
    expect(await database.rows(settings, [])).toEqual([['false'], ['false']])
  })

  it('lets readers go on beside a checkpoint', async () => {
    const a = Uint32Array.from({ length: 300_000 }, (_, i) => i)
    await database.transaction((transaction) => transaction.appendNumbers('t', [a, Float64Array.from(a)]))
    let rows = 0
    const reading = database.numbers('SELECT a, b FROM t', ([column]) => (rows += column!.length))
    await database.checkpoint()
    await reading
    expect(rows).toBe(a.length)
  })

  it('copies itself as it was at one instant, beside a writer, and can do so again', async () => {
    const a = Uint32Array.from({ length: 300_000 }, (_, i) => i)
    await database.transaction((transaction) => transaction.appendNumbers('t', [a, Float64Array.from(a)]))
    for (const name of ['first', 'second']) {
      const file = join(temporary.folder, `${name}.duckdb`)
      const copying = database.copyTo(file, ['t'])
      await database.transaction((transaction) => transaction.appendRows('t', [[1, 1]]))
      await database.checkpoint()
      const rows = (await copying).get('t')
      const copy = await openDatabase(file, { memoryLimitMb: 256, threads: 1 })
      expect(await copy.rows('SELECT count(*)::INTEGER, count(DISTINCT a)::INTEGER FROM t', [])).toEqual([
        [rows, a.length],
      ])
      await copy.close()
    }
    await expect(database.copyTo(join(temporary.folder, 'nowhere', 'x.duckdb'), ['t'])).rejects.toThrow(/x\.duckdb/)
    await database.copyTo(join(temporary.folder, 'third.duckdb'), [])
  })

  it('refuses what is asked after it was closed', async () => {
    await database.close()
    await expect(database.rows('SELECT 1', [])).rejects.toThrow(/closed/)
  })

  it('throws what take throws, and can be asked again', async () => {
    await database.transaction((transaction) =>
      transaction.appendNumbers('t', [new Uint32Array(COUNT), new Float64Array(COUNT)]),
    )
    const taking = database.numbers('SELECT a, b FROM t', () => {
      throw new TypeError('on purpose')
    })
    await expect(taking).rejects.toThrow('on purpose')
    expect(await database.rows('SELECT count(*)::INTEGER FROM t', [])).toEqual([[COUNT]])
  })
})

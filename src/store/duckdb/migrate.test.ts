import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import {
  at,
  sampleAnswer,
  sampleBatch,
  sampleHealth,
  sampleRevision,
  sampleRoute,
  sampleSeries,
  sampleSpec,
  START,
} from '../samples.testing.ts'
import { openDatabase } from './database.ts'
import { makeFolder, openSmall } from './folder.testing.ts'

const STEP = 3600
const DAY = 86_400
const ALWAYS = { from: at(0), until: at(4_000_000_000) }

/** As version 1 made them; not to be changed with the code. */
const VERSION_1 = `
  CREATE TABLE recent (series UINTEGER, bin UINTEGER, batch UINTEGER, value DOUBLE, weight DOUBLE);
  CREATE TABLE closed (series UINTEGER, bin UINTEGER, batch UINTEGER, value DOUBLE, weight DOUBLE);
  CREATE TABLE mark (series UINTEGER, bin UINTEGER);
  CREATE TABLE batch (batch UINTEGER, arrival DOUBLE);
  CREATE TABLE series (
    id UINTEGER, source VARCHAR, signal VARCHAR, entity VARCHAR, facet VARCHAR, origin VARCHAR, step DOUBLE, phase DOUBLE);
  CREATE TABLE spec (key VARCHAR, json VARCHAR);
  CREATE TABLE entity (key VARCHAR, json VARCHAR);
  CREATE TABLE revision (
    place UINTEGER, incident VARCHAR, number UINTEGER, entity VARCHAR, published_at DOUBLE, json VARCHAR);
  CREATE TABLE schema_version (version UINTEGER);
  INSERT INTO schema_version VALUES (1);`

/** What version 2 added; not to be changed with the code. */
const VERSION_2 = `
  ALTER TABLE batch ADD COLUMN answer UINTEGER DEFAULT 0;
  CREATE TABLE answer (id UINTEGER, sha256 VARCHAR, fetched_at DOUBLE, holds_body UINTEGER, json VARCHAR);
  CREATE TABLE covered (stream VARCHAR, begins DOUBLE, ends DOUBLE);
  CREATE TABLE health (id UINTEGER, json VARCHAR);
  CREATE TABLE hour (
    series UINTEGER, hour UINTEGER, bins UINTEGER, mean DOUBLE, least DOUBLE, most DOUBLE);
  CREATE TABLE day (series UINTEGER, day UINTEGER, bins UINTEGER);
  UPDATE schema_version SET version = 2;`

describe('a folder of an older version', () => {
  let temporary: Awaited<ReturnType<typeof makeFolder>>
  beforeEach(async () => {
    temporary = await makeFolder()
  })
  afterEach(() => temporary.remove())

  const open = () => openDatabase(join(temporary.folder, 'tocsin.duckdb'), { memoryLimitMb: 256, threads: 1 })
  const KZ = sampleSeries('country:KZ', STEP)
  const SPEC = sampleSpec('ping.up_slash24s', 'label')
  const REVISION = sampleRevision('country:KZ', 'KZ-2022-01-05-a', 1, 100)

  /** Two closed days and one that is not: a bin that was corrected, one that was taken back, one that is unknown. */
  async function fill(): Promise<void> {
    const database = await open()
    await database.transaction(async (transaction) => {
      await transaction.run(VERSION_1)
      await transaction.appendRows('series', [[0, KZ.source, KZ.signal, KZ.entity, null, KZ.origin, STEP, 0]])
      await transaction.appendRows('batch', [
        [1, 100],
        [2, 200],
      ])
      await transaction.appendRows('closed', [
        [0, START, 1, 5, 1],
        [0, START, 2, 6, 1],
        [0, START + STEP, 1, 7, null],
        [0, START + STEP, 2, null, null],
        [0, START + DAY, 1, null, 2],
      ])
      await transaction.appendRows('mark', [[0, START + DAY]])
      await transaction.appendRows('recent', [[0, START + 2 * DAY, 2, 8, Number.NaN]])
      await transaction.appendRows('spec', [['ioda/ping.up_slash24s', JSON.stringify(SPEC)]])
      await transaction.appendRows('revision', [
        [1, REVISION.incident.id, 1, REVISION.incident.entity, REVISION.publishedAt, JSON.stringify(REVISION)],
      ])
    })
    await database.close()
  }

  /** As version 2 leaves it: days counted, a batch that came by an answer, an hour rolled up. */
  async function fillVersion2(): Promise<void> {
    await fill()
    const database = await open()
    await database.transaction(async (transaction) => {
      await transaction.run(VERSION_2)
      await transaction.appendRows('day', [
        [0, START, 1],
        [0, START + DAY, 0],
      ])
      await transaction.run('UPDATE batch SET answer = 1 WHERE batch = 1')
      const answer = { ...sampleAnswer('kept', 100), body: undefined }
      await transaction.appendRows('answer', [[1, answer.sha256, 100, 0, JSON.stringify(answer)]])
      await transaction.appendRows('hour', [[0, START - DAY, 1, 4, 4, 4]])
      await transaction.appendRows('health', [[1, JSON.stringify(sampleHealth(null))]])
    })
    await database.close()
  }

  it('of version 2 keeps all, and takes route events', async () => {
    await fillVersion2()
    let store = await openSmall(temporary.folder)
    try {
      expect([...(await store.read(0, ALWAYS, null)).values]).toEqual([6, Number.NaN, Number.NaN, 8])
      expect([...(await store.days([0], ALWAYS)).get(0)!.counts]).toEqual([1, 0, 1])
      expect([...(await store.readHours(0, { from: at(0), until: START })).means]).toEqual([4])
      expect((await store.provenance(0, ALWAYS)).map(({ answer }) => answer?.id ?? null)).toEqual([null, 1, null])
      expect(await store.health({})).toEqual([sampleHealth(null)])
      expect(await store.routeEvents({})).toEqual([])
      expect(await store.putRouteEvents([sampleRoute({})])).toBe(1)
    } finally {
      await store.close()
    }
    store = await openSmall(temporary.folder)
    expect(await store.routeEvents({})).toEqual([sampleRoute({})])
    await store.close()
    const database = await open()
    expect(await database.rows('SELECT version FROM schema_version', [])).toEqual([[3]])
    await database.close()
  })

  it('of version 1 opens as version 3 and keeps all', async () => {
    await fill()
    const store = await openSmall(temporary.folder)
    try {
      const rows = await store.read(0, ALWAYS, null)
      expect([...rows.bins]).toEqual([START, START + STEP, START + DAY, START + 2 * DAY])
      expect([...rows.values]).toEqual([6, Number.NaN, Number.NaN, 8])
      expect([...(await store.read(0, ALWAYS, at(100))).values]).toEqual([5, 7, Number.NaN])
      expect(await store.series({})).toEqual([{ ...KZ, id: 0 }])
      expect(await store.specs()).toEqual([SPEC])
      expect(await store.published(0, 10)).toEqual([{ place: 1, revision: REVISION }])
      expect(await store.routeEvents({})).toEqual([])
      expect([await store.lastBatch(), await store.lastArrival()]).toEqual([2, 200])
      expect((await store.days([0], ALWAYS)).get(0)).toEqual({
        days: Float64Array.of(START, START + DAY, START + 2 * DAY),
        counts: Float64Array.of(1, 0, 1),
      })
      expect((await store.provenance(0, ALWAYS)).map(({ batch, answer }) => [batch, answer])).toEqual([
        [2, null],
        [1, null],
        [2, null],
      ])
    } finally {
      await store.close()
    }
  })

  it('takes what version 2 brought, and opens again', async () => {
    await fill()
    let store = await openSmall(temporary.folder)
    const answer = await store.keepAnswer(sampleAnswer('new', 300))
    await store.append({ ...sampleBatch(300, [[0, START + DAY, 3, 2]]), answer })
    await store.close()
    store = await openSmall(temporary.folder)
    try {
      expect((await store.provenance(0, ALWAYS)).map(({ answer: of }) => of?.id ?? null)).toEqual([null, 1, null])
      expect([...(await store.days([0], ALWAYS)).get(0)!.counts]).toEqual([1, 1, 1])
    } finally {
      await store.close()
    }
  })

  it('stays as it was when the step fails half-way', async () => {
    await fill()
    const before = await open()
    // In the way of a table that version 2 makes.
    await before.transaction((transaction) => transaction.run('CREATE TABLE day (wine INTEGER)'))
    await before.close()
    await expect(openSmall(temporary.folder)).rejects.toThrow(/day/)
    const after = await open()
    const tables = await after.rows('SELECT table_name FROM duckdb_tables() ORDER BY 1', [])
    expect(tables.flat()).not.toContain('answer')
    expect(await after.rows('SELECT version FROM schema_version', [])).toEqual([[1]])
    await after.transaction((transaction) => transaction.run('DROP TABLE day'))
    await after.close()
    const store = await openSmall(temporary.folder)
    expect(await store.lastBatch()).toBe(2)
    await store.close()
  })
})

import { StoreError } from '../../model/errors.ts'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'

/** Goes up with every change of the tables below; migrate.ts takes an older file along. */
export const SCHEMA_VERSION = 3

/**
 * `recent` holds rows as they came, `closed` those of days gone by, each compaction in the order of series and bins.
 * Neither has a key: it costs more than a second a day of 1.44 million rows. `mark` holds the highest bin of each
 * series that was ever in `closed`, so that opening need not look for it, and so that it outlives retention. What is
 * unknown is NaN in `recent` and NULL in `closed`.
 */
const TABLES_OF_1 = `
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
`

/**
 * `batch.answer` is 0 where there is none. `answer.holds_body` is 1 until retention lets the bytes go. `covered` gets a
 * row an answer and is joined now and then. `hour` holds what retention rolled up: an hour is there or in raw bins.
 * `day` counts the bins with a value of each series and day of which `closed` or `hour` holds rows.
 */
const ADDED_IN_2 = `
  ALTER TABLE batch ADD COLUMN answer UINTEGER DEFAULT 0;
  CREATE TABLE answer (id UINTEGER, sha256 VARCHAR, fetched_at DOUBLE, holds_body UINTEGER, json VARCHAR);
  CREATE TABLE covered (stream VARCHAR, begins DOUBLE, ends DOUBLE);
  CREATE TABLE health (id UINTEGER, json VARCHAR);
  CREATE TABLE hour (
    series UINTEGER, hour UINTEGER, bins UINTEGER, mean DOUBLE, least DOUBLE, most DOUBLE);
  CREATE TABLE day (series UINTEGER, day UINTEGER, bins UINTEGER);
`

/**
 * Events of routes, about in the order of time. `place` is the order in which they were put in: it orders those of one
 * second. `blocks` is a double: a /16 of IPv6 holds more than fits into 32 bits.
 */
const ADDED_IN_3 = `
  CREATE TABLE route_event (
    place UINTEGER, source VARCHAR, happened UINTEGER, kind VARCHAR, prefix VARCHAR, origin UINTEGER, country VARCHAR,
    blocks DOUBLE, carrying UINTEGER, voting UINTEGER);
`

/** @throws StoreError when the file holds another version's tables, or something that is not ours. */
export async function prepareSchema(database: Database, file: string): Promise<void> {
  const tables = await database.rows('SELECT table_name FROM duckdb_tables()', [])
  if (tables.length === 0) {
    await database.transaction((transaction) =>
      transaction.run(
        `${TABLES_OF_1} ${ADDED_IN_2} ${ADDED_IN_3} INSERT INTO schema_version VALUES (${SCHEMA_VERSION})`,
      ),
    )
    return
  }
  if (!tables.some(([name]) => name === 'schema_version')) {
    throw new StoreError(`${file} holds tables that are not Tocsin's; set another data folder, or move the file away`)
  }
  const [row] = await database.rows('SELECT max(version) FROM schema_version', [])
  const version = Number(row?.[0])
  if (version === SCHEMA_VERSION) return
  if (version === 1 || version === 2) return migrate(database, version, { 2: ADDED_IN_2, 3: ADDED_IN_3 })
  throw new StoreError(
    `${file} is of schema version ${version} and this Tocsin knows version ${SCHEMA_VERSION}: ` +
      (version > SCHEMA_VERSION
        ? 'run the newer Tocsin that wrote it'
        : 'run the Tocsin that wrote it and export its data') +
      ', or move the folder away to start an empty one',
  )
}

/** Rows of both tables as numbers: series, bin, batch, value, weight. In no order that may be relied on. */
export function selectRows(where: string): string {
  const nanForNull = (column: string): string => `coalesce(${column}, 'NaN'::DOUBLE)`
  return `
    SELECT series, bin, batch, ${nanForNull('value')}, ${nanForNull('weight')} FROM closed WHERE ${where}
    UNION ALL
    SELECT series, bin, batch, value, weight FROM recent WHERE ${where}`
}

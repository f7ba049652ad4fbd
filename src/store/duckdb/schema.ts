import { StoreError } from '../../model/errors.ts'
import type { Database } from './database.ts'

/** Goes up with every change of the tables below. There is no other version yet, so nothing to move from one to the next. */
const VERSION = 1

/**
 * `recent` holds rows as they came, `closed` those of days gone by, each compaction in the order of series and bins.
 * Neither has a key: it costs more than a second a day of 1.44 million rows. `mark` holds the highest bin of each
 * series in `closed`, so that opening need not look for it. What is unknown is NaN in `recent` and NULL in `closed`.
 */
const TABLES = `
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
  INSERT INTO schema_version VALUES (${VERSION});
`

/** @throws StoreError when the file holds another version's tables, or something that is not ours. */
export async function prepareSchema(database: Database, file: string): Promise<void> {
  const tables = await database.rows('SELECT table_name FROM duckdb_tables()', [])
  if (tables.length === 0) {
    await database.transaction((transaction) => transaction.run(TABLES))
    return
  }
  if (!tables.some(([name]) => name === 'schema_version')) {
    throw new StoreError(`${file} holds tables that are not Tocsin's; set another data folder, or move the file away`)
  }
  const [row] = await database.rows('SELECT max(version) FROM schema_version', [])
  const version = Number(row?.[0])
  if (version === VERSION) return
  throw new StoreError(
    `${file} is of schema version ${version} and this Tocsin knows version ${VERSION}: ` +
      (version > VERSION ? 'run the newer Tocsin that wrote it' : 'run the Tocsin that wrote it and export its data') +
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

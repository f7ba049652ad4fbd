import type { UnixSeconds } from '../../model/brand.ts'
import { makeCoverage, type Coverage } from '../coverage.ts'
import type { Database } from './database.ts'

export async function loadCoverage(database: Database): Promise<Coverage> {
  const coverage = makeCoverage()
  // In their order, so that each is joined to the last.
  for (const [stream, begins, ends] of await database.rows(`${JOINED} ORDER BY stream, begins`, [])) {
    coverage.add(String(stream), { from: Number(begins) as UnixSeconds, until: Number(ends) as UnixSeconds })
  }
  return coverage
}

/** Spans that touch or overlap, joined: thousands of rows of one stream make a few. */
const JOINED = `
  SELECT stream, min(begins) AS begins, max(ends) AS ends FROM (
    SELECT *, sum(apart) OVER (PARTITION BY stream ORDER BY begins, ends) AS island FROM (
      SELECT *, (begins > coalesce(max(ends) OVER (
        PARTITION BY stream ORDER BY begins, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1))::INTEGER AS apart
      FROM covered))
  GROUP BY stream, island`

/** Keeps what was answered in as few rows as it needs. */
export async function joinCoverage(database: Database): Promise<void> {
  await database.transaction((transaction) =>
    transaction.run(`
      CREATE OR REPLACE TEMP TABLE joined AS ${JOINED};
      DELETE FROM covered;
      INSERT INTO covered FROM joined ORDER BY stream, begins;
      DROP TABLE joined`),
  )
}

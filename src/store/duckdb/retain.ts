import type { UnixSeconds } from '../../model/brand.ts'
import type { Intervals } from '../../model/intervals.ts'
import { DAY } from '../../model/time.ts'
import { dayOf, hoursOf } from '../hours.ts'
import { goneUntil, keptHours } from '../retention.ts'
import type { HourColumn, Retention, RetentionResult, StoredSeries } from '../store.ts'
import { heldBodies } from './answers.ts'
import type { Bodies } from './bodies.ts'
import { compactDay, compactDays } from './compact.ts'
import type { Database } from './database.ts'
import type { Engine } from './engine.ts'
import { makeFold } from './fold.ts'
import { letGoRoutes } from './routes.ts'
import { selectRows } from './schema.ts'
import type { State } from './state.ts'

/** In many short writes, so that live data need not wait: a day of raw bins, a folder of bodies at a time. */
export async function retainRows(engine: Engine, retention: Retention): Promise<RetentionResult> {
  const { rawBefore, answersBefore, keep, spare = [], keepRoutes = [] } = retention
  const spared = new Set(spare)
  // Before rows go: a window leads to its answers by them.
  const answersKept = await engine.read(({ database, state }) => answersWithin(database, state, keep))
  await compactDays(engine, rawBefore)
  const kept = keptHours(keep)
  const days = await engine.read(({ database }) => daysBefore(database, rawBefore, spared))
  let bins = 0
  for (const day of days) {
    bins += await engine.write(({ database, state }) => rollUpDay(database, state, day, rawBefore, kept, spared))
  }
  if (bins > 0) await engine.write(({ database }) => database.checkpoint())
  const answers = await engine.write(({ database }) => letGoAnswers(database, answersBefore, answersKept))
  const routes = await engine.write(({ database }) =>
    letGoRoutes(database, dayOf(rawBefore) as UnixSeconds, keepRoutes),
  )
  return { bins, answers, routes }
}

/** Removes bodies that no answer holds. Not beside a back-up, which links to them. */
export async function sweepBodies(engine: Engine, bodies: Bodies): Promise<void> {
  for (const folder of await bodies.folders()) {
    await engine.write(async ({ database }) => bodies.sweep(folder, await heldBodies(database, folder)))
  }
}

async function daysBefore(
  database: Database,
  before: UnixSeconds,
  spared: ReadonlySet<number>,
): Promise<readonly number[]> {
  const others = spared.size === 0 ? '' : `AND series NOT IN (${[...spared].join(', ')})`

  const rows = await database.rows(
    `SELECT DISTINCT bin // ${DAY} * ${DAY} AS day FROM closed WHERE bin < ${Math.max(0, before)} ${others} ORDER BY day`,
    [],
  )
  return rows.map(([day]) => Number(day))
}

/** @returns how many bins went. */
async function rollUpDay(
  database: Database,
  state: State,
  day: number,
  rawBefore: UnixSeconds,
  kept: ReadonlyMap<number, Intervals>,
  spared: ReadonlySet<number>,
): Promise<number> {
  const leaving = state.registry.all.filter(
    (series) => !spared.has(series.id) && goneUntil(series, rawBefore) >= day + DAY,
  )
  if (leaving.length === 0) return 0
  const within = `bin >= ${day} AND bin < ${day + DAY}`
  // What came since the days were compacted.
  if ((await database.rows(`SELECT 1 FROM recent WHERE ${within} LIMIT 1`, [])).length > 0) {
    await compactDay(database, day)
  }
  const stays = conditionOf(day, leaving, state.registry.all.length, kept)
  const fold = makeFold(leaving, state.arrivals.visible(null), 0)
  await database.numbers(selectRows(`${within} AND NOT (${stays})`), (rows) => fold.take(rows))
  let bins = 0
  const hours = leaving.flatMap(({ id }) => {
    const column = fold.column(id)
    bins += column.bins.length
    return column.bins.length === 0 ? [] : [{ id, column: hoursOf(column) }]
  })
  if (bins === 0) return 0
  await database.transaction(async (transaction) => {
    await transaction.appendNumbers('hour', columnsOf(hours))
    await transaction.run(`DELETE FROM closed WHERE ${within} AND NOT (${stays})`)
  })
  state.rolledUntil = Math.max(state.rolledUntil, day + DAY)
  return bins
}

/** Of rows of that day: those that stay raw. */
function conditionOf(
  day: number,
  leaving: readonly StoredSeries[],
  all: number,
  kept: ReadonlyMap<number, Intervals>,
): string {
  const conditions = ['false']
  if (leaving.length < all) conditions.push(`series NOT IN (${leaving.map(({ id }) => id).join(', ')})`)
  for (const [id, intervals] of kept) {
    for (const { from, until } of intervals) {
      if (from < day + DAY && until > day) conditions.push(`series = ${id} AND bin >= ${from} AND bin < ${until}`)
    }
  }
  return conditions.map((condition) => `(${condition})`).join(' OR ')
}

function columnsOf(
  of: readonly { readonly id: number; readonly column: HourColumn }[],
): (Uint32Array | Float64Array)[] {
  const rows = of.reduce((sum, { column }) => sum + column.hours.length, 0)
  const series = new Uint32Array(rows)
  const names = ['hours', 'counts', 'means', 'least', 'most'] as const
  const columns = names.map(() => new Float64Array(rows))
  let at = 0
  for (const { id, column } of of) {
    series.fill(id, at, at + column.hours.length)
    names.forEach((name, i) => columns[i]!.set(column[name], at))
    at += column.hours.length
  }
  return [series, ...columns]
}

/** Answers that gave a row of a window, also one that was replaced. */
async function answersWithin(
  database: Database,
  { answerOf }: State,
  keep: Retention['keep'],
): Promise<ReadonlySet<number>> {
  const answers = new Set<number>()
  for (const { series, range } of keep) {
    if (series.length === 0 || range.until <= range.from) continue
    const where = `series IN (${series.join(', ')}) AND bin >= ${range.from} AND bin < ${range.until}`
    await database.numbers(`SELECT DISTINCT batch FROM (${selectRows(where)})`, ([batches]) => {
      for (const batch of batches!) answers.add(answerOf[batch - 1] ?? 0)
    })
  }
  return answers
}

/** @returns how many let go of their bodies. */
async function letGoAnswers(database: Database, before: UnixSeconds, kept: ReadonlySet<number>): Promise<number> {
  const old = `holds_body = 1 AND fetched_at < ${before}`
  const rows = await database.rows(`SELECT id FROM answer WHERE ${old} ORDER BY id`, [])
  const gone = rows.map(([id]) => Number(id)).filter((id) => !kept.has(id))
  if (gone.length === 0) return 0
  await database.transaction(async (transaction) => {
    await transaction.run('CREATE OR REPLACE TEMP TABLE gone (id UINTEGER)')
    await transaction.appendNumbers('gone', [Uint32Array.from(gone)])
    await transaction.run('UPDATE answer SET holds_body = 0 WHERE id IN (FROM gone); DROP TABLE gone')
  })
  return gone.length
}

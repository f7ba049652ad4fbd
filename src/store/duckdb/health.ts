import type { HealthInterval } from '../../model/health.ts'
import { healthKey } from '../health-intervals.ts'
import type { Database } from './database.ts'

/** All health intervals, in memory and in the file. A few thousand a year. */
export interface Health {
  all(): Iterable<HealthInterval>
  /** Writes nothing when nothing changes. */
  put(database: Database, intervals: readonly HealthInterval[]): Promise<void>
}

interface Entry {
  readonly id: number
  readonly json: string
  readonly interval: HealthInterval
}

export async function loadHealth(database: Database): Promise<Health> {
  const entries = new Map<string, Entry>()
  let last = 0
  for (const [id, json] of await database.rows('SELECT id, json FROM health ORDER BY id', [])) {
    const interval = JSON.parse(String(json)) as HealthInterval
    last = Number(id)
    entries.set(healthKey(interval), { id: last, json: String(json), interval })
  }

  return {
    *all() {
      for (const { interval } of entries.values()) yield interval
    },
    async put(into, intervals) {
      const changed = new Map<string, Entry>()
      let next = last
      for (const interval of intervals) {
        const key = healthKey(interval)
        const json = JSON.stringify(interval)
        const there = changed.get(key) ?? entries.get(key)
        if (there?.json === json) continue
        changed.set(key, { id: there?.id ?? (next += 1), json, interval })
      }
      if (changed.size === 0) return
      const rows = [...changed.values()]
      await into.transaction(async (transaction) => {
        await transaction.run(`DELETE FROM health WHERE id IN (${rows.map(({ id }) => id).join(', ')})`)
        await transaction.appendRows(
          'health',
          rows.map(({ id, json }) => [id, json]),
        )
      })
      for (const [key, entry] of changed) entries.set(key, entry)
      last = next
    },
  }
}

import { parse } from 'csv-parse/sync'
import type { UnixSeconds } from '../../model/brand.ts'
import { ConfigError } from '../../model/errors.ts'
import { parseRfc3339, utcDate } from '../../model/time.ts'

/** How many people somebody estimates behind an AS. */
export interface UsersEstimate {
  /** 0 and up. */
  readonly users: number
  /** UTC midnight of the day that the estimate is of. */
  readonly date: UnixSeconds
  /** Whose estimate it is. */
  readonly source: string
}

/** Estimates for an instant. Nothing in Tocsin speaks of people unless such a file is there. */
export interface AsUsers {
  of(asn: number): UsersEstimate | null
}

const COLUMNS = ['asn', 'users', 'date', 'source'] as const

/**
 * Reads a CSV with the columns `asn,users,date,source`, such as one makes from APNIC's estimates: of each AS the newest
 * row of the day of `at` or before counts; an AS that has later rows only has none.
 *
 * @param path for messages alone.
 * @throws ConfigError that names file, line and what would be right.
 */
export function readUsers(text: string, path: string, at: UnixSeconds): AsUsers {
  const wrong = (what: string): ConfigError => new ConfigError(`${path} cannot be used: ${what}`)
  let rows: string[][]
  try {
    rows = parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true })
  } catch (error) {
    throw new ConfigError(`${path} cannot be used: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
  const [head, ...body] = rows
  if (head === undefined) throw wrong(`it is empty; its first line is ${COLUMNS.join(',')}`)
  const places = COLUMNS.map((name) => head.findIndex((each) => each.toLowerCase() === name))
  const missing = COLUMNS.filter((_, i) => places[i] === -1)
  if (missing.length > 0) {
    throw wrong(`its first line lacks ${missing.join(', ')}; it is ${COLUMNS.join(',')}`)
  }
  const found = new Map<number, UsersEstimate>()
  for (const [index, row] of body.entries()) {
    const [asnText = '', usersText = '', dateText = '', source = ''] = places.map((place) => row[place] ?? '')
    const line = `row ${index + 1}`
    const asn = /^(?:AS)?(\d{1,10})$/i.exec(asnText)?.[1]
    if (asn === undefined || Number(asn) < 1 || Number(asn) > 4_294_967_295) {
      throw wrong(`${line}: “${asnText}” is no AS number, such as 9198`)
    }
    if (!/^\d+(?:\.\d+)?$/.test(usersText))
      throw wrong(`${line}: “${usersText}” is no number of users, such as 1200000`)
    const date = /^\d{4}-\d{2}-\d{2}$/.test(dateText) ? parseRfc3339(dateText) : null
    if (date === null) throw wrong(`${line}: “${dateText}” is no date, such as 2024-01-05`)
    if (source === '') throw wrong(`${line}: no source; say whose estimate it is`)
    const known = found.get(Number(asn))
    if (known?.date === date) throw wrong(`${line}: AS${asn} has two estimates of ${utcDate(date)}; keep one`)
    if (date <= at && (known === undefined || date > known.date)) {
      found.set(Number(asn), { users: Number(usersText), date, source })
    }
  }
  return { of: (asn) => found.get(asn) ?? null }
}

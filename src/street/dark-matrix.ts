import type { EntityId, Seconds } from '../model/brand.ts'
import type { DarkMatrix, DarkPrefix, GoingDark } from '../model/going-dark.ts'
import type { Intervals } from '../model/intervals.ts'
import { binStart, DAY, HOUR, MINUTE } from '../model/time.ts'
import type { Range } from '../store/store.ts'
import { asEntity } from './going-dark.ts'

/** Columns are of whole bins, and of a length that people read clocks by. */
const STEPS: readonly number[] = [
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
]

export interface MatrixLimits {
  readonly rows: number
  readonly columns: number
}

/**
 * Prefixes × time, grouped by operator (AS where there is none) in the order of going dark. Where there are more
 * prefixes than rows, each group has its share: no operator hides another.
 *
 * @param blind stretches in which nobody can say: our view of the source was unhealthy.
 */
export function darkMatrix(
  { operators, prefixes }: Pick<GoingDark, 'operators' | 'prefixes'>,
  range: Range,
  blind: Intervals,
  limits: MatrixLimits,
): DarkMatrix {
  const step = (STEPS.find((each) => (range.until - range.from) / each <= limits.columns - 1) ?? DAY) as Seconds
  const from = binStart(range.from, step, 0 as Seconds)
  const columns = Math.max(1, Math.ceil((range.until - from) / step))
  const groupOf = groupIn(operators)
  const groups = operators.flatMap(({ entity }) => {
    const own = prefixes.filter((prefix) => groupOf(prefix) === entity)
    return own.length === 0 ? [] : [{ entity, own }]
  })
  const quotas = shared(
    groups.map(({ own }) => own.length),
    limits.rows,
  )
  const blindColumns = Array.from({ length: columns }, (_, column) =>
    isMostly(blind, from + column * step, Math.min(from + (column + 1) * step, range.until)),
  )
  return {
    from,
    step,
    columns,
    groups: groups.map(({ entity, own }, index) => {
      const shown = own.slice(0, quotas[index])
      return {
        entity,
        rows: shown.map((prefix) => ({ prefix, cells: cellsOf(prefix, from, step, blindColumns, range.until) })),
        more: own.length - shown.length,
      }
    }),
  }
}

/** Where the order is of one AS alone, its operator is no group of it. */
function groupIn(operators: GoingDark['operators']): (prefix: DarkPrefix) => EntityId | null {
  const groups = new Set(operators.map(({ entity }) => entity))
  return ({ operator, origin }) => (operator !== null && groups.has(operator) ? operator : asEntity(origin))
}

/** Gives out `total`, one each in turn, to those that want more. */
function shared(wanted: readonly number[], total: number): readonly number[] {
  const given = wanted.map(() => 0)
  let left = Math.min(
    total,
    wanted.reduce((sum, each) => sum + each, 0),
  )
  while (left > 0) {
    for (const [index, want] of wanted.entries()) {
      if (left === 0 || given[index]! >= want) continue
      given[index]! += 1
      left -= 1
    }
  }
  return given
}

function cellsOf({ spells }: DarkPrefix, from: number, step: number, blind: readonly boolean[], until: number): string {
  const lost = spells.map((spell) => ({
    from: spell.lost ?? Number.NEGATIVE_INFINITY,
    until: spell.returned ?? Number.POSITIVE_INFINITY,
  }))
  return blind
    .map((isBlind, column) => {
      if (isBlind) return 'u'
      const begin = from + column * step
      return isMostly(lost, begin, Math.min(begin + step, until)) ? 'l' : 'v'
    })
    .join('')
}

/** Half of it or more. Intervals do not overlap. */
function isMostly(
  intervals: readonly { readonly from: number; readonly until: number }[],
  from: number,
  until: number,
): boolean {
  let within = 0
  for (const each of intervals) within += Math.max(0, Math.min(each.until, until) - Math.max(each.from, from))
  return until > from && within * 2 >= until - from
}

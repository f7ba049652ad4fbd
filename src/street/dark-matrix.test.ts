import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import type { RouteEvent } from '../model/routing.ts'
import { darkMatrix } from './dark-matrix.ts'
import { goingDark } from './going-dark.ts'
import { DARK_AT, route } from './routes.testing.ts'

const at = (seconds: number): UnixSeconds => (DARK_AT + seconds) as UnixSeconds
const RANGE = { from: at(0), until: at(3000) }
const LIMITS = { rows: 10, columns: 100 }

function dark(events: readonly RouteEvent[]) {
  return goingDark({
    events,
    range: RANGE,
    told: RANGE,
    known: [],
    before: () => ({ blocks: null, prefixes: null }),
    operatorOf: () => null,
  })
}

const cells = (events: readonly RouteEvent[], blind: readonly (readonly [number, number])[] = []) =>
  darkMatrix(
    dark(events),
    RANGE,
    blind.map(([from, until]) => ({ from: at(from), until: at(until) })),
    LIMITS,
  ).groups.flatMap(({ rows }) => rows.map((row) => row.cells))

describe('prefixes by time', () => {
  it('are lost where they were out of sight for half a column or more', () => {
    expect(cells([route('lost', '10.0.0.0/24', 1, 310), route('returned', '10.0.0.0/24', 1, 1340)])).toEqual([
      'vlllvvvvvv',
    ])
    expect(cells([route('lost', '10.0.0.0/24', 1, 450)])).toEqual(['vlllllllll'])
    expect(cells([route('lost', '10.0.0.0/24', 1, 451)])).toEqual(['vvllllllll'])
  })

  it('are neither lost nor visible while our view was unhealthy', () => {
    expect(cells([route('lost', '10.0.0.0/24', 1, 0)], [[600, 1050]])).toEqual(['lluullllll'])
  })

  it('were lost from the left edge where they had gone before', () => {
    expect(cells([route('returned', '10.0.0.0/24', 1, 900)])).toEqual(['lllvvvvvvv'])
  })

  it('stand by operator or AS in the order of going dark, each with its share of the rows, and say what is left out', () => {
    const many = Array.from({ length: 20 }, (_, i) => route('lost', `10.0.${i}.0/24`, 1, 10 + i))
    const few = [route('lost', '10.1.0.0/24', 2, 5), route('lost', '10.1.1.0/24', 2, 100)]
    const matrix = darkMatrix(dark([few[0]!, ...many, few[1]!]), RANGE, [], LIMITS)
    expect(matrix.groups.map(({ entity, rows, more }) => [entity, rows.length, more])).toEqual([
      ['as:2', 2, 0],
      ['as:1', 8, 12],
    ])
    expect(matrix.groups[1]?.rows[0]?.prefix.prefix).toBe('10.0.0.0/24')
  })

  it('have columns of whole bins, coarser where the time is long', () => {
    const of = (seconds: number) => {
      const { from, step, columns } = darkMatrix(dark([]), { from: at(7), until: at(seconds) }, [], LIMITS)
      return [from - DARK_AT, step, columns]
    }
    expect(of(3000)).toEqual([0, 300, 10])
    expect(of(86_400)).toEqual([0, 900, 96])
    expect(of(90 * 86_400)[1]).toBe(86_400)
  })

  it('fill every row to the last column, whatever comes', () => {
    const event = fc
      .tuple(fc.constantFrom('lost' as const, 'returned' as const), fc.nat({ max: 3 }), fc.nat({ max: 4000 }))
      .map(([kind, third, second]) => route(kind, `10.0.${third}.0/24`, third, second))
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), fc.integer({ min: 2, max: 50 }), (events, columns) => {
        const sorted = events.toSorted((a, b) => a.at - b.at)
        const found = dark(sorted)
        const matrix = darkMatrix(found, RANGE, [], { rows: 3, columns })
        expect(matrix.columns).toBeLessThanOrEqual(Math.max(columns, 1))
        for (const { rows } of matrix.groups) for (const row of rows) expect(row.cells).toHaveLength(matrix.columns)
        const told = matrix.groups.reduce((sum, { rows, more }) => sum + rows.length + more, 0)
        expect(told).toBe(found.prefixes.length)
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'

import { dayOf, daysOf, hourOf, hoursOf, mergeHours } from './hours.ts'

const column = (rows: readonly (readonly [number, number])[]) => ({
  bins: Float64Array.from(rows, ([bin]) => bin),
  values: Float64Array.from(rows, ([, value]) => value),
  weights: new Float64Array(rows.length),
})

describe('the hours of a column', () => {
  it('hold the bins that start in them, and leave out what is unknown', () => {
    const rolled = hoursOf(
      column([
        [0, 4],
        [3599, 1],
        [3600, Number.NaN],
        [10_800, Number.NaN],
        [12_000, -2],
      ]),
    )
    expect([...rolled.hours]).toEqual([0, 3600, 10_800])
    expect([...rolled.counts]).toEqual([2, 0, 1])
    expect([...rolled.means]).toEqual([2.5, Number.NaN, -2])
    expect([...rolled.least]).toEqual([1, Number.NaN, -2])
    expect([...rolled.most]).toEqual([4, Number.NaN, -2])
  })

  it('merge in the order of hours', () => {
    const merged = mergeHours(
      hoursOf(column([[7200, 3]])),
      hoursOf(
        column([
          [0, 1],
          [90_000, 5],
        ]),
      ),
    )
    expect([...merged.hours]).toEqual([0, 7200, 90_000])
    expect([...merged.means]).toEqual([1, 3, 5])
  })

  it('make days, of which one with rows and no value counts 0', () => {
    const days = daysOf(
      hoursOf(
        column([
          [0, 1],
          [7200, 3],
          [86_400, Number.NaN],
          [259_200, 1],
        ]),
      ),
    )
    expect([...days.days]).toEqual([0, 86_400, 259_200])
    expect([...days.counts]).toEqual([2, 0, 1])
  })
})

describe('the hour and the day of a bin', () => {
  it('begin at or before it', () => {
    expect([hourOf(3599), hourOf(3600), dayOf(86_399), dayOf(86_400)]).toEqual([0, 3600, 0, 86_400])
  })
})

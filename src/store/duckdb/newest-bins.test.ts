import { describe, expect, it } from 'vitest'

import { sampleSeries } from '../samples.testing.ts'
import type { StoredSeries } from '../store.ts'
import { makeNewestBins } from './newest-bins.ts'

const STEP = 300
const series = (id: number): StoredSeries => ({ ...sampleSeries(`as:${id + 1}`, STEP), id })
const column = (bins: readonly number[]) => ({
  bins: Float64Array.from(bins),
  values: Float64Array.from(bins, (bin) => bin / STEP),
  weights: Float64Array.from(bins, () => Number.NaN),
})

describe('the newest bins in memory', () => {
  it('know of a series without rows all that was put', () => {
    const newest = makeNewestBins()
    newest.begin(0)
    newest.put(series(0), 600, 2, Number.NaN)
    expect(newest.compare(series(0), 600, 600, 2, Number.NaN)).toBe('same')
    expect(newest.compare(series(0), 600, 600, 2, 1)).toBe('other')
    expect(newest.compare(series(0), 600, 600, Number.NaN, Number.NaN)).toBe('other')
    expect(newest.compare(series(0), 600, 300, 1, Number.NaN)).toBe('absent')
  })

  it('know nothing of a series of the file before they are filled', () => {
    const newest = makeNewestBins()
    newest.put(series(0), 600, 2, Number.NaN)
    expect(newest.compare(series(0), 600, 600, 2, Number.NaN)).toBe('load')
    newest.fill(series(0), column([300, 600]))
    expect(newest.compare(series(0), 600, 300, 1, Number.NaN)).toBe('same')
    expect(newest.compare(series(0), 600, 0, 1, Number.NaN)).toBe('absent')
  })

  it('send to the file for what is older than they reach', () => {
    const newest = makeNewestBins()
    newest.begin(0)
    const mark = 1000 * STEP
    newest.put(series(0), mark, 1, 1)
    const reach = newest.reach(series(0), mark)
    expect(newest.compare(series(0), mark, reach, 1, 1)).toBe('absent')
    expect(newest.compare(series(0), mark, reach - STEP, 1, 1)).toBe('ask')
  })

  it('never let an old bin that comes late take the place of a new one', () => {
    const newest = makeNewestBins()
    newest.begin(0)
    const mark = 1000 * STEP
    for (let bin = 0; bin <= mark; bin += STEP) newest.put(series(0), bin, bin / STEP, 1)
    newest.put(series(0), newest.reach(series(0), mark) - STEP, 7, 1)
    for (let bin = newest.reach(series(0), mark); bin <= mark; bin += STEP) {
      expect(newest.compare(series(0), mark, bin, bin / STEP, 1)).toBe('same')
    }
  })

  it('send to the file for series beyond as many as they hold', () => {
    const newest = makeNewestBins()
    for (let id = 0; id < 4000; id += 1) newest.begin(id)
    expect(newest.compare(series(0), 600, 600, 2, 1)).toBe('absent')
    expect(newest.compare(series(3999), 600, 600, 2, 1)).toBe('ask')
  })
})

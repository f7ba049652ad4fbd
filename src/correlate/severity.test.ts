import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntityId } from '../model/brand.ts'
import { DAY, HOUR } from '../model/time.ts'
import { severityOf } from './severity.ts'

const ENTITIES = [
  'world',
  'country:KZ',
  'region:KZ-75',
  'place:KZ-75.almaty',
  'access:KZ.mobile',
  'operator:KZ.kcell',
  'as:9198',
] as EntityId[]
const rank = { minor: 0, major: 1, critical: 2 }

describe('severityOf', () => {
  it('never falls when more is lost or it lasts longer, nor for a country below any part of it', () => {
    const lost = fc.double({ min: 0, max: 1, noNaN: true })
    const seconds = fc.integer({ min: 0, max: 3 * DAY })
    fc.assert(
      fc.property(fc.constantFrom(...ENTITIES), lost, lost, seconds, seconds, (entity, a, b, s, t) => {
        const less = rank[severityOf(entity, Math.min(a, b), Math.min(s, t))]
        expect(rank[severityOf(entity, Math.max(a, b), Math.max(s, t))]).toBeGreaterThanOrEqual(less)
        expect(rank[severityOf('country:KZ' as EntityId, Math.min(a, b), Math.min(s, t))]).toBeGreaterThanOrEqual(less)
      }),
    )
  })

  it('calls half a country for some hours critical, a seventh major, less minor', () => {
    const country = 'country:KZ' as EntityId
    expect([0.5, 0.49, 0.15, 0.14].map((lost) => severityOf(country, lost, 3 * HOUR))).toEqual([
      'critical',
      'major',
      'major',
      'minor',
    ])
  })

  it('goes one up from a day on and one down below an hour', () => {
    const country = 'country:KZ' as EntityId
    expect([HOUR - 1, HOUR, DAY - 1, DAY].map((seconds) => severityOf(country, 0.3, seconds))).toEqual([
      'minor',
      'major',
      'major',
      'critical',
    ])
    expect(severityOf(country, 1, HOUR - 1)).toBe('major')
  })

  it('counts a place for less than its region, and that for less than the country', () => {
    const of = (entity: string): string => severityOf(entity as EntityId, 1, 3 * HOUR)
    expect([of('place:KZ-75.almaty'), of('region:KZ-75'), of('country:KZ')]).toEqual(['minor', 'major', 'critical'])
  })
})

describe('severityOf over time', () => {
  it('calls a day in which nothing was lost minor, and a day of a small loss major', () => {
    expect(severityOf('country:KZ' as EntityId, 0, 2 * DAY)).toBe('minor')
    expect(severityOf('country:KZ' as EntityId, 0.05, 2 * DAY)).toBe('major')
  })
})

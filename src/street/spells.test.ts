import { describe, expect, it } from 'vitest'
import type { EntityId } from '../model/brand.ts'
import { clockOf, route } from './routes.testing.ts'
import { isLostWithin, prefixesOf } from './spells.ts'

const A = '2.72.0.0/13'
const KCELL = 'operator:KZ.kcell' as EntityId
const of = (...events: Parameters<typeof prefixesOf>[0]) => prefixesOf(events, (asn) => (asn === 29_355 ? KCELL : null))
const times = (events: Parameters<typeof prefixesOf>[0]) =>
  of(...events).map(({ spells }) => spells.map(({ lost, returned }) => [clockOf(lost), clockOf(returned)]))

describe('prefixes of route events', () => {
  it('have a spell for each time out of sight', () => {
    expect(times([route('lost', A, 9198, 0), route('returned', A, 9198, 60), route('lost', A, 9198, 90)])).toEqual([
      [
        ['10:30:00', '10:31:00'],
        ['10:31:30', null],
      ],
    ])
  })

  it('were gone before anybody looked where the first that is known is a return', () => {
    expect(times([route('returned', A, 9198, 60)])).toEqual([[[null, '10:31:00']]])
  })

  it('are lost once though it is said twice, and are not back before they went', () => {
    const twice = [route('lost', A, 9198, 0), route('lost', A, 9198, 5), route('returned', A, 9198, 9)]
    expect(times([...twice, route('returned', A, 9198, 10)])).toEqual([[['10:30:00', '10:30:09']]])
  })

  it('name all their origins, and the AS that they moved to', () => {
    const [moved] = of(route('lost', A, 29_355, 0), route('returned', A, 21_299, 60))
    expect(moved).toMatchObject({ origin: 29_355, origins: [29_355, 21_299], movedTo: 21_299, operator: KCELL })
    const [back] = of(route('lost', A, 9198, 0), route('returned', A, 21_299, 60), route('returned', A, 9198, 90))
    expect(back).toMatchObject({ origin: 9198, origins: [9198, 21_299], movedTo: null, operator: null })
  })

  it('keep an origin that is a set of several AS apart', () => {
    expect(of(route('lost', A, 0, 0))[0]).toMatchObject({ origin: 0, operator: null })
  })

  it('were lost within a time when any spell touches it', () => {
    const [one] = of(route('lost', A, 9198, 100), route('returned', A, 9198, 200))
    if (one === undefined) throw new TypeError('no prefix')
    const base = one.spells[0]?.lost ?? 0
    expect(isLostWithin(one, base + 50, base + 60)).toBe(true)
    expect(isLostWithin(one, base - 60, base)).toBe(false)
    expect(isLostWithin(one, base + 100, base + 160)).toBe(false)
  })
})

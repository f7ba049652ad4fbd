import { describe, expect, it } from 'vitest'
import { parseRfc3339 } from '../../model/time.ts'
import type { UnixSeconds } from '../../model/brand.ts'
import { disputedAses, disputedTable } from './disputed.ts'
import { MULTINATIONAL } from './places.ts'

const at = (text: string): UnixSeconds => parseRfc3339(text) ?? (Number.NaN as UnixSeconds)

describe('data/networks/disputed.toml', () => {
  it('has each AS once, with a source, and none that reaches over many countries', () => {
    const { territories } = disputedTable()
    const asns = territories.flatMap(({ ases }) => ases.map(({ asn }) => asn))
    expect(new Set(asns).size).toBe(asns.length)
    expect(asns.filter((asn) => MULTINATIONAL.has(asn))).toEqual([])
    expect(territories.flatMap(({ ases }) => ases).filter(({ source }) => !/\d{4}/.test(source))).toEqual([])
  })

  it('says why, of every territory of which no AS is known', () => {
    const silent = disputedTable().territories.filter(({ ases, note }) => ases.length === 0 && note === undefined)
    expect(silent).toEqual([])
  })

  it('holds a dispute from the day on which it began', () => {
    expect(disputedAses(at('2014-03-17')).has(201_776)).toBe(false)
    expect(disputedAses(at('2014-03-18')).get(201_776)).toEqual({
      asn: 201_776,
      territory: 'Crimea and Sevastopol',
      countries: ['UA', 'RU'],
    })
  })
})

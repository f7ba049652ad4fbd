import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CutKind } from '../model/detectability.ts'
import { IRAN } from '../words/samples.testing.ts'
import type { Short } from './short.ts'
import { shortText } from './short-text.ts'

const CUTS: readonly CutKind[] = ['national', 'mobile', 'regional', 'allow-list', 'services', 'throttling']

function named(name: string): Short {
  return {
    entity: { ...IRAN, name, kind: 'region' },
    status: 'quiet',
    standpoint: { kind: 'live', now: 1_768_478_400 as never, newest: 1_768_476_600 as never, stale: false },
    clock: null,
    incident: null,
    within: 0,
    share: 1,
    seenAt: 1_768_476_600 as never,
    unhealthy: (['unreachable', 'frozen'] as const).map((condition) => ({
      key: 'ioda/ping.up_slash24s',
      label: 'Active Probing (# /24s Up)',
      source: 'IODA',
      condition,
      from: 1_768_470_000 as never,
      until: null,
      scope: { ...IRAN, name },
      detail: name,
    })),
    cuts: CUTS.map((kind) => ({ kind, hour: null, day: null, why: 'too-little-history' })),
  }
}

describe('plain text', () => {
  it('leaves out what matters least before it grows past 2 kB, and never what is wrong with our view', () => {
    const short = shortText(named('Kyzylorda'), 'en', 'localhost/en/')
    const long = shortText(named('Қызылорда облысы '.repeat(9)), 'en', 'localhost/en/')
    const unseen = (text: string): number => text.split('\n- ').length - 1
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(2000)
    expect(unseen(long)).toBeLessThan(unseen(short))
    for (const text of [short, long]) {
      expect(text).toContain('Our newest data')
      expect(text).toContain('Our feed is late')
      expect(text).toMatch(/More: localhost\/en\/\n$/)
    }
  })

  it('keeps every word and breaks only between words', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z]{1,90}( [A-Za-z]{1,12}){0,6}$/), (name) => {
        const text = shortText(named(name), 'en', 'localhost/en/')
        expect(text.replaceAll('\n', ' ')).toContain(name)
        for (const line of text.split('\n')) expect(line.length <= 72 || !line.includes(' ')).toBe(true)
      }),
    )
  })
})

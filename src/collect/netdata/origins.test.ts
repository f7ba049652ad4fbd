import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePrefix, emptyPrefix } from '../../wire/prefix.ts'
import type { RouteCursor } from '../../wire/route-sink.ts'
import { createOriginCollector, decodeOrigins, encodeOrigins, type OriginCollector, type Origins } from './origins.ts'

const TIME = 1_704_412_800

/** One entry of a RIB from one of nine sessions. */
function entry(into: OriginCollector, prefix: string, session: number, origin: number): void {
  const of = emptyPrefix()
  if (!parsePrefix(prefix, of)) throw new Error(prefix)
  const peer = into.peer({ family: 4, word0: session, word1: 0, word2: 0, word3: 0, asn: 64_496 + session })
  const cursor: RouteCursor = { ...of, time: TIME, micros: 0, peer, pathId: 0, origin, pathHash: 1, since: TIME }
  into.entry(cursor)
}

function collected(entries: readonly (readonly [string, number, number])[]): Origins | null {
  const collector = createOriginCollector()
  collector.ribBegins(TIME)
  for (const each of entries) entry(collector, ...each)
  return collector.finish()
}

const found = (origins: Origins | null, prefix: string) => {
  const of = emptyPrefix()
  if (origins === null || !parsePrefix(prefix, of)) return null
  const row = (of.family === 4 ? origins.ipv4 : origins.ipv6)
    .lpm()
    .covering(of.word0, of.word1, of.word2, of.word3, of.length)
  return row === -1 ? null : origins.originsOf(of.family, row)
}

describe('origins of a RIB', () => {
  const entries = [
    ['203.0.113.0/24', 1, 64_500],
    ['203.0.113.0/24', 2, 64_501],
    ['203.0.113.0/24', 3, 64_501],
    ['203.0.0.0/16', 1, 64_502],
    ['2001:db8::/32', 2, 0],
  ] as const

  it('keep all origins of a prefix, the most seen first', () => {
    const origins = collected(entries)
    expect([origins?.date, origins?.sessions]).toEqual([TIME, 3])
    expect(found(origins, '203.0.113.0/24')).toEqual([
      { asn: 64_501, sessions: 2 },
      { asn: 64_500, sessions: 1 },
    ])
    expect(found(origins, '203.0.113.128/25')).toHaveLength(2)
    expect(found(origins, '203.0.112.0/23')).toEqual([{ asn: 64_502, sessions: 1 }])
    expect(found(origins, '203.0.0.0/15')).toBeNull()
    expect(found(origins, '2001:db8:1::/48')).toEqual([{ asn: 0, sessions: 1 }])
  })

  it('are the same in whatever order the entries come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...entries], { minLength: entries.length }), (shuffled) => {
        expect(encodeOrigins(collected(shuffled)!)).toBe(encodeOrigins(collected(entries)!))
      }),
    )
  })

  it('are none where there was no RIB', () => {
    expect(createOriginCollector().finish()).toBeNull()
    const messagesAlone = createOriginCollector()
    messagesAlone.ribBegins(TIME)
    expect(messagesAlone.finish()).toBeNull()
  })

  it('are written and read back alike', () => {
    const prefix = fc.constantFrom('203.0.113.0/24', '198.51.100.0/24', '0.0.0.0/0', '2001:db8::/32', '2001:db8::1/128')
    fc.assert(
      fc.property(fc.array(fc.tuple(prefix, fc.nat(9), fc.nat(4_294_967_295)), { minLength: 1 }), (some) => {
        const origins = collected(some)!
        const text = encodeOrigins(origins)
        const back = decodeOrigins(Buffer.from(text))!
        expect(encodeOrigins(back)).toBe(text)
        expect([back.date, back.sessions, back.ipv4.prefixes.count]).toEqual([
          origins.date,
          origins.sessions,
          origins.ipv4.prefixes.count,
        ])
        for (let row = 0; row < back.ipv6.prefixes.count; row += 1)
          expect(back.originsOf(6, row)).toEqual(origins.originsOf(6, row))
      }),
    )
  })

  it.each([
    '',
    'origins 2 2024-01-05T00:00:00Z 3\n',
    'origins 1 yesterday 3\n',
    'origins 1 2024-01-05T00:00:00Z 3\n203.0.113.0 64500:1\n',
    'origins 1 2024-01-05T00:00:00Z 3\n203.0.113.0/24\n',
    'origins 1 2024-01-05T00:00:00Z 3\n203.0.113.0/24 64500\n',
  ])('refuse %j', (text) => {
    expect(decodeOrigins(Buffer.from(text))).toBeNull()
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utcDate } from '../../model/time.ts'
import { unpackCountry } from '../../netdata/networks/country-code.ts'
import { STATUSES, type Delegations } from '../../netdata/networks/delegations.ts'
import { formatIpv6 } from '../../wire/prefix.ts'
import { decodeDelegated, type DelegatedReport } from './delegated.ts'

/** Invented records in the words of each registry. */
const EXTENDED = `2|ripencc|1704495599|9|19830705|20240105|+0100
ripencc|*|ipv4|*|3|summary
ripencc|*|asn|*|3|summary
ripencc|*|ipv6|*|3|summary
# a remark
ripencc|KZ|asn|64496|1|19970101|allocated|0b1c-22
ripencc|EU|asn|64500|12|20100203|allocated|77aa-01
ripencc||asn|65536|16||available|
ripencc|KZ|ipv4|192.0.2.0|256|19940503|allocated|0b1c-22
ripencc|RU|ipv4|198.51.100.0|768|20070808|assigned|77aa-01
ripencc|ZZ|ipv4|203.0.113.0|256||reserved|
ripencc|KZ|ipv6|2001:db8::|32|20120430|allocated|0b1c-22
ripencc|UA|ipv6|2001:db9:0:8000::|49|20120430|assigned|
ripencc|ZZ|ipv6|2001:dba::|64|00000000|reserved|
`

function read(text: string): { delegations: Delegations; report: DelegatedReport } {
  const decoded = decodeDelegated(text)
  if (decoded.kind !== 'delegations') throw new Error(decoded.reason)
  return decoded
}

const HEADER = '2|apnic|20240105|1|19830613|20240104|+1000'
const brokenBy = (line: string): DelegatedReport['broken'] => read(`${HEADER}\n${line}\n`).report.broken

describe('decodeDelegated', () => {
  it('reads records of all three kinds', () => {
    const { delegations, report } = read(EXTENDED)
    expect([delegations.registry, utcDate(delegations.date)]).toEqual(['ripencc', '2024-01-05'])
    expect(report).toEqual({ records: 9, broken: {}, examples: [], mismatches: [] })
    const { asns, ipv4, ipv6, holders } = delegations
    const rows = ({ count, country, status, date, holder }: Delegations['asns' | 'ipv6']) =>
      Array.from({ length: count }, (_, i) => [
        unpackCountry(country[i]!),
        STATUSES[status[i]!],
        date[i],
        holders[holder[i]!],
      ])
    expect(rows(asns)).toEqual([
      ['KZ', 'allocated', 19_970_101, '0b1c-22'],
      ['EU', 'allocated', 20_100_203, '77aa-01'],
      [null, 'available', 0, ''],
    ])
    expect([...asns.first.subarray(0, 3)]).toEqual([64_496, 64_500, 65_536])
    expect([...asns.last.subarray(0, 3)]).toEqual([64_496, 64_511, 65_551])
    expect(rows(ipv4).map(([country, status]) => [country, status])).toEqual([
      ['KZ', 'allocated'],
      ['RU', 'assigned'],
      ['ZZ', 'reserved'],
    ])
    // 768 addresses are no prefix, and one range.
    expect([...ipv4.first.subarray(0, 3)]).toEqual([0xc000_0200, 0xc633_6400, 0xcb00_7100])
    expect([...ipv4.last.subarray(0, 3)]).toEqual([0xc000_02ff, 0xc633_66ff, 0xcb00_71ff])
    expect(rows(ipv6).map(([country, , date]) => [country, date])).toEqual([
      ['KZ', 20_120_430],
      ['UA', 20_120_430],
      ['ZZ', 0],
    ])
    expect([...ipv6.word0.subarray(0, 3)]).toEqual([0x2001_0db8, 0x2001_0db9, 0x2001_0dba])
    expect([...ipv6.word1.subarray(0, 3)]).toEqual([0, 0x8000, 0])
    expect([...ipv6.length.subarray(0, 3)]).toEqual([32, 49, 64])
  })

  it.each(['\n', '\r\n'])('reads lines that end in %j, the last also without', (ending) => {
    expect(read(EXTENDED.trimEnd().replaceAll('\n', ending)).report).toMatchObject({ records: 9, mismatches: [] })
  })

  it('reads plain files, small countries, versions such as 2.3 and numbers in dots', () => {
    const { delegations, report } = read(
      '2.3|arin|20080101|3|19830101|20080101|-0500\narin|us|asn|1.10|2|20070101|assigned\narin|US|ipv4|192.0.2.0|256|20070101|assigned\narin|*|ipv6|*|0|summary\narin|*|ipv6|2001:db8::|32|20070101|allocated\n',
    )
    expect(report.broken).toEqual({})
    expect([delegations.asns.first[0], delegations.asns.last[0]]).toEqual([65_546, 65_547])
    expect(unpackCountry(delegations.asns.country[0]!)).toBe('US')
    expect(delegations.ipv6.country[0]).toBe(0)
  })

  it('says where the file counts otherwise than its lines', () => {
    const cut = EXTENDED.split('\n').slice(0, -2).join('\n')
    expect(read(cut).report.mismatches).toEqual([
      'the version line says 9 records, 8 were read',
      'the summary says 3 of ipv6, 2 were read',
    ])
  })

  it.each([
    ['apnic|KZ|asn|64496|1', 'fields'],
    ['apnic|KZ|asn|64496|1|20200101', 'fields'],
    ['ripencc|KZ|asn|64496|1|20200101|allocated|x', 'registry'],
    ['apnic|KAZ|asn|64496|1|20200101|allocated|x', 'country'],
    ['apnic|K1|asn|64496|1|20200101|allocated|x', 'country'],
    ['apnic|KZ|ipv5|64496|1|20200101|allocated|x', 'type'],
    ['apnic|*|ipv5|*|1|summary', 'type'],
    ['apnic|*|ipv4|*|many|summary', 'value'],
    ['apnic|KZ|asn|AS64496|1|20200101|allocated|x', 'start'],
    ['apnic|KZ|asn|4294967296|1|20200101|allocated|x', 'start'],
    ['apnic|KZ|asn|1.65536|1|20200101|allocated|x', 'start'],
    ['apnic|KZ|ipv4|192.0.2|256|20200101|allocated|x', 'start'],
    ['apnic|KZ|ipv4|192.0.2.0.0|256|20200101|allocated|x', 'start'],
    ['apnic|KZ|ipv4|192.0.2.256|256|20200101|allocated|x', 'start'],
    ['apnic|KZ|ipv6|192.0.2.0|32|20200101|allocated|x', 'start'],
    ['apnic|KZ|ipv6|2001:db8:::|32|20200101|allocated|x', 'start'],
    ['apnic|KZ|asn|64496|0|20200101|allocated|x', 'value'],
    ['apnic|KZ|ipv4|192.0.2.0||20200101|allocated|x', 'value'],
    ['apnic|KZ|ipv4|192.0.2.0|-1|20200101|allocated|x', 'value'],
    ['apnic|KZ|ipv4|192.0.2.0|99999999999|20200101|allocated|x', 'value'],
    ['apnic|KZ|ipv6|2001:db8::|129|20200101|allocated|x', 'value'],
    ['apnic|KZ|ipv4|192.0.2.0|256|2020-01-01|allocated|x', 'date'],
    ['apnic|KZ|ipv4|192.0.2.0|256|20200101|given|x', 'status'],
    ['apnic|KZ|ipv4|255.255.255.0|257|20200101|allocated|x', 'past-the-end'],
    ['apnic|KZ|asn|4294967295|2|20200101|allocated|x', 'past-the-end'],
    ['apnic|KZ|ipv6|2001:db8::1|64|20200101|allocated|x', 'host-bits'],
    ['apnic|KZ|ipv6|2001:db8::|28|20200101|allocated|x', 'host-bits'],
    ['apnic|KZ|ipv6|2001:db8::|65|20200101|allocated|x', 'too-long'],
  ])('counts %s as broken by its %s', (line, reason) => {
    expect(brokenBy(line)).toEqual({ [reason]: 1 })
  })

  it('takes whole lines of numbers', () => {
    const lines = [
      'apnic|KZ|ipv4|0.0.0.0|4294967296|20200101|allocated|x',
      'apnic|KZ|asn|4294967295|1|20200101|allocated|x',
      'apnic|KZ|ipv6|::|0|20200101|allocated|x',
    ]
    const { delegations, report } = read(`${HEADER}\n${lines.join('\n')}`)
    expect(report.broken).toEqual({})
    expect([delegations.ipv4.last[0], delegations.asns.last[0]]).toEqual([0xffff_ffff, 0xffff_ffff])
  })

  it('shows the first broken lines, with their numbers, and counts all', () => {
    const junk = Array.from({ length: 50 }, () => 'x'.repeat(1000)).join('\n')
    const { report } = read(`${HEADER}\n\n${junk}`)
    expect(report.broken).toEqual({ fields: 50 })
    expect(report.examples).toHaveLength(10)
    expect(report.examples[0]).toEqual({ line: 3, reason: 'fields', text: 'x'.repeat(120) })
  })

  it.each([
    ['', 'an empty file'],
    ['# nothing\n', 'an empty file'],
    [
      '<!doctype html>\n<title>Not here</title>',
      'line 1: no version line of delegated statistics, but “<!doctype html>”',
    ],
    ['3|ripencc|1|1|19830705|20240105|+0100', 'line 1: version “3” of the format, where 2 can be read'],
    ['2|iana|1|1|19830705|20240105|+0100', 'line 1: no registry that is known: “iana”'],
    ['2|ripencc|1|1|19830705|20241305|+0100', 'line 1: the last day of the file is no date: “20241305”'],
  ])('refuses %j', (text, reason) => {
    expect(decodeDelegated(text)).toEqual({ kind: 'refused', reason })
  })

  it('reads back whatever is written', () => {
    const country = fc.constantFrom('KZ', 'US', 'EU', 'ZZ', '')
    const status = fc.constantFrom(...STATUSES)
    const range = fc
      .tuple(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff))
      .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)])
    const prefix = fc
      .tuple(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff), fc.nat(64))
      .map(([a, b, length]): [number, number, number] => [
        length >= 32 ? a : length === 0 ? 0 : (a & (-1 << (32 - length))) >>> 0,
        length <= 32 ? 0 : length === 64 ? b : (b & (-1 << (64 - length))) >>> 0,
        length,
      ])
    const dotted = (word: number): string => [24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join('.')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('asn', 'ipv4'), range, country, status)),
        fc.array(fc.tuple(prefix, country, status)),
        (ranges, prefixes) => {
          const lines = [
            ...ranges.map(([type, [first, last], code, state]) => {
              const start = type === 'asn' ? String(first) : dotted(first)
              return `apnic|${code}|${type}|${start}|${last - first + 1}|20200101|${state}|h`
            }),
            ...prefixes.map(([[a, b, length], code, state]) => {
              return `apnic|${code}|ipv6|${formatIpv6(a, b, 0, 0)}|${length}|20200101|${state}|h`
            }),
          ]
          const { delegations, report } = read([HEADER, ...lines].join('\n'))
          expect(report.broken).toEqual({})
          for (const [type, columns] of [
            ['asn', delegations.asns],
            ['ipv4', delegations.ipv4],
          ] as const) {
            const wanted = ranges.filter((each) => each[0] === type)
            const got = wanted.map((_, i) => [
              type,
              [columns.first[i], columns.last[i]],
              unpackCountry(columns.country[i]!) ?? '',
              STATUSES[columns.status[i]!],
            ])
            expect([columns.count, got]).toEqual([wanted.length, wanted])
          }
          const { ipv6 } = delegations
          expect(prefixes.map((_, i) => [ipv6.word0[i], ipv6.word1[i], ipv6.length[i]])).toEqual(
            prefixes.map(([words]) => words),
          )
        },
      ),
    )
  })

  it('never throws, whatever is changed in a file or put in its place', () => {
    const original = Buffer.from(EXTENDED)
    const change = fc.record({
      at: fc.nat(original.length - 1),
      byte: fc.oneof(fc.nat(255), fc.constantFrom(124, 10, 48, 46)),
    })
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 30 }),
        fc.nat(original.length),
        fc.uint8Array(),
        (changes, cut, tail) => {
          const bytes = Buffer.concat([original.subarray(0, cut), tail])
          for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte
          const decoded = decodeDelegated(bytes)
          if (decoded.kind === 'refused') {
            expect(decoded.reason).not.toBe('')
            return
          }
          const { report, delegations } = decoded
          const broken = Object.values(report.broken).reduce((sum, each) => sum + each, 0)
          const lines = bytes.toString('latin1').split('\n').length
          expect(report.records + broken).toBeLessThan(lines)
          for (const { count, first, last } of [delegations.asns, delegations.ipv4]) {
            for (let i = 0; i < count; i += 1) expect(first[i]! <= last[i]!).toBe(true)
          }
        },
      ),
      { numRuns: 3000 },
    )
  })
})

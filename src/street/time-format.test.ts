import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fixedOffset, wallClockReader } from './time-format.ts'

const utc = (text: string): number => Date.parse(text) / 1000

describe('a wall clock', () => {
  it.each([
    ['dd-MMM-yyyy HH:mm:ss', '01-Dec-2021 06:00:00', '2021-12-01T06:00:00Z'],
    ['yyyy-MM-dd', '2018-01-31', '2018-01-31T00:00:00Z'],
    ['yyyy-MM-dd HH:mm', ' 2026-01-08 16:30 ', '2026-01-08T16:30:00Z'],
    ['yyyy-MM-ddTHH:mm:ss', '2025-12-15T08:00:00', '2025-12-15T08:00:00Z'],
    ['d/M/yyyy H:mm', '1/2/2020 3:04', '2020-02-01T03:04:00Z'],
    ['d.M.yyyy', '29.2.2020', '2020-02-29T00:00:00Z'],
    ['yyyyMMddHH', '2020010523', '2020-01-05T23:00:00Z'],
    ['d MMM yyyy', '5 january 2020', null],
    ['d MMM yyyy', '5 JAN 2020', '2020-01-05T00:00:00Z'],
    ['unix', '1573430400', '2019-11-11T00:00:00Z'],
    ['unix', '1573430400.0', '2019-11-11T00:00:00Z'],
    ['unix-ms', '1573430400999', '2019-11-11T00:00:00Z'],
    ['rfc3339', '2020-01-01T00:00:00+03:30', '2019-12-31T20:30:00Z'],
    ['rfc3339', ' 2020-01-01T00:00:00.999Z ', '2020-01-01T00:00:00Z'],
  ])('%s reads "%s" as %s', (format, text, expected) => {
    expect(wallClockReader(format)?.(text)).toBe(expected === null ? null : utc(expected))
  })

  it.each([
    ['yyyy-MM-dd', '2019-02-29'],
    ['yyyy-MM-dd', '2020-02-31'],
    ['yyyy-MM-dd', '2020-13-01'],
    ['yyyy-MM-dd', '2020-00-10'],
    ['yyyy-MM-dd', '2020-01-00'],
    ['yyyy-MM-dd', '0020-01-01'],
    ['yyyy-MM-dd', '2020-1-1'],
    ['yyyy-MM-dd', '2020-01-01 extra'],
    ['yyyy-MM-dd', ''],
    ['yyyy-MM-dd HH:mm:ss', '2020-01-01 24:00:00'],
    ['yyyy-MM-dd HH:mm:ss', '2020-01-01 23:60:00'],
    ['yyyy-MM-dd HH:mm:ss', '2020-01-01 23:59:60'],
    ['dd-MMM-yyyy', '01-Foo-2020'],
    ['unix', '1573430400.5'],
    ['unix', '0x5DC8C700'],
    ['unix', '1e9'],
    ['unix', ''],
    // Milliseconds under the name of seconds: the year 51829.
    ['unix', '1573430400999'],
    ['unix', '9'.repeat(400)],
    ['rfc3339', '2020-02-31T00:00:00Z'],
    ['rfc3339', '2020-01-01T00:00:00'],
    ['rfc3339', '2020-01-01'],
    ['rfc3339', 'T12Z'],
  ])('%s does not read "%s": it names no instant, and none is guessed', (format, text) => {
    expect(wallClockReader(format)?.(text)).toBeNull()
  })

  it.each([
    'HH:mm',
    'yyyy-MM',
    'MM-dd HH:mm',
    'dd/MM/yy',
    'yyyy-MM-dd hh:mm a',
    'yyyy-MM-dd HH:mm:ss.SSS',
    'yyyy-MM-dd dd',
    'yyyy-MM-dd d',
    'yyyy-MM-dd HH H',
    'yyyy-MMM-MM-dd',
    '',
    'iso',
  ])('has no reader for "%s": no full day, a part twice, or a part that is none of ours', (format) => {
    expect(wallClockReader(format)).toBeNull()
  })

  it('takes what stands between the parts as it stands, dots and brackets too', () => {
    const read = wallClockReader('[yyyy.MM.dd] (HH:mm)')
    expect(read?.('[2020.01.02] (03:04)')).toBe(utc('2020-01-02T03:04:00Z'))
    expect(read?.('[2020x01x02] (03:04)')).toBeNull()
  })

  it('reads back every second that it can write', () => {
    const formats = ['yyyy-MM-dd HH:mm:ss', 'dd-MMM-yyyy HH:mm:ss', 'd/M/yyyy H:mm:ss']
    const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), fc.constantFrom(...formats), (seconds, format) => {
        const date = new Date(seconds * 1000)
        const two = (value: number): string => String(value).padStart(2, '0')
        const text = format.replace(/yyyy|MMM|MM|M|dd|d|HH|H|mm|ss/g, (part) => {
          switch (part) {
            case 'yyyy':
              return String(date.getUTCFullYear())
            case 'MMM':
              return months[date.getUTCMonth()] ?? ''
            case 'MM':
              return two(date.getUTCMonth() + 1)
            case 'M':
              return String(date.getUTCMonth() + 1)
            case 'dd':
              return two(date.getUTCDate())
            case 'd':
              return String(date.getUTCDate())
            case 'HH':
              return two(date.getUTCHours())
            case 'H':
              return String(date.getUTCHours())
            case 'mm':
              return two(date.getUTCMinutes())
            default:
              return two(date.getUTCSeconds())
          }
        })
        expect(wallClockReader(format)?.(text)).toBe(seconds)
      }),
      { seed: 1 },
    )
  })

  it('never throws, and gives whole seconds or nothing, for any format and text', () => {
    const parts = fc.constantFrom('yyyy', 'MM', 'MMM', 'dd', 'd', 'HH', 'mm', 'ss', '-', ' ', 'T', '(', '\\', 'x', '9')
    fc.assert(
      fc.property(
        fc.array(parts).map((each) => each.join('')),
        fc.string(),
        (format, text) => {
          const read = wallClockReader(format)?.(text) ?? null
          expect(read === null || Number.isInteger(read)).toBe(true)
        },
      ),
      { seed: 2, numRuns: 500 },
    )
  })
})

describe('a fixed offset', () => {
  it.each([
    ['UTC', 0],
    ['Z', 0],
    ['+03:30', 12_600],
    ['-0500', -18_000],
    ['UTC+3', 10_800],
    ['-11', -39_600],
    ['+14:00', 50_400],
    ['Asia/Tehran', null],
    ['GMT', null],
    ['+3:3', null],
    ['+25:00', null],
    ['+03:99', null],
    ['', null],
    ['3', null],
  ])('%s is %s seconds', (zone, seconds) => {
    expect(fixedOffset(zone)).toBe(seconds)
  })
})

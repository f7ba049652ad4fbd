import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EntityId, UnixSeconds } from '../model/brand.ts'
import { CaseError } from '../model/errors.ts'
import { ruleFor } from '../detect/rules.ts'
import { toRfc3339 } from '../model/time.ts'
import type { LoadedSeries } from './loaded.ts'
import { emptyCollection } from './loaded.ts'
import { readIodaExport } from './read-ioda.ts'
import type { ReadReport } from './read-report.ts'
import { emptyReport } from './read-report.ts'
import type { Folder } from './samples.testing.ts'
import { makeFolder } from './samples.testing.ts'

let folder: Folder
beforeAll(() => {
  folder = makeFolder()
})
afterAll(() => folder.remove())

const HEAD = '"Time (UTC)","Google (Search)","BGP (#Visible /24s)","Active Probing (#/24s Up)","Mozilla (City Count)"'

function read(
  text: string | Uint8Array,
  normalised?: boolean,
): { series: Record<string, LoadedSeries>; report: ReadReport } {
  const [into, report] = [emptyCollection(), emptyReport()]
  const path = folder.write('export.csv', text)
  const file = { reader: 'ioda-export', path, entity: 'country:IR' as EntityId } as const
  readIodaExport(normalised === undefined ? file : { ...file, normalised }, path, into, report)
  return { series: Object.fromEntries([...into.series.values()].map((each) => [each.info.signal, each])), report }
}

function rows(series: LoadedSeries | undefined): unknown {
  return series?.bins.map((bin, i) => [toRfc3339(bin as UnixSeconds).slice(11, 16), series.values[i]])
}

const HALF_HOURS =
  `${HEAD}\n` +
  '"2025-12-01 00:00:00",20.5,99.6,96.5,15\n' +
  '"2025-12-01 00:30:00",,99.5,100,\n' +
  '"2025-12-01 01:00:00",0,100,95,\n' +
  '"2025-12-01 01:30:00",18,99.7,94,\n' +
  '"2025-12-01 02:00:00",19,99.7,94,17.5\n'

describe('an export of IODA', () => {
  it('gives each signal at the step of the file, or its own where that is longer', () => {
    const { series, report } = read(HALF_HOURS)
    expect(Object.entries(series).map(([signal, each]) => [signal, each.info.step])).toEqual([
      ['google.search_traffic', 1800],
      ['bgp.visible_slash24s', 1800],
      ['ping.up_slash24s', 1800],
      ['mozilla.city_count', 3600],
    ])
    expect(report).toMatchObject({ rows: 5, observations: 18, skipped: [], warnings: [] })
  })

  it('has no gap where a signal is blank by its cadence, and one where it is blank in its own hour', () => {
    expect(rows(read(HALF_HOURS).series['mozilla.city_count'])).toEqual([
      ['00:00', 15],
      ['01:00', Number.NaN],
      ['02:00', 17.5],
    ])
  })

  it('keeps a blank apart from a zero', () => {
    expect(rows(read(HALF_HOURS).series['google.search_traffic'])).toEqual([
      ['00:00', 20.5],
      ['00:30', Number.NaN],
      ['01:00', 0],
      ['01:30', 18],
      ['02:00', 19],
    ])
  })

  it('is divided by the maximum of its window when no value is above 100: least values mean nothing then', () => {
    const { series } = read(HALF_HOURS)
    const ping = series['ping.up_slash24s']
    expect(ping?.spec).toMatchObject({ windowNormalised: true, unit: "% of the window's maximum" })
    expect(ruleFor(ping!.spec).minUsual).toBe(0)
    expect(series['mozilla.city_count']?.spec.quantum).toBe(2.5)
  })

  it('is raw when a value is above 100, and rules on least values stay on', () => {
    const { series } = read(HALF_HOURS.replace('99.6', '9960'))
    const ping = series['ping.up_slash24s']
    expect(ping?.spec).toMatchObject({ windowNormalised: false, unit: '/24 blocks', quantum: 1 })
    expect(ruleFor(ping!.spec).minUsual).toBe(20)
  })

  it('is what the case says it is, whatever its values', () => {
    expect(read(HALF_HOURS, false).series['ping.up_slash24s']?.spec.windowNormalised).toBe(false)
    expect(read(HALF_HOURS.replace('99.6', '9960'), true).series['ping.up_slash24s']?.spec.windowNormalised).toBe(true)
  })

  it('may be gzipped, in reverse order, and miss rows', () => {
    const [head, ...lines] = HALF_HOURS.trim().split('\n')
    const turned = [head, ...lines.toReversed().filter((_, i) => i !== 1)].join('\n')
    const { series } = read(gzipSync(turned))
    expect(series['ping.up_slash24s']?.info.step).toBe(1800)
    expect(series['ping.up_slash24s']?.bins).toHaveLength(4)
  })

  it('may be as long as a year of five minutes', () => {
    const lines = Array.from(
      { length: 105_120 },
      (_, i) =>
        `${new Date((1_735_689_600 + i * 300) * 1000).toISOString().slice(0, 19).replace('T', ' ')},${1000 + (i % 7)}`,
    )
    const { series } = read(`Time (UTC),BGP (# Visible /24s)\n${lines.join('\n')}\n`)
    expect(series['bgp.visible_slash24s']?.bins).toHaveLength(105_120)
  })

  it('has columns left out, and told, that are no signal of ours or hold one twice', () => {
    const { series, report } = read(
      'Time (UTC),BGP (# Visible /24s),Google (Gmail),Google (Search),Active Probing Loss (%),Telescope (# IPs),Merit (# IPs)\n' +
        '2025-12-01 00:00:00,500,1,2,3,4,5\n2025-12-01 00:30:00,501,1,2,3,4,5\n',
    )
    expect(Object.keys(series).sort()).toEqual([
      'bgp.visible_slash24s',
      'google.search_traffic',
      'telescope.unique_ips',
    ])
    expect(rows(series['google.search_traffic'])).toEqual([
      ['00:00', 2],
      ['00:30', 2],
    ])
    expect(report.warnings).toEqual([
      expect.stringContaining(':1: column "Google (Gmail)" is no signal that we read from IODA'),
      expect.stringContaining(':1: column "Active Probing Loss (%)" is no signal'),
      expect.stringContaining(':1: column "Merit (# IPs)" holds telescope.unique_ips, as one before it does'),
    ])
  })

  it.each([
    ['"yesterday",1,2,3,4', 'time cannot be read', 'Time (UTC)', 'yesterday'],
    ['"2025-12-01 02:30:00",n/a,99,99,', 'value is no number', 'Google (Search)', 'n/a'],
    ['"2025-12-01 02:00:00",19,99.7,94,18', 'another value for a bin', 'Mozilla (City Count)', '18'],
    ['"2025-12-01 01:30:00",18,99.7,94,5', "time is not on the signal's grid of 60 min", 'Mozilla (City Count)', '5'],
    ['"2025-12-01 02:30:00",19', 'row has 2 cells where the head has 5', null, '2025-12-01 02:30:00,19'],
  ])('has a bad row left out and told: %s', (row, reason, column, text) => {
    const { report } = read(`${HALF_HOURS}${row}\n`)
    expect(report.skipped).toHaveLength(1)
    expect(report.skipped[0]).toMatchObject({ count: 1, first: { line: 7, column, text } })
    expect(report.skipped[0]?.reason).toContain(reason)
  })

  it.each([
    ['When,BGP\n1,2\n', 'no column of times; an IODA export begins with "Time (UTC)", this one has When, BGP'],
    ['Time (UTC),Latency\n2025-12-01 00:00:00,2\n', 'none of the columns (Time (UTC), Latency) is a signal of IODA'],
    [`${HEAD}\n`, 'fewer than two different times'],
    [`${HEAD}\n2025-12-01 00:00:00,1,2,3,4\n`, 'fewer than two different times'],
    ['', 'is empty'],
  ])('that is none is refused: %j', (text, words) => {
    expect(() => read(text)).toThrow(CaseError)
    expect(() => read(text)).toThrow(words)
  })
})

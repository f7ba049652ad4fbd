import { spawnSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CaseError } from '../model/errors.ts'
import { toRfc3339 } from '../model/time.ts'
import type { UnixSeconds } from '../model/brand.ts'
import { caseSchema } from './case-schema.ts'
import type { CaseFile, TableFile } from './case-schema.ts'
import { emptyCollection } from './loaded.ts'
import type { ReadReport } from './read-report.ts'
import { emptyReport } from './read-report.ts'
import { readTable } from './read-table.ts'
import type { Folder } from './samples.testing.ts'
import { makeFolder } from './samples.testing.ts'

let folder: Folder
beforeAll(() => {
  folder = makeFolder()
})
afterAll(() => folder.remove())

const SOURCES: CaseFile['sources'] = [
  { id: 'test', name: 'Test', licence: { class: 'public-domain', name: 'CC0-1.0' }, citation: 'Test' },
]

const VALUE = {
  column: 'value',
  source: 'test',
  signal: 'ping.up',
  label: 'Up',
  plane: 'reachability',
  unit: 'hosts',
  step_minutes: 60,
  quantum: 1,
  bad: 'down',
  seasonality: 'daily',
} as const

interface Mapping {
  readonly time: object
  readonly entity: object
  readonly series: readonly object[]
  readonly delimiter?: string
  readonly comment?: string
  readonly format?: string
}

const PLAIN: Mapping = {
  time: { column: 'time', format: 'yyyy-MM-dd HH:mm', zone: 'UTC' },
  entity: { id: 'country:KZ' },
  series: [VALUE],
}

/** A mapping as a case file would have it, checked as there. */
function fileOf(mapping: Mapping): TableFile {
  const file = caseSchema.parse({
    id: 'a',
    title: 'a',
    summary: 'a',
    from: '2020-01-01',
    until: '2021-01-01',
    sources: SOURCES,
    files: [{ reader: 'table', path: 'x', ...mapping }],
  }).files[0]
  if (file?.reader !== 'table') throw new TypeError('no table')
  return file
}

interface Read {
  readonly report: ReadReport
  /** `signal entity[/facet]` → `[time, value, weight]` by row; NaN is null. */
  readonly series: Record<string, readonly (readonly [string, number | null, number | null])[]>
  readonly phases: Record<string, number>
  readonly names: Record<string, string>
}

async function read(path: string, mapping: Mapping): Promise<Read> {
  const [into, report] = [emptyCollection(), emptyReport()]
  await readTable(fileOf(mapping), path, SOURCES, into, report)
  const all = [...into.series.values()]
  const name = ({ info }: (typeof all)[number]): string =>
    `${info.signal} ${info.entity}${info.facet === null ? '' : `/${info.facet}`}`
  const orNull = (value: number | undefined): number | null =>
    value === undefined || Number.isNaN(value) ? null : value
  return {
    report,
    series: Object.fromEntries(
      all.map((each) => [
        name(each),
        each.bins.map((bin, i) => [toRfc3339(bin as UnixSeconds), orNull(each.values[i]), orNull(each.weights[i])]),
      ]),
    ),
    phases: Object.fromEntries(all.map((each) => [name(each), each.info.phase])),
    names: Object.fromEntries([...into.entities.values()].map((each) => [each.entity, each.name])),
  }
}

const csv = (text: string, mapping: Mapping = PLAIN): Promise<Read> => read(folder.write('data.csv', text), mapping)

const path = (): string => `${folder.path}/data.csv`

describe('a table', () => {
  it('is read bin by bin, a blank as asked and not given, never as 0', async () => {
    const { series, report } = await csv('time,value\n2020-01-01 00:00,5\n2020-01-01 01:00,\n2020-01-01 02:00,0\n')
    expect(series).toEqual({
      'ping.up country:KZ': [
        ['2020-01-01T00:00:00Z', 5, null],
        ['2020-01-01T01:00:00Z', null, null],
        ['2020-01-01T02:00:00Z', 0, null],
      ],
    })
    expect(report).toEqual({ rows: 3, observations: 3, skipped: [], ignored: 0, outside: 0, warnings: [] })
  })

  it('may be gzipped, begin with a byte order mark, hold comments, quotes, semicolons and Windows line ends', async () => {
    const text =
      '\uFEFF# made up\r\n"time";"value"\r\n"2020-01-01 00:00";"1.5"\r\n# between\r\n2020-01-01 01:00;-2e1\r\n'
    const file = folder.write('data.csv.gz', gzipSync(text))
    const { series, report } = await read(file, { ...PLAIN, delimiter: ';', comment: '#' })
    expect(Object.values(series)[0]?.map((row) => row[1])).toEqual([1.5, -20])
    expect(report.skipped).toEqual([])
  })

  it('gives each of its value columns a series, with weights and facets', async () => {
    const { series } = await csv('time,value,telegram,n\n2020-01-01 00:00,5,7,30\n', {
      ...PLAIN,
      series: [
        { ...VALUE, weight_column: 'n' },
        { ...VALUE, column: 'telegram', facet: 'telegram' },
      ],
    })
    expect(series).toEqual({
      'ping.up country:KZ': [['2020-01-01T00:00:00Z', 5, 30]],
      'ping.up country:KZ/telegram': [['2020-01-01T00:00:00Z', 7, null]],
    })
  })

  it('reads the same bin with the same value once, and keeps the first of two values', async () => {
    const { series, report } = await csv(
      'time,value\n2020-01-01 00:00,5\n2020-01-01 00:00,5.0\n2020-01-01 00:00,6\n2020-01-01 01:00,-0\n2020-01-01 01:00,0\n',
    )
    expect(Object.values(series)[0]?.map((row) => row[1])).toEqual([5, 0])
    expect(report.skipped).toEqual([
      {
        reason: 'another value for a bin that was read before; the first stays',
        count: 1,
        first: { file: path(), line: 4, column: 'value', text: '6' },
      },
    ])
  })
})

describe('a bad row', () => {
  const good = '2020-01-01 00:00,5\n2020-01-01 01:00,6\n'

  it.each([
    ['2020-01-01 02:00,abc', 'value is no number', 'value', 'abc'],
    ['2020-01-01 02:00,"1,234"', 'value is no number', 'value', '1,234'],
    ['2020-01-01 02:00,0x1F', 'value is no number', 'value', '0x1F'],
    ['2020-01-01 02:00,Infinity', 'value is no number', 'value', 'Infinity'],
    ['2020-01-01 02:00,NaN', 'value is no number', 'value', 'NaN'],
    ['2020-01-01 02:00,1e999', 'value is no number', 'value', '1e999'],
    ['01/02/2020,5', 'time is not in the format yyyy-MM-dd HH:mm', 'time', '01/02/2020'],
    ['2020-02-30 00:00,5', 'time is not in the format yyyy-MM-dd HH:mm', 'time', '2020-02-30 00:00'],
    [
      '2020-01-01 02:07,5',
      'time is not on the grid of 60 min that most times of the series lie on',
      'time',
      '2020-01-01 02:07',
    ],
    ['2020-01-01 02:00', 'row has 1 cells where the head has 2', null, '2020-01-01 02:00'],
    ['2020-01-01 02:00,5,6', 'row has 3 cells where the head has 2', null, '2020-01-01 02:00,5,6'],
  ])('"%s" is left out, counted and told with file, line and column', async (row, reason, column, text) => {
    const { series, report } = await csv(`time,value\n${good}${row}\n${row}\n`)
    expect(Object.values(series)[0]).toHaveLength(2)
    expect(report.rows).toBe(4)
    expect(report.observations).toBe(2)
    expect(report.skipped).toEqual([{ reason, count: 2, first: { file: path(), line: 4, column, text } }])
  })

  it('costs nobody else, though it were the first', async () => {
    const { series, report } = await csv(`time,value\n2019-12-31 23:07,1\n${good}`)
    expect(Object.values(series)[0]?.map((row) => row[1])).toEqual([5, 6])
    expect(report.skipped[0]?.first.line).toBe(2)
  })

  it('has its line told where quoted cells run over lines and comments stand between', async () => {
    const { report } = await csv('time,note,value\n# comment\n2020-01-01 00:00,"two\nlines",5\n2020-01-01 01:00,,x\n', {
      ...PLAIN,
      comment: '#',
    })
    expect(report.skipped[0]?.first.line).toBe(5)
  })

  it('with a bad weight is left out too', async () => {
    const { report, series } = await csv('time,value,n\n2020-01-01 00:00,5,many\n', {
      ...PLAIN,
      series: [{ ...VALUE, weight_column: 'n' }],
    })
    expect(series).toEqual({})
    expect(report.skipped[0]).toMatchObject({ reason: 'weight is no number', first: { column: 'n', text: 'many' } })
  })
})

describe('local time', () => {
  const tehran = { ...PLAIN, time: { column: 'time', format: 'yyyy-MM-dd HH:mm', zone: 'Asia/Tehran' } }
  const berlin = { ...PLAIN, time: { column: 'time', format: 'yyyy-MM-dd HH:mm', zone: 'Europe/Berlin' } }

  it('of a half-hour zone makes a grid with a phase', async () => {
    const { series, phases } = await csv('time,value\n2020-01-01 00:00,5\n2020-01-01 01:00,6\n', tehran)
    expect(Object.values(series)[0]?.map((row) => row[0])).toEqual(['2019-12-31T20:30:00Z', '2019-12-31T21:30:00Z'])
    expect(phases).toEqual({ 'ping.up country:KZ': 1800 })
  })

  it('may be given as seconds since the epoch', async () => {
    const { series } = await csv('time,value\n1573430400,5\n', {
      ...PLAIN,
      time: { column: 'time', format: 'unix', zone: 'Asia/Tehran' },
    })
    expect(Object.values(series)[0]?.[0]?.[0]).toBe('2019-11-10T20:30:00Z')
  })

  it('that the clocks jumped over, or showed twice, names no instant', async () => {
    const { series, report } = await csv(
      'time,value\n2020-03-29 01:00,1\n2020-03-29 02:00,2\n2020-03-29 03:00,3\n2020-10-25 02:00,4\n2020-10-25 03:00,5\n',
      berlin,
    )
    expect(Object.values(series)[0]).toEqual([
      ['2020-03-29T00:00:00Z', 1, null],
      ['2020-03-29T01:00:00Z', 3, null],
      ['2020-10-25T02:00:00Z', 5, null],
    ])
    expect(report.skipped.map((each) => [each.reason, each.first.line, each.first.column, each.first.text])).toEqual([
      ['local time that the clocks jumped over', 3, 'time', '2020-03-29 02:00'],
      ['local time that occurred twice as the clocks went back', 5, 'time', '2020-10-25 02:00'],
    ])
  })

  it('takes its zone from the row where a column says so', async () => {
    const { series, report } = await csv(
      'time,value,zone,iso\n2020-01-01 03:00,1,Europe/Moscow,RUS\n2020-01-01 02:00,2,Europe/Kiev,UKR\n' +
        '2020-01-01 05:30,3,+05:30,IND\n2020-01-01 05:30,3,Mars/Olympus,IND\n2020-01-01 05:30,3,,IND\n',
      {
        ...PLAIN,
        time: { column: 'time', format: 'yyyy-MM-dd HH:mm', zone_column: 'zone' },
        entity: { kind: 'country', country_column: 'iso' },
      },
    )
    expect(series).toEqual({
      'ping.up country:RU': [['2020-01-01T00:00:00Z', 1, null]],
      'ping.up country:UA': [['2020-01-01T00:00:00Z', 2, null]],
      'ping.up country:IN': [['2020-01-01T00:00:00Z', 3, null]],
    })
    expect(report.skipped).toEqual([
      {
        reason: 'zone is not one we know',
        count: 2,
        first: { file: path(), line: 5, column: 'zone', text: 'Mars/Olympus' },
      },
    ])
  })

  it('is not needed for times that carry their own zone', async () => {
    const { series } = await csv('time,value\n2020-01-01T00:00:00+03:00,5\n', {
      ...PLAIN,
      time: { column: 'time', format: 'rfc3339' },
    })
    expect(Object.values(series)[0]?.[0]?.[0]).toBe('2019-12-31T21:00:00Z')
  })
})

describe('a mapping that does not fit', () => {
  it.each([
    [
      'a column that is not there',
      { series: [{ ...VALUE, column: 'valeu' }] },
      'names a column "valeu"; the file has "time", "value"',
    ],
    ['a time column that is not there', { time: { ...PLAIN.time, column: 'when' } }, 'names a column "when"'],
    ['a weight column that is not there', { series: [{ ...VALUE, weight_column: 'n' }] }, 'names a column "n"'],
    [
      'a zone column that is not there',
      { time: { column: 'time', format: 'yyyy-MM-dd HH:mm', zone_column: 'tz' } },
      'names a column "tz"',
    ],
    ['an unknown zone', { time: { ...PLAIN.time, zone: 'Asia/Teheran' } }, 'time.zone = "Asia/Teheran" is no zone'],
    ['an offset that is none', { time: { ...PLAIN.time, zone: '+99:00' } }, 'time.zone = "+99:00" is no zone'],
    ['no zone', { time: { column: 'time', format: 'yyyy-MM-dd HH:mm' } }, 'needs zone (UTC, +03:30, Asia/Tehran)'],
    ['seconds without a zone', { time: { column: 'time', format: 'unix' } }, 'needs zone'],
    ['two zones', { time: { ...PLAIN.time, zone_column: 'value' } }, 'zone and zone_column'],
    [
      'a zone for times that carry their own',
      { time: { column: 'time', format: 'rfc3339', zone: 'Asia/Tehran' } },
      'carry their own zone',
    ],
    [
      'an unknown format',
      { time: { ...PLAIN.time, format: 'dd/MM/yy' } },
      'time.format = "dd/MM/yy" is not one we read',
    ],
    [
      'an unknown source',
      { series: [{ ...VALUE, source: 'tset' }] },
      'of source "tset", which is not under [[sources]]',
    ],
    ['a step of part of a second', { series: [{ ...VALUE, step_minutes: 0.33 }] }, 'step_minutes = 0.33'],
    ['a country that is none', { entity: { kind: 'country', country: 'EU' } }, 'entity.country = "EU" is no country'],
    ['no country', { entity: { kind: 'region', region_column: 'value' } }, 'needs country or country_column'],
    ['no region column', { entity: { kind: 'region', country: 'IR' } }, 'of kind "region" needs region_column'],
    [
      'a region that is none',
      { entity: { kind: 'region', country: 'IR', region_column: 'value', regions: { x: 'IR-99' } } },
      '"x" is mapped to "IR-99", which is no region of ISO 3166-2',
    ],
    [
      'one series with two steps',
      { series: [VALUE, { ...VALUE, step_minutes: 30 }] },
      'test/ping.up of country:KZ was read before with another step_minutes',
    ],
    ["a delimiter that is not the file's", { delimiter: ';' }, 'the file has "time,value"'],
  ])('is told: %s', async (_, change, words) => {
    const reading = csv('time,value\n2020-01-01 00:00,5\n', { ...PLAIN, ...change })
    await expect(reading).rejects.toThrow(CaseError)
    await expect(reading).rejects.toThrow(words)
    await expect(reading).rejects.toThrow(path())
  })
})

describe('a file that cannot be read', () => {
  it.each([
    ['data.csv', '', 'is empty: not even a line of column names'],
    ['data.csv', 'time,value,value\n2020-01-01 00:00,5,6\n', 'data.csv:1: two columns are named "value"'],
    ['data.csv', 'time,value\n2020-01-01 00:00,"5\n', 'is not a CSV that can be read'],
    ['data.csv.gz', 'time,value\n', 'is not gzip, though its name says so'],
    ['data.csv.gz', gzipSync('time,value\n2020-01-01 00:00,5\n').subarray(0, 30), 'cannot be unpacked: is it whole?'],
    ['data.csv', Buffer.from('time,value\n2020-01-01 00:00,5\nS\xE3o Paulo,1\n', 'latin1'), 'data.csv:3: not UTF-8'],
    ['data.parquet', 'PAR1 but not really PAR1', 'is not a Parquet file that can be read'],
    ['data.parquet', '', 'is not a Parquet file that can be read'],
  ])('%s: %j', async (name, content, words) => {
    const reading = read(folder.write(name, content), PLAIN)
    await expect(reading).rejects.toThrow(CaseError)
    await expect(reading).rejects.toThrow(words)
  })

  it.each(['missing.csv', 'missing.parquet', '.'])('is told by name: %s', async (name) => {
    const reading = read(`${folder.path}/${name}`, PLAIN)
    await expect(reading).rejects.toThrow(CaseError)
    await expect(reading).rejects.toThrow(`${folder.path}/${name} cannot be read`)
  })
})

describe('Parquet', () => {
  const COLUMNS = `
    ['day DATE', 'wall TIMESTAMP', 'instant TIMESTAMPTZ', 'seconds BIGINT', 'value DOUBLE', 'small INTEGER', 'place VARCHAR']`

  /** The same rows as Parquet and as CSV, by DuckDB itself in a process of its own. */
  function write(): { parquet: string; csv: string; empty: string } {
    const files = {
      parquet: `${folder.path}/t.parquet`,
      csv: `${folder.path}/t.csv`,
      empty: `${folder.path}/e.parquet`,
    }
    const script = `
      const { DuckDBInstance } = await import(process.argv[1])
      const db = await (await DuckDBInstance.create(':memory:')).connect()
      await db.run("SET TimeZone = 'UTC'")
      await db.run('CREATE TABLE t (' + ${COLUMNS}.join(', ') + ')')
      await db.run(\`INSERT INTO t VALUES
        ('2020-01-01', '2020-01-01 00:00:00', '2020-01-01 00:00:00+03:00', 1577836800, 1.5, 7, 'Tehran'),
        ('2020-01-02', '2020-01-02 01:00:00', '2020-01-02 01:00:00+03:00', 1577926800, NULL, NULL, 'Isfahan'),
        ('2020-01-03', '2020-01-03 02:00:00', '2020-01-03 02:00:00+03:00', 1578016800, -2e-3, 0, NULL)\`)
      await db.run("COPY t TO '${files.parquet}' (FORMAT parquet, COMPRESSION zstd)")
      await db.run("COPY t TO '${files.csv}' (FORMAT csv, HEADER)")
      await db.run("COPY (SELECT * FROM t WHERE false) TO '${files.empty}' (FORMAT parquet)")`
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, '@duckdb/node-api'], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stderr)
    return files
  }

  let files: ReturnType<typeof write>
  beforeAll(() => {
    files = write()
  })

  const both = [
    { ...VALUE, step_minutes: 60 },
    { ...VALUE, column: 'small', signal: 'ping.small' },
  ]

  it.each([
    ['a column of days', { column: 'day', format: 'yyyy-MM-dd', zone: 'Asia/Tehran' }],
    ['a wall clock without a zone', { column: 'wall', format: 'yyyy-MM-dd HH:mm:ss', zone: 'Asia/Tehran' }],
    ['seconds', { column: 'seconds', format: 'unix', zone: 'UTC' }],
  ])('equals CSV, with %s', async (_, time) => {
    const fromParquet = await read(files.parquet, { ...PLAIN, time, series: both })
    expect(fromParquet.report.observations).toBe(6)
    const fromCsv = await read(files.csv, { ...PLAIN, time, series: both })
    expect(fromParquet.series).toEqual(fromCsv.series)
    expect(fromParquet.series['ping.up country:KZ']?.map((row) => row[1])).toEqual([1.5, null, -0.002])
  })

  it('gives instants with their zone, and only instants', async () => {
    const { series } = await read(files.parquet, { ...PLAIN, time: { column: 'instant', format: 'rfc3339' } })
    expect(series['ping.up country:KZ']?.[0]?.[0]).toBe('2019-12-31T21:00:00Z')
    const wall = await read(files.parquet, { ...PLAIN, time: { column: 'wall', format: 'rfc3339' } })
    expect(wall.series).toEqual({})
    expect(wall.report.skipped[0]?.count).toBe(3)
  })

  it('without rows still names its columns', async () => {
    const reading = read(files.empty, { ...PLAIN, time: { column: 'when', format: 'unix', zone: 'UTC' } })
    await expect(reading).rejects.toThrow('names a column "value"'.replace('value', 'when'))
    await expect(reading).rejects.toThrow('the file has "day", "wall", "instant"')
  })
})

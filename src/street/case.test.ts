import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EntityId } from '../model/brand.ts'
import { CaseError } from '../model/errors.ts'
import { toRfc3339 } from '../model/time.ts'
import type { LoadedCase } from './case.ts'
import { loadCase, parseCase, replayEntry } from './case.ts'
import { AS_WRITTEN } from './reconstruct.ts'
import type { Folder } from './samples.testing.ts'
import { makeFolder } from './samples.testing.ts'

let folder: Folder
beforeAll(() => {
  folder = makeFolder()
})
afterAll(() => folder.remove())

const CASE = `id = "made-up"
title = "Made up"
summary = "For a test."
from = 2020-01-01T00:00:00Z
until = 2020-01-02T00:00:00Z

[[sources]]
id = "test"
name = "Test"
licence = { class = "public-domain", name = "CC0-1.0" }
citation = "Test"

[[files]]
reader = "table"
path = "data.csv"
[files.time]
column = "time"
format = "yyyy-MM-dd HH:mm"
zone = "UTC"
[files.entity]
kind = "place"
country = "US"
region_column = "state"
place_column = "county"
[[files.series]]
column = "value"
source = "test"
signal = "ping.up"
label = "Up"
plane = "reachability"
unit = "hosts"
step_minutes = 60
quantum = 1
bad = "down"
seasonality = "daily"

[hierarchy]
known_children = { US-LA = 64, "country:US" = 51 }
`

const CSV = `time,state,county,value
2019-12-31 23:00,Louisiana,Calcasieu,1
2020-01-01 00:00,Louisiana,Calcasieu,2
2020-01-01 01:00,Louisiana,Calcasieu,
2020-01-01 00:00,Texas,Orange,3
2020-01-02 00:00,Texas,Orange,4
2020-01-02 00:00,Texas,Jefferson,5
`

const RECONSTRUCTION = `id = "drawn"
title = "Drawn (reconstruction)"
summary = "A reconstruction."
reconstruction = true
from = 2020-01-01T00:00:00Z
until = 2020-01-02T00:00:00Z
step_minutes = 30
seed = 1
entities = [{ id = "operator:KZ.kcell", name = "Kcell" }]
[[sources]]
id = "somebody"
name = "Somebody"
licence = "facts cited"
[[series]]
source = "somebody"
signal = "traffic.volume"
label = "Traffic"
entity = "operator:KZ.kcell"
plane = "traffic"
unit = "index"
usual = 100
night_share = 0.5
peak_local_hour = 20
weekend_share = 1
noise_ratio = 0.01
citation = "Somebody"
waypoints = [{ at = 2020-01-01T12:00:00Z, level = 0, text = "told", source = "somebody" }]
`

const parse = (text: string) => parseCase(folder.write('case.toml', text))
const load = (text: string, csv: string): Promise<LoadedCase> => {
  folder.write('data.csv', csv)
  return loadCase(parse(text), AS_WRITTEN)
}

describe('a case', () => {
  it('holds the observations of its files between from and until, and says how many lay outside', async () => {
    const loaded = await load(CASE, CSV)
    expect(loaded.series.map(({ info, bins, values }) => [info.entity, bins.length, values])).toEqual([
      ['place:US-LA.calcasieu', 2, [2, Number.NaN]],
      ['place:US-TX.orange', 1, [3]],
    ])
    expect(loaded.report).toMatchObject({ rows: 6, observations: 3, outside: 3, skipped: [] })
    expect(loaded.origin).toBe('measured')
  })

  it('knows the places of its files by name, and how many children exist', async () => {
    const { gazetteer, hierarchy, entities } = await load(CASE, CSV)
    expect(gazetteer.name('place:US-LA.calcasieu' as EntityId, 'en')).toBe('Calcasieu')
    expect(hierarchy.parent('place:US-TX.orange' as EntityId)).toBe('region:US-TX')
    expect(hierarchy.knownChildren('region:US-LA' as EntityId)).toBe(64)
    expect(entities.every((each) => each.name !== '')).toBe(true)
  })

  it('is listed with the licences of its sources', () => {
    expect(replayEntry(parse(CASE), 'data.csv')).toEqual({
      id: 'made-up',
      title: 'Made up',
      summary: 'For a test.',
      origin: 'measured',
      unavailable: 'data.csv',
      sources: [{ name: 'Test', url: null, licence: 'CC0-1.0' }],
    })
  })

  it('may be a reconstruction, whose entities have their names', async () => {
    const loaded = await load(RECONSTRUCTION, '')
    expect(loaded.origin).toBe('reconstructed')
    expect(loaded.gazetteer.name('operator:KZ.kcell' as EntityId, 'en')).toBe('Kcell')
    expect(loaded.series[0]?.bins).toHaveLength(48)
    expect(loaded.waypoints.map((each) => toRfc3339(each.at))).toEqual(['2020-01-01T12:00:00Z'])
    expect(replayEntry(parse(RECONSTRUCTION), null)).toMatchObject({ origin: 'reconstructed', unavailable: null })
  })

  it.each([
    [
      'rows that are all bad',
      CSV.replaceAll('2020-', '2020/').replace('2019-', '2019/'),
      '6 of 6 rows were skipped: time is not in the format',
    ],
    ['rows that all lie outside', CSV.replaceAll('2020-', '2021-'), '6 rows were read, 6 observations lie outside'],
  ])('with %s is refused, and says why', async (_, csv, words) => {
    const loading = load(CASE, csv)
    await expect(loading).rejects.toThrow(CaseError)
    await expect(loading).rejects.toThrow(`made-up: no observation between its from and until (${words}`)
  })
})

describe('a signal', () => {
  it('has one spec for all series of a case', async () => {
    const second = CASE.slice(CASE.indexOf('[[files]]'), CASE.indexOf('[hierarchy]'))
      .replace('"Up"', '"Down"')
      .replace(/kind = "place"[\s\S]*?(?=\[\[files.series)/, 'id = "country:KZ"\n')
    const loading = load(
      CASE.replace('[hierarchy]', `${second}[hierarchy]`),
      CSV.replaceAll('2020-01-02', '2020-01-01'),
    )
    await expect(loading).rejects.toThrow(CaseError)
    await expect(loading).rejects.toThrow('test/ping.up is mapped twice with different label: "Up" and "Down"')
  })
})

describe('a case file that is not sound', () => {
  const change = (from: string, to: string): string => {
    expect(CASE).toContain(from)
    return CASE.replace(from, to)
  }

  it.each([
    ['no TOML', () => change('title = "Made up"', 'title = Made up'), ':2:9: not TOML: '],
    ['a table twice', () => `${CASE}[hierarchy]\n`, 'not TOML: '],
    ['an unknown key at the top', () => `colour = "red"\n${CASE}`, 'the file: Unrecognized key: "colour"'],
    [
      'an unknown key further in',
      () => change('quantum = 1', 'quantum = 1\ncolour = 2'),
      ':25:9: files.0.series.0: Unrecognized key: "colour"',
    ],
    ['a bad plane', () => change('"reachability"', '"reachabilty"'), ':30:1: files.0.series.0.plane: Invalid option'],
    ['no title', () => change('title = "Made up"\n', ''), 'title: Invalid input'],
    ['an id with spaces', () => change('"made-up"', '"made up"'), ':1:1: id: lower-case words joined by hyphens'],
    [
      'an instant without a zone',
      () => change('2020-01-01T00:00:00Z', '2020-01-01T00:00:00'),
      ':4:1: from: not an instant in RFC 3339 with a zone',
    ],
    [
      'an end before its beginning',
      () => change('2020-01-02T00:00:00Z', '2019-01-02T00:00:00Z'),
      ':5:1: until: until is not after from',
    ],
    ['an unknown reader', () => change('"table"', '"excel"'), ':14:1: files.0.reader: Invalid'],
    [
      'a kind of entity that we do not know',
      () => change('kind = "place"', 'kind = "town"'),
      ':21:1: files.0.entity.kind: Invalid option',
    ],
    [
      'a signal of one word',
      () => change('"ping.up"', '"ping"'),
      ':28:1: files.0.series.0.signal: two words or more joined by dots',
    ],
    [
      'a step of nothing',
      () => change('step_minutes = 60', 'step_minutes = 0'),
      ':32:1: files.0.series.0.step_minutes',
    ],
    [
      'children of a region that is none',
      () => change('US-LA = 64', 'US-L9 = 64'),
      'hierarchy.known_children.US-L9: neither an entity id nor the code of a region',
    ],
    [
      'a country that is none',
      () => `${CASE}[[expect]]\nentity = "country:QQ"\n`,
      ':40:1: expect.0.entity: country:QQ is nowhere in ISO 3166',
    ],
    [
      'an entity that is none',
      () => `${CASE}[[expect]]\nentity = "Iran"\n`,
      ':40:1: expect.0.entity: not an entity id: Iran; such as country:IR',
    ],
  ])('is told with line and column: %s', (_, text, words) => {
    const path = folder.write('bad.toml', text())
    expect(() => parseCase(path)).toThrow(CaseError)
    expect(() => parseCase(path)).toThrow(words)
    expect(() => parseCase(path)).toThrow(path)
  })

  it.each([
    ['a step in seconds', 'step_minutes = 30', 'step_minutes = 0.05', 'step_minutes: Invalid input'],
    [
      'more bins than memory',
      '2020-01-02T00:00:00Z',
      '9999-01-02T00:00:00Z',
      'step_minutes: more than 2000000 bins in all',
    ],
    [
      'an observer that is not listed',
      'source = "somebody"\nsignal',
      'source = "nobody"\nsignal',
      ':15:1: series.0.source: "nobody" is not under [[sources]]',
    ],
    ['an end before its beginning', '2020-01-02T00:00:00Z', '2020-01-01T00:00:00Z', 'until: until is not after from'],
  ])('is told of a reconstruction: %s', (_, from, to, words) => {
    expect(RECONSTRUCTION).toContain(from)
    const path = folder.write('bad.toml', RECONSTRUCTION.replace(from, to))
    expect(() => parseCase(path)).toThrow(CaseError)
    expect(() => parseCase(path)).toThrow(words)
  })

  it.each(['missing.toml', '.'])('is told where it is not there: %s', (name) => {
    expect(() => parseCase(`${folder.path}/${name}`)).toThrow(`${folder.path}/${name} cannot be read; give the path`)
  })

  it('is told where its data are not there', async () => {
    const loading = loadCase(parse(CASE.replace('data.csv', 'elsewhere/data.csv')), AS_WRITTEN)
    await expect(loading).rejects.toThrow(CaseError)
    await expect(loading).rejects.toThrow(`${folder.path}/elsewhere/data.csv cannot be read`)
  })
})

describe('whatever stands in the files', () => {
  /** Runs `work`; @returns nothing when it is well or a CaseError, else what else was thrown. */
  async function otherThanCaseError(work: () => unknown): Promise<unknown> {
    try {
      await work()
      return null
    } catch (error) {
      return error instanceof CaseError ? null : error
    }
  }

  /** A text with a few pieces replaced, doubled or taken out. */
  const mutated = (text: string): fc.Arbitrary<string> =>
    fc
      .array(
        fc.record({
          at: fc.nat(text.length),
          take: fc.nat(12),
          put: fc.oneof(
            fc.string({ maxLength: 6 }),
            fc.constantFrom('"', '\n', '[[', ']', ',', '=', '-', '9e99', '\u0000', '99999999999999', '{', '__proto__'),
          ),
        }),
        { minLength: 1, maxLength: 4 },
      )
      .map((edits) =>
        edits.reduce((all, { at, take, put }) => `${all.slice(0, at)}${put}${all.slice(at + take)}`, text),
      )

  it('a case file is read or refused with words', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated(CASE), mutated(RECONSTRUCTION), fc.string()), async (text) => {
        expect(await otherThanCaseError(() => load(text, CSV))).toBeNull()
      }),
      { seed: 1, numRuns: 400 },
    )
  }, 30_000)

  it('a table is read or refused with words', async () => {
    const binary = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
    const packed = fc.tuple(fc.nat(60), fc.uint8Array({ minLength: 1, maxLength: 8 })).map(([at, bytes]) => {
      const whole = gzipSync(CSV)
      whole.set(bytes, Math.min(at, whole.length - bytes.length))
      return whole
    })
    const parsed = parse(CASE)
    const withUnix = parse(CASE.replace('yyyy-MM-dd HH:mm"', 'unix"').replace('zone = "UTC"', 'zone = "Asia/Tehran"'))
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(mutated(CSV), binary, packed, mutated(CSV.replaceAll(/20\d\d-\d\d-\d\d \d\d:\d\d/g, '1577836800'))),
        fc.constantFrom(parsed, withUnix),
        async (content, which) => {
          folder.write('data.csv', content)
          expect(await otherThanCaseError(() => loadCase(which, AS_WRITTEN))).toBeNull()
        },
      ),
      { seed: 2, numRuns: 500 },
    )
  }, 30_000)

  it('a Parquet file is read or refused with words', async () => {
    const parsed = parse(CASE.replace('data.csv', 'data.parquet'))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(300), async (bytes, length) => {
        const framed = Buffer.concat([
          Buffer.from('PAR1'),
          bytes,
          Buffer.from(Uint32Array.of(length).buffer),
          Buffer.from('PAR1'),
        ])
        folder.write('data.parquet', framed)
        expect(await otherThanCaseError(() => loadCase(parsed, AS_WRITTEN))).toBeNull()
      }),
      { seed: 3, numRuns: 200 },
    )
  }, 30_000)

  it('an export of IODA is read or refused with words', async () => {
    const text = `Time (UTC),BGP (# Visible /24s),Mozilla (City Count)\n2020-01-01 00:00:00,500,4\n2020-01-01 00:30:00,501,\n2020-01-01 01:00:00,,5\n`
    const parsed = parse(
      CASE.replace(
        /\[\[files\]\][\s\S]*?\[hierarchy\]/,
        '[[files]]\nreader = "ioda-export"\npath = "data.csv"\nentity = "country:IR"\n[hierarchy]',
      ),
    )
    await fc.assert(
      fc.asyncProperty(mutated(text), async (content) => {
        folder.write('data.csv', content)
        expect(await otherThanCaseError(() => loadCase(parsed, AS_WRITTEN))).toBeNull()
      }),
      { seed: 4, numRuns: 300 },
    )
  }, 30_000)
})

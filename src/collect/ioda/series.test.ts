import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SignalId, UnixSeconds } from '../../model/brand.ts'
import { dataSourcesOf, DATA_SOURCES, type DataSource } from './data-sources.ts'
import { readSeries, type Asked, type Reading } from './series.ts'

const START = 1_700_001_000
const at = (seconds: number): UnixSeconds => (START + seconds) as UnixSeconds
const source = (signal: string): DataSource => dataSourcesOf([signal as SignalId])[0]!
const BGP = source('bgp.visible_slash24s')
const LOSS = source('ping.loss_share')
const LATENCY = source('ping.latency_ms')

const asked = (of: DataSource, over: Partial<Asked> = {}): Asked => ({
  source: of,
  codes: new Set(['KZ', 'BY']),
  span: { from: at(0), until: at(3600) },
  now: at(7200),
  ...over,
})

const series = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  entityType: 'country',
  entityCode: 'KZ',
  entityName: 'Kazakhstan',
  datasource: 'bgp',
  subtype: '',
  from: START,
  until: START + 900,
  step: 300,
  nativeStep: 300,
  values: [10, null, 12],
  ...over,
})

const body = (data: unknown, over: Record<string, unknown> = {}): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      type: 'signals',
      metadata: { requestTime: '2023-11-14T22:20:00+00:00', responseTime: '2023-11-14T22:20:01+00:00' },
      requestParameters: {},
      error: null,
      perf: null,
      data,
      copyright: 'somebody',
      ...over,
    }),
  )

const rows = (reading: Reading): unknown =>
  reading.kind === 'series'
    ? reading.series.map(({ code, bins, values }) => [code, [...bins].map((bin) => bin - START), [...values]])
    : reading

describe('an answer of IODA', () => {
  it('gives each entity its bins; null is asked and none given, never 0', () => {
    const reading = readSeries(body([[series()], [series({ entityCode: 'BY', values: [0, 1, 2] })]]), null, asked(BGP))
    expect(rows(reading)).toEqual([
      ['KZ', [0, 300, 600], [10, NaN, 12]],
      ['BY', [0, 300, 600], [0, 1, 2]],
    ])
    expect(reading).toMatchObject({ serverTime: 1_700_000_401, fromFuture: 0 })
  })

  it('is an answer when its list is empty', () => {
    for (const data of [[], [[]], [[], []]]) expect(rows(readSeries(body(data), null, asked(BGP)))).toEqual([])
  })

  it('passes over entities, data sources and products that nobody asked for, and what comes twice', () => {
    const data = [
      [series({ entityCode: 'IR' }), series({ datasource: 'merit-nt' }), series(), series({ values: [1, 2, 3] })],
    ]
    expect(rows(readSeries(body(data), null, asked(BGP)))).toEqual([['KZ', [0, 300, 600], [10, NaN, 12]]])
    const gtr = { datasource: 'gtr', step: 1800, nativeStep: 1800, from: START, until: START + 1800 }
    const products = [
      series({ ...gtr, subtype: 'GMAIL', values: [1] }),
      series({ ...gtr, subtype: 'WEB_SEARCH', values: [2] }),
    ]
    const reading = readSeries(body([products]), null, asked(source('google.search_traffic')))
    expect(reading.kind === 'series' && reading.series.map(({ values }) => [...values])).toEqual([[2]])
  })

  it('keeps to the span asked for, and to bins that have ended; values for later ones are counted', () => {
    const long = series({ from: START - 600, until: START + 3000, values: [1, 2, 3, 4, 5, 6, 7, null, 9, 10, 11, 12] })
    const reading = readSeries(body([[long]]), null, asked(BGP, { now: at(1000) }))
    expect(rows(reading)).toEqual([['KZ', [0, 300, 600], [3, 4, 5]]])
    expect(reading).toMatchObject({ fromFuture: 6 })
  })

  it('reads latency and loss out of their objects, loss as a share with its probes', () => {
    const ten = { step: 600, nativeStep: 600, until: START + 1800 }
    const values = [[{ team: 'a', agg_values: { loss_pct: 2.5, probe_count: 4000 } }], null, [{ agg_values: {} }]]
    const loss = readSeries(body([[series({ ...ten, datasource: LOSS.id, values })]]), null, asked(LOSS))
    expect(rows(loss)).toEqual([['KZ', [0, 600, 1200], [0.025, NaN, NaN]]])
    expect(loss.kind === 'series' && [...loss.series[0]!.weights]).toEqual([4000, NaN, NaN])
    const latencies = [[{ agg_values: { mean_latency: 90, median_latency: 81 } }], { mean_latency: 90 }, 70]
    const latency = readSeries(
      body([[series({ ...ten, datasource: LATENCY.id, values: latencies })]]),
      null,
      asked(LATENCY),
    )
    expect(rows(latency)).toEqual([['KZ', [0, 600, 1200], [81, 90, 70]]])
  })

  it('is down-sampled when its step is not the native one', () => {
    const reading = readSeries(body([[series({ step: 900, values: [1] })]]), null, asked(BGP))
    expect(reading).toEqual({ kind: 'down-sampled', step: 900 })
  })

  it.each<[string, unknown]>([
    ['a native step that has changed', [[series({ step: 600, nativeStep: 600 })]]],
    ['a field that is gone', [[series({ values: undefined })]]],
    ['a field of another type', [[series({ from: '2023-11-14T22:20:00Z' })]]],
    ['a value that is a word', [[series({ values: ['10'] })]]],
    ['a value below nothing', [[series({ values: [-1] })]]],
    ['an object where numbers were', [[series({ values: [{ agg_values: { up: 3 } }] })]]],
    ['bins off the grid', [[series({ from: START + 7 })]]],
    ['no list', { KZ: series() }],
    ['nothing', null],
  ])('is unreadable with %s', (_, data) => {
    expect(readSeries(body(data), null, asked(BGP)).kind).toBe('unreadable')
  })

  it('leaves out one entity of many with a value that cannot be, and is unreadable when there are more', () => {
    const codes = Array.from({ length: 20 }, (_, i) => `A${String.fromCharCode(65 + i)}`)
    const answer = (odd: number): Reading =>
      readSeries(
        body(codes.map((entityCode, i) => [series({ entityCode, values: i < odd ? [1, -1, 2] : [1, 2, 3] })])),
        null,
        asked(BGP, { codes: new Set(codes) }),
      )
    const one = answer(1)
    expect(one.kind === 'series' && one.series.map(({ code }) => code)).toEqual(codes.slice(1))
    expect(answer(2)).toEqual({ kind: 'unreadable', detail: 'values: -1 is none' })
  })

  it('is unreadable when it is no JSON, no envelope, or says that it failed', () => {
    const reading = (bytes: Uint8Array): Reading => readSeries(bytes, null, asked(BGP))
    expect(reading(Buffer.from('<html>'))).toEqual({ kind: 'unreadable', detail: 'no JSON' })
    expect(reading(Buffer.from([0xff, 0xfe]))).toEqual({ kind: 'unreadable', detail: 'no JSON' })
    expect(reading(Buffer.from('[]')).kind).toBe('unreadable')
    expect(reading(body(undefined)).kind).toBe('unreadable')
    expect(reading(body([], { error: 'backend is down' }))).toEqual({
      kind: 'unreadable',
      detail: 'error: backend is down',
    })
  })

  it('tells the time by its envelope, or else by the header', () => {
    const date = 'Tue, 14 Nov 2023 22:30:00 GMT'
    const timeOf = (over: Record<string, unknown>, header: string | null): unknown => {
      const reading = readSeries(body([], over), header, asked(BGP))
      return reading.kind === 'series' ? reading.serverTime : reading
    }
    expect(timeOf({}, date)).toBe(1_700_000_401)
    expect(timeOf({ metadata: undefined, requestTime: '2023-11-14T22:20:02Z' }, date)).toBe(1_700_000_402)
    expect(timeOf({ metadata: undefined }, date)).toBe(1_700_001_000)
    expect(timeOf({ metadata: undefined }, null)).toBeNull()
  })

  it('never throws and never gives a bin outside the span or in the future, whatever comes', () => {
    const value = fc.oneof(fc.nat(), fc.constant(null), fc.double(), fc.jsonValue())
    const some = fc.record({
      entityCode: fc.oneof(fc.constantFrom('KZ', 'BY'), fc.jsonValue()),
      datasource: fc.constantFrom(...DATA_SOURCES.map(({ id }) => id)),
      from: fc.oneof(
        fc.integer({ min: -20, max: 20 }).map((n) => 1_699_999_200 + n * 1800),
        fc.jsonValue(),
      ),
      until: fc.oneof(fc.integer({ min: START - 10_000, max: START + 10_000 }), fc.jsonValue()),
      step: fc.constantFrom(300, 600, 1800),
      nativeStep: fc.constantFrom(300, 600, 1800),
      values: fc.oneof(fc.array(value), fc.array(fc.nat()), fc.jsonValue()),
    })
    fc.assert(
      fc.property(
        fc.oneof(fc.array(fc.array(some, { maxLength: 3 })), fc.array(some), fc.jsonValue()),
        fc.constantFrom(...DATA_SOURCES),
        fc.integer({ min: 0, max: 9000 }),
        (data, of, now) => {
          const ask = asked(of, { now: at(now) })
          const reading = readSeries(body(data), null, ask)
          if (reading.kind !== 'series') return
          for (const { code, bins, values } of reading.series) {
            expect(ask.codes.has(code)).toBe(true)
            expect(values.length).toBe(bins.length)
            for (const [i, bin] of bins.entries()) {
              expect(bin >= ask.span.from && bin < ask.span.until).toBe(true)
              expect(bin + of.spec.step).toBeLessThanOrEqual(ask.now)
              expect(bin % of.spec.step).toBe(0)
              expect(i === 0 || bin > (bins[i - 1] ?? 0)).toBe(true)
              expect(Number.isNaN(values[i]) || (values[i]! >= 0 && values[i]! < Infinity)).toBe(true)
            }
          }
        },
      ),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat({ max: 400 }), fc.nat({ max: 255 }), (noise, place, byte) => {
        readSeries(noise, null, asked(BGP))
        const damaged = Uint8Array.from(body([[series()]]))
        damaged[place % damaged.length] = byte
        readSeries(damaged, null, asked(BGP))
      }),
    )
  })
})

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { EntityId, SourceId, UnixSeconds } from '../../model/brand.ts'
import { seriesName } from '../../model/series.ts'
import type { BinCounts } from './counts.ts'
import { answerOfManifest, createBinGatherer, observedItems, type RoutingManifest } from './observed.ts'
import { routingSignals, VISIBLE_SLASH24S, VISIBLE_SLASH48S } from './signals.ts'

const AT = 1_700_092_800

function counts(bin: number, entities: readonly string[], first: number, over: Partial<BinCounts> = {}): BinCounts {
  const column = (plus: number): Float64Array => Float64Array.from(entities, (_, i) => first + 10 * i + plus)
  return {
    bin: bin as UnixSeconds,
    voting4: 12,
    voting6: 11,
    notVoting: [],
    entities: entities as readonly EntityId[],
    slash24s: column(0),
    slash48s: column(1),
    prefixes4: column(2),
    prefixes6: column(3),
    updates4: column(4),
    updates6: column(5),
    withdrawals4: column(6),
    withdrawals6: column(7),
    ...over,
  }
}

const gatherer = (wanted: readonly number[] = []): ReturnType<typeof createBinGatherer> =>
  createBinGatherer({ source: 'ris' as SourceId, origin: 'measured', wantsAs: (asn) => wanted.includes(asn) })

describe('bins as series', () => {
  it('makes eight series of an entity, those by family as facets, weighted with the votes of that family', () => {
    const bins = gatherer()
    bins.add(counts(AT, ['country:KZ'], 100))
    const series = [...bins.take().values()].flat()
    expect(series.map((each) => [seriesName(each.series), [...each.values], [...each.weights]] as const)).toEqual([
      ['ris/bgp.visible_slash24s/country:KZ', [100], [12]],
      ['ris/bgp.visible_slash48s/country:KZ', [101], [11]],
      ['ris/bgp.announced_prefixes/country:KZ/ipv4', [102], [12]],
      ['ris/bgp.announced_prefixes/country:KZ/ipv6', [103], [11]],
      ['ris/bgp.updates/country:KZ/ipv4', [104], [12]],
      ['ris/bgp.updates/country:KZ/ipv6', [105], [11]],
      ['ris/bgp.withdrawals/country:KZ/ipv4', [106], [12]],
      ['ris/bgp.withdrawals/country:KZ/ipv6', [107], [11]],
    ])
  })

  it('gives countries, operators and access groups always, and an AS only where it is wanted', () => {
    const bins = gatherer([9198])
    bins.add(counts(AT, ['country:KZ', 'as:9198', 'operator:KZ.kcell', 'as:29355', 'access:KZ.mobile'], 0))
    const entities = bins
      .take()
      .get(VISIBLE_SLASH24S)
      ?.map(({ series }) => series.entity)
    expect(entities).toEqual(['country:KZ', 'as:9198', 'operator:KZ.kcell', 'access:KZ.mobile'])
  })

  it('gives an entity that appears later no value for the bins before', () => {
    const bins = gatherer()
    bins.add(counts(AT, ['country:KZ'], 1))
    bins.add(counts(AT + 300, ['country:KZ', 'country:BY'], 2))
    const [kz, by] = bins.take().get(VISIBLE_SLASH24S) ?? []
    expect([[...(kz?.bins ?? [])], [...(kz?.values ?? [])]]).toEqual([
      [AT, AT + 300],
      [1, 2],
    ])
    expect([[...(by?.bins ?? [])], [...(by?.values ?? [])], [...(by?.weights ?? [])]]).toEqual([[AT + 300], [12], [12]])
  })

  it('hands on what the table could not count as asked and not given, never as 0', () => {
    const bins = gatherer()
    bins.add(counts(AT, ['country:KZ'], 5, { voting6: 1, slash48s: Float64Array.of(NaN) }))
    const [six] = bins.take().get(VISIBLE_SLASH48S) ?? []
    expect([six?.values[0], six?.weights[0]]).toEqual([NaN, 1])
  })

  it('copies what it is given, and begins anew after each taking', () => {
    const bins = gatherer()
    const first = counts(AT, ['country:KZ'], 7)
    bins.add(first)
    first.slash24s.fill(0)
    expect(bins.take().get(VISIBLE_SLASH24S)?.[0]?.values[0]).toBe(7)
    expect([bins.size, [...bins.take().values()].flat()]).toEqual([0, []])
  })

  it('makes one item a signal, each with its own stream and all with one answer that hashes to its name', () => {
    const manifest: RoutingManifest = {
      format: 'tocsin-routing-manifest-1',
      source: 'ris' as SourceId,
      upstream: 'https://data.ris.ripe.net',
      files: [],
      networks: [],
      rules: { leastPeers: 10, fullFeedShare: 0.75 },
      bins: [],
      notes: [],
    }
    const answer = answerOfManifest(manifest, 'https://data.ris.ripe.net/rrc00', AT as UnixSeconds)
    const bins = gatherer()
    bins.add(counts(AT, ['country:KZ'], 1))
    const signals = routingSignals('ris').map(({ signal }) => signal)
    const span = { from: AT as UnixSeconds, until: (AT + 300) as UnixSeconds }
    const items = observedItems({ signals, gathered: bins.take(), purpose: 'live', answer, stream: 's', span })
    expect(items.map(({ covered }) => covered.stream)).toEqual(signals.map((signal) => `s/${signal}`))
    expect(items.map(({ series }) => series.length)).toEqual([1, 1, 2, 2, 2])
    expect(createHash('sha256').update(answer.body).digest('hex')).toBe(answer.sha256)
    expect(JSON.parse(new TextDecoder().decode(answer.body))).toEqual(manifest)
  })
})

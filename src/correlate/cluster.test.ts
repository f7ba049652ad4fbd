import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Span } from '../model/judgement.ts'
import type { Cluster, Found } from './cluster.ts'
import { cluster, episodesOf } from './cluster.ts'
import type { StandingWish } from './samples.testing.ts'
import { hours, span, standing } from './samples.testing.ts'

function found(each: Span, signal = 'a', wish: StandingWish = {}): Found {
  return { standing: standing(signal, [each], wish), span: each }
}

const onsets = (clusters: readonly Cluster[]): number[][] =>
  clusters.map((each) => each.map((one) => (one.span.onset.at - hours(0)) / 3600))

describe('cluster', () => {
  it('joins what begins within a day of the last end, whatever the hour', () => {
    expect(onsets(cluster([found(span(0, 5)), found(span(29, 30))]))).toEqual([[0, 29]])
    expect(onsets(cluster([found(span(0, 5)), found(span(29.5, 30))]))).toEqual([[0], [29.5]])
  })

  it('joins exam mornings over a weekend, and no other hour of the Monday', () => {
    const friday = found(span(4 * 24 + 3, 4 * 24 + 5))
    expect(onsets(cluster([friday, found(span(7 * 24 + 4, 7 * 24 + 6))]))).toHaveLength(1)
    expect(onsets(cluster([friday, found(span(7 * 24 + 9, 7 * 24 + 11))]))).toHaveLength(2)
    expect(onsets(cluster([friday, found(span(9 * 24 + 3, 9 * 24 + 5))]))).toHaveLength(2)
  })

  it('knows the same clock on both sides of midnight', () => {
    expect(onsets(cluster([found(span(23.5, 24.5)), found(span(72.5, 74))]))).toHaveLength(1)
    expect(onsets(cluster([found(span(24.5, 25.5)), found(span(71.5, 74))]))).toHaveLength(1)
  })

  it('takes all that begins while a span lasts for the same event', () => {
    expect(onsets(cluster([found(span(0, null)), found(span(900, 901), 'b')]))).toEqual([[0, 900]])
  })

  it('measures from the last end of all, not from that of the newest', () => {
    expect(onsets(cluster([found(span(0, 100)), found(span(1, 2), 'b'), found(span(120, 121))]))).toEqual([[0, 1, 120]])
  })

  it('lets a signal that may not open anything join where it overlaps, and leaves it out elsewhere', () => {
    const quiet = { opens: false, plane: 'circumvention' as const }
    expect(onsets(cluster([found(span(0, 500), 'tor', quiet)]))).toEqual([])
    expect(onsets(cluster([found(span(10, 20)), found(span(0, 11), 'tor', quiet)]))).toEqual([[0, 10]])
    expect(onsets(cluster([found(span(10, 20)), found(span(21, 30), 'tor', quiet)]))).toEqual([[10]])
    // It bridges no two events either.
    const bridge = [found(span(0, 5)), found(span(200, 205)), found(span(2, 203), 'tor', quiet)]
    expect(onsets(cluster(bridge))).toEqual([[0, 2], [200]])
  })

  it('does not depend on the order of what it is told, not even in the order of what it answers', () => {
    const one = fc
      .record({
        from: fc.integer({ min: 0, max: 60 }),
        lasts: fc.option(fc.integer({ min: 1, max: 20 }), { freq: 9 }),
        signal: fc.constantFrom('a', 'b', 'c'),
        source: fc.constantFrom('s', 't'),
        facet: fc.constantFrom(null, 'telegram'),
        opens: fc.boolean(),
      })
      .map(({ from, lasts, signal, source, facet, opens }) =>
        found(span(from * 4, lasts === null ? null : from * 4 + lasts), signal, { source, facet, opens }),
      )
    const list = fc.uniqueArray(one, {
      maxLength: 12,
      // A series has one span at a time.
      selector: (each) =>
        [each.standing.spec.signal, each.standing.spec.source, each.standing.facet, each.span.onset.at].join(),
    })
    fc.assert(
      fc.property(
        list.chain((founds) =>
          fc.tuple(fc.constant(founds), fc.shuffledSubarray(founds, { minLength: founds.length })),
        ),
        ([founds, shuffled]) => {
          expect(cluster(shuffled)).toEqual(cluster(founds))
        },
      ),
    )
  })
})

describe('episodesOf', () => {
  it('merges stretches that touch and keeps apart those that do not', () => {
    const founds = [found(span(0, 5)), found(span(5, 9), 'b'), found(span(10, 12)), found(span(11, null), 'b')]
    expect(episodesOf(founds)).toEqual([
      { since: hours(0), until: hours(9), isLost: false, isMoved: false },
      { since: hours(10), until: null, isLost: false, isMoved: false },
    ])
  })

  it('counts no signal that may not open anything', () => {
    expect(episodesOf([found(span(0, 5)), found(span(4, 50), 'tor', { opens: false })])).toHaveLength(1)
    expect(episodesOf([found(span(0, 5)), found(span(4, 50), 'tor', { opens: false })])[0]?.until).toBe(hours(5))
  })

  it('is lost when the last one down was lost from sight, and over when another returned after that', () => {
    const lost = (at: number): Span => ({ ...span(0, 300, { close: 'lost-sight' }), lastSeen: hours(at) })
    expect(episodesOf([found(lost(20)), found(span(1, 10), 'b')])).toEqual([
      { since: hours(0), until: hours(20), isLost: true, isMoved: false },
    ])
    expect(episodesOf([found(lost(20)), found(span(1, 30), 'b')])).toEqual([
      { since: hours(0), until: hours(30), isLost: false, isMoved: false },
    ])
  })
})

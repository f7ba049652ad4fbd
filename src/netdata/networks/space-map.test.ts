import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildSpaceMap, firstEndingFrom, rowAt, sharedLength, type SpaceInput } from './space-map.ts'

interface Stretch {
  readonly from: bigint
  readonly to: bigint
  readonly rank: number
}

const TOP = (1n << 64n) - 1n
const high = (position: bigint): number => Number(position >> 32n)
const low = (position: bigint): number => Number(position & 0xffff_ffffn)

function inputOf(stretches: readonly Stretch[]): SpaceInput {
  const column = (pick: (each: Stretch) => number): Uint32Array => Uint32Array.from(stretches.map(pick))
  return {
    count: stretches.length,
    start0: column(({ from }) => high(from)),
    start1: column(({ from }) => low(from)),
    last0: column(({ to }) => high(to)),
    last1: column(({ to }) => low(to)),
    rank: column(({ rank }) => rank),
  }
}

function bruteForce(stretches: readonly Stretch[], position: bigint): number {
  let best = -1
  for (const [row, { from, to, rank }] of stretches.entries()) {
    if (from <= position && position <= to && (best === -1 || rank > stretches[best]!.rank)) best = row
  }
  return best
}

const aPosition = fc.oneof(
  fc.bigInt({ min: 0n, max: 12n }),
  fc.bigInt({ min: 0n, max: 12n }).map((each) => (each << 32n) - (each > 0n ? 1n : 0n)),
  fc.bigInt({ min: 0n, max: 12n }).map((each) => TOP - each),
)
const stretches = fc.array(
  fc.record({ a: aPosition, b: aPosition, rank: fc.integer({ min: 0, max: 3 }) }).map(({ a, b, rank }) => ({
    from: a < b ? a : b,
    to: a < b ? b : a,
    rank,
  })),
  { maxLength: 12 },
)

describe('a map of stretches', () => {
  it('gives each position to the highest of those that claim it, in pieces that do not overlap', () => {
    fc.assert(
      fc.property(stretches, fc.array(aPosition, { maxLength: 8 }), (given, asked) => {
        const map = buildSpaceMap(inputOf(given))
        const edges = given.flatMap(({ from, to }) => [from, to, from - 1n, to + 1n])
        for (const position of [...asked, ...edges]) {
          if (position < 0n || position > TOP) continue
          expect(rowAt(map, high(position), low(position))).toBe(bruteForce(given, position))
        }
        const at = (words: [Uint32Array, Uint32Array], i: number): bigint =>
          (BigInt(words[0][i]!) << 32n) | BigInt(words[1][i]!)
        for (let i = 0; i < map.count; i += 1) {
          const from = at([map.start0, map.start1], i)
          expect(from <= at([map.last0, map.last1], i)).toBe(true)
          if (i > 0) expect(at([map.last0, map.last1], i - 1) < from).toBe(true)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('measures what a piece and a span share', () => {
    const map = buildSpaceMap(inputOf([{ from: 5n, to: 3n << 32n, rank: 0 }]))
    expect(firstEndingFrom(map, 0, 0)).toBe(0)
    expect(sharedLength(map, 0, 0, 0, 0, 9)).toBe(5)
    expect(sharedLength(map, 0, 2, 0, 9, 0)).toBe(2 ** 32 + 1)
    expect(firstEndingFrom(map, 3, 1)).toBe(1)
  })

  it('counts the pieces that two claim', () => {
    expect(
      buildSpaceMap(
        inputOf([
          { from: 0n, to: 9n, rank: 0 },
          { from: 4n, to: 5n, rank: 1 },
        ]),
      ).contested,
    ).toBe(1)
    expect(
      buildSpaceMap(
        inputOf([
          { from: 0n, to: 3n, rank: 0 },
          { from: 4n, to: 5n, rank: 1 },
        ]),
      ).contested,
    ).toBe(0)
  })
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { UnixSeconds } from '../../model/brand.ts'
import { bandStretches } from './band.ts'

type Edge = readonly [low: number, high: number] | null

/** Bins of a second each, from 0 on. */
function columns(edges: readonly Edge[]): Parameters<typeof bandStretches>[0] {
  return {
    at: edges.map((_, index) => index as UnixSeconds),
    low: edges.map((edge) => edge?.[0] ?? null),
    high: edges.map((edge) => edge?.[1] ?? null),
  }
}

it('each bin keeps its place and its edges where pixels are enough', () => {
  const found = bandStretches(columns([[0.9, 1.1], [0.8, 1.2], null, [0.7, 1.3]]), 0, 4, 40)
  expect(found).toEqual([
    { at: [0, 10], low: [0.9, 0.8], high: [1.1, 1.2] },
    { at: [30], low: [0.7], high: [1.3] },
  ])
})

it('one bin beyond each edge is there, so that the band goes on to the edges', () => {
  const edges = Array.from({ length: 10 }, (): Edge => [0.9, 1.1])
  expect(bandStretches(columns(edges), 3.5, 5.5, 20).map(({ at }) => at)).toEqual([[-5, 5, 15, 25]])
})

it('however few pixels there are, nothing usual lies outside of the band, and no gap within it', () => {
  const edge = fc.option(
    fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 1, max: 2, noNaN: true })),
    { freq: 8 },
  )
  fc.assert(
    fc.property(fc.array(edge, { minLength: 1, maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (edges, pixels) => {
      const found = bandStretches(columns(edges), 0, edges.length, pixels)
      const runs = edges.filter((each, index) => each !== null && (edges[index - 1] ?? null) === null).length
      expect(found).toHaveLength(runs)
      for (const { at } of found) expect(at).toEqual([...new Set(at)].sort((a, b) => a - b))
      edges.forEach((each, index) => {
        if (each === null) return
        const x = Math.round((index * pixels) / edges.length)
        const holds = found.some((stretch) => {
          const place = stretch.at.indexOf(x)
          return place >= 0 && (stretch.low[place] ?? 9) <= each[0] && (stretch.high[place] ?? 0) >= each[1]
        })
        expect(holds).toBe(true)
      })
    }),
  )
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RouteEvent } from '../model/routing.ts'
import { lossOf, type Before } from './losses.ts'
import { clockOf, DARK_AT, route } from './routes.testing.ts'
import { prefixesOf } from './spells.ts'

const NOT_COUNTED: Before = { blocks: null, prefixes: null }

function loss(events: readonly RouteEvent[], before = NOT_COUNTED) {
  return lossOf(
    'ipv4',
    prefixesOf(events, () => null),
    before,
  )
}

describe('what a network lost', () => {
  const nine = Array.from({ length: 9 }, (_, i) => route('lost', `10.0.${i}.0/24`, 1, 67 + i * 20))

  it('is nothing for no prefix', () => {
    expect(lossOf('ipv4', [], NOT_COUNTED)).toBeNull()
  })

  it('names first, most and back, in seconds, with the bin of the first', () => {
    const back = Array.from({ length: 9 }, (_, i) => route('returned', `10.0.${i}.0/24`, 1, 3600 + i))
    const found = loss([...nine, ...back], { blocks: 10, prefixes: 12 })
    expect(found).toMatchObject({
      prefixesLost: 9,
      prefixesBefore: 12,
      blocksLost: 9,
      blocksBefore: 10,
      mostOf: 'visible',
    })
    expect(clockOf(found?.firstLost ?? null)).toBe('10:31:07')
    expect(clockOf(found?.firstLostBin ?? null)).toBe('10:30:00')
    expect(clockOf(found?.mostLost ?? null)).toBe('10:33:47')
    expect(clockOf(found?.firstBack ?? null)).toBe('11:30:00')
    expect(clockOf(found?.mostBack ?? null)).toBe('11:30:08')
  })

  it('never was most where nine of twenty went; without a count, most is of what went', () => {
    expect(loss(nine, { blocks: 20, prefixes: 20 })).toMatchObject({
      mostLost: null,
      mostOf: 'visible',
      mostBack: null,
    })
    expect(loss(nine)).toMatchObject({ mostLost: DARK_AT + 67 + 160, mostOf: 'lost', blocksBefore: null })
  })

  it('counts a block once that two prefixes cover, and only when both are gone', () => {
    const both = [route('lost', '10.0.0.0/16', 1, 0), route('lost', '10.0.1.0/24', 1, 60)]
    expect(loss(both.slice(0, 1))).toMatchObject({ blocksLost: 256 })
    expect(loss(both)).toMatchObject({ blocksLost: 256, mostLost: DARK_AT })
    // The /24 stands again: its block is not gone.
    const small = both[1]
    const standing = [small!, route('returned', '10.0.1.0/24', 1, 90), route('lost', '10.0.0.0/16', 1, 120)]
    expect(loss(standing)).toMatchObject({ blocksLost: 255 })
  })

  it('has prefixes without blocks, and says when they went and when all were back', () => {
    const small = [route('lost', '10.0.0.0/25', 1, 0), route('returned', '10.0.0.0/25', 1, 60)]
    expect(loss(small)).toMatchObject({ blocksLost: 0, firstLost: DARK_AT, mostLost: null, mostBack: DARK_AT + 60 })
  })

  it('does not name a second for what was gone before anybody looked', () => {
    expect(loss([route('returned', '10.0.0.0/24', 1, 60)])).toMatchObject({
      firstLost: null,
      firstLostBin: null,
      mostLost: null,
      firstBack: DARK_AT + 60,
      mostBack: DARK_AT + 60,
    })
  })

  it('equals a count block by block, second by second', () => {
    const prefix = fc.tuple(fc.integer({ min: 0, max: 7 }), fc.constantFrom(24, 23, 22, 21)).map(([at, length]) => {
      const size = 2 ** (24 - length)
      return { text: `10.0.${Math.floor(at / size) * size}.0/${length}`, first: Math.floor(at / size) * size, size }
    })
    const step = fc.record({ prefix, kind: fc.constantFrom('lost' as const, 'returned' as const) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 8 }), (steps, blocks) => {
        const events = steps.map(({ prefix: { text }, kind }, second) => route(kind, text, 1, second))
        const found = loss(events, { blocks, prefixes: null })
        // What nobody ever saw go: a prefix whose first news is its return was gone from the start.
        const known = new Map<string, { first: number; size: number; isGone: boolean }>()
        for (const {
          prefix: { text, first, size },
          kind,
        } of steps) {
          if (!known.has(text)) known.set(text, { first, size, isGone: kind === 'returned' })
        }
        const gone = (): number =>
          Array.from({ length: 8 }, (_, block) => {
            const over = [...known.values()].filter(({ first, size }) => block >= first && block < first + size)
            return over.length > 0 && over.every(({ isGone }) => isGone) ? 1 : 0
          }).reduce<number>((sum, each) => sum + each, 0)
        let [most, mostLost] = [gone(), null as number | null]
        const atFirst = most >= 0.9 * blocks
        for (const [
          second,
          {
            prefix: { text },
            kind,
          },
        ] of steps.entries()) {
          known.get(text)!.isGone = kind === 'lost'
          most = Math.max(most, gone())
          if (mostLost === null && gone() >= 0.9 * blocks) mostLost = DARK_AT + second
        }
        expect(found?.blocksLost).toBe(most)
        expect(found?.mostLost).toBe(atFirst ? null : mostLost)
      }),
      { numRuns: 400 },
    )
  })
})

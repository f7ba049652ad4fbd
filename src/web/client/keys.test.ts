import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyReader, type Command } from './keys.ts'

function typed(
  keys: string,
  change: { readonly withModifier?: boolean; readonly inField?: boolean; readonly ms?: number },
): readonly (Command | null)[] {
  const read = keyReader()
  return keys
    .split('')
    .map((key, index) => read({ key, withModifier: false, inField: false, ...change, at: index * (change.ms ?? 100) }))
}

describe('keyReader', () => {
  it.each([
    ['/', ['search']],
    ['t', ['clock']],
    ['?', ['help']],
    ['gw', [null, 'world']],
    ['gi', [null, 'incidents']],
    ['gs', [null, 'sources']],
    ['jk', ['next', 'previous']],
    ['gt', [null, 'clock']],
    ['ggw', [null, null, 'world']],
    ['w', [null]],
    ['gwi', [null, 'world', null]],
  ])('reads %s', (keys, commands) => {
    expect(typed(keys, {})).toEqual(commands)
  })

  it('forgets the first key of a pair after a while', () => {
    expect(typed('gw', { ms: 2000 })).toEqual([null, null])
  })

  it('leaves to the browser what is typed with a modifier, and to a field what is typed in it', () => {
    fc.assert(
      fc.property(fc.constantFrom('withModifier', 'inField'), fc.string(), (which, keys) =>
        typed(keys, { [which]: true }).every((command) => command === null),
      ),
    )
  })
})

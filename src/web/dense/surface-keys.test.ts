import { expect, it } from 'vitest'
import { surfaceKeys } from './surface-keys.ts'

it('works a chart by keys and leaves the others to the page', () => {
  const done: string[] = []
  const read = surfaceKeys({
    step: (bins) => done.push(`step ${bins}`),
    first: () => done.push('first'),
    last: () => done.push('last'),
    zoom: (factor) => done.push(`zoom ${factor}`),
    whole: () => done.push('whole'),
  })
  for (const key of ['ArrowLeft', 'ArrowRight', 'Home', 'End', '+', '-', '0']) expect(read(key, false)).toBe(true)
  for (const key of ['ArrowLeft', 'ArrowRight']) read(key, true)
  expect(done).toEqual(['step -1', 'step 1', 'first', 'last', 'zoom 0.5', 'zoom 2', 'whole', 'step -10', 'step 10'])
  for (const key of ['Tab', 'Escape', 'a', 'ArrowUp']) expect(read(key, false)).toBe(false)
})

import { expect, it } from 'vitest'
import { isCalm } from './calm.ts'

it('lets a page change only under a reader at its top who holds on to nothing', () => {
  const calm = { scrolledPx: 0, hasSelection: false, usesControl: false }
  expect(isCalm(calm)).toBe(true)
  expect(isCalm({ ...calm, scrolledPx: 40 })).toBe(false)
  expect(isCalm({ ...calm, hasSelection: true })).toBe(false)
  expect(isCalm({ ...calm, usesControl: true })).toBe(false)
})

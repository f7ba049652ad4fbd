import { describe, expect, it } from 'vitest'
import { SHARE_COLOURS, SHARE_STEPS, shareStep } from './share-scale.ts'

/** Relative luminance of WCAG 2, 0–1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

describe('the scale of shares', () => {
  it.each([
    [1.4, 0],
    [0.9, 0],
    [0.899, 1],
    [0.7, 1],
    [0.5, 2],
    [0.25, 3],
    [0.1, 4],
    [0.0999, 5],
    [0, 5],
  ])('puts %f into step %i', (share, step) => {
    expect(shareStep(share)).toBe(step)
  })

  it('is told by lightness alone: darker step by step on light paper, brighter on dark', () => {
    const light = SHARE_STEPS.map((step) => luminance(SHARE_COLOURS.light[step]))
    const dark = SHARE_STEPS.map((step) => luminance(SHARE_COLOURS.dark[step]))
    expect(light).toEqual([...light].sort((a, b) => b - a))
    expect(dark).toEqual([...dark].sort((a, b) => a - b))
    for (const lights of [light, dark]) expect(new Set(lights.map((one) => one.toFixed(3))).size).toBe(6)
  })
})

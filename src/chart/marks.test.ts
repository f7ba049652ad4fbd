import { describe, expect, it } from 'vitest'
import { KIND_SHAPES } from './marks.ts'

describe('marks', () => {
  it('have a shape of their own for each kind, so that none is told by colour alone', () => {
    const paths = Object.values(KIND_SHAPES).map((shape) => shape.path)
    expect(new Set(paths).size).toBe(paths.length)
  })
})

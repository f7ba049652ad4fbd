import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import { sparkline } from './sparkline.ts'

const bins = [0, 10, 20, 30] as readonly number[] as readonly UnixSeconds[]
const range = { from: 0 as UnixSeconds, until: 40 as UnixSeconds }

describe('sparkline', () => {
  it('breaks at a gap, is named, and keeps to its box', () => {
    const svg = sparkline({ range, bins, shares: [1, null, 0, 99], title: 'a < b', dashed: false })
    expect(svg).toContain('aria-label="a &lt; b"')
    const path = /class="line" d="([^"]*)"/.exec(svg)?.[1] ?? ''
    expect(path.match(/M/g)).toHaveLength(2)
    expect(path).toContain(',1')
    expect(path).not.toMatch(/-\d|NaN/)
  })

  it('is dashed where it is not measured', () => {
    expect(sparkline({ range, bins, shares: [1, 1, 1, 1], title: 't', dashed: true })).toContain('stroke-dasharray')
  })
})

import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import { spreadChart, type SpreadChart } from './spread.ts'

const DAY = 86_400

function chart(change: Partial<SpreadChart>): SpreadChart {
  return {
    id: 's1',
    title: 'Spread',
    description: 'Rows',
    range: { from: 0 as UnixSeconds, until: (10 * DAY) as UnixSeconds },
    rows: [
      {
        label: 'Active <probing>',
        times: 'a – b',
        spans: [
          { onset: DAY as UnixSeconds, end: (3 * DAY) as UnixSeconds, title: 'first "span"' },
          { onset: (5 * DAY) as UnixSeconds, end: null, title: 'second' },
        ],
      },
      { label: 'Routing', times: '', spans: [] },
    ],
    day: (at) => `day ${at / DAY}`,
    time: (at) => `time ${at}`,
    watermark: null,
    ...change,
  }
}

describe('spreadChart', () => {
  it('draws a bar for each span and an arrow where it has not ended', () => {
    const svg = spreadChart(chart({}), 340)
    expect(svg.match(/class="off-span"/g)).toHaveLength(2)
    expect(svg).toMatch(/L336 26L/)
    expect(svg).toContain('viewBox="0 0 340 104"')
  })

  it('escapes labels and titles, and has no style of its own', () => {
    const svg = spreadChart(chart({}), 720)
    expect(svg).toContain('Active &lt;probing&gt;')
    expect(svg).toContain('first &quot;span&quot;')
    expect(svg).not.toMatch(/style=|<style|NaN/)
  })

  it('has fewer ticks where there is less room', () => {
    const ticks = (width: number): number => spreadChart(chart({}), width).match(/day \d/g)?.length ?? 0
    expect(ticks(340)).toBeLessThan(ticks(720))
    expect(ticks(340)).toBeGreaterThan(1)
  })

  it('cuts a label that would run into the times', () => {
    const rows = [{ label: 'Bandar-e-Mahshahr/Hendijan and more', times: 'a – b', spans: [] }]
    expect(spreadChart(chart({ rows }), 340)).toContain('>Bandar-e-Mahshahr/Hen…<')
    expect(spreadChart(chart({ rows }), 720)).toContain('>Bandar-e-Mahshahr/Hendijan and more<')
  })

  it('sets many rows closer', () => {
    const rows = Array.from({ length: 20 }, (_, index) => ({ label: `r${index}`, times: '', spans: [] }))
    expect(spreadChart(chart({ rows }), 340)).toContain('viewBox="0 0 340 584"')
  })

  it('marks what is not measured', () => {
    const svg = spreadChart(chart({ watermark: 'Reconstruction' }), 720)
    expect(svg).toContain('stroke-dasharray')
    expect(svg).toContain('>Reconstruction<')
  })

  it('keeps a bar shorter than a pixel visible', () => {
    const spans = [{ onset: DAY as UnixSeconds, end: (DAY + 60) as UnixSeconds, title: 'short' }]
    expect(spreadChart(chart({ rows: [{ label: 'x', times: '', spans }] }), 340)).toMatch(/M37.2 21H39.2V31/)
  })
})

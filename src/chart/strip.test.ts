import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StripCell } from '../model/page.ts'
import { dayStrip } from './strip.ts'

const quiet: StripCell = { status: 'quiet', share: null, incident: null }
const unknown: StripCell = { status: 'no-data', share: null, incident: null }
const bad = (share: number | null, incident: number | null): StripCell => ({ status: 'incident', share, incident })

function draw(cells: readonly StripCell[]): string {
  return dayStrip({
    id: 'strip-x',
    summary: 'All days',
    cells,
    title: (index) => `day ${index}`,
    stretch: (from, to) => `days ${from} to ${to}`,
    hrefs: ['/en/incident/A', '/en/incident/B'],
  })
}

describe('a strip of days', () => {
  it('leads from each stretch of an incident to it, with one link', () => {
    const svg = draw([quiet, bad(0.02, 0), bad(0.4, 0), bad(0.4, 1), quiet, bad(0.4, 1)])
    expect([...svg.matchAll(/<a href="([^"]+)" aria-label="([^"]+)">/g)].map(([, href, name]) => [href, name])).toEqual(
      [
        ['/en/incident/A', 'days 1 to 2'],
        ['/en/incident/B', 'days 3 to 3'],
        ['/en/incident/B', 'days 5 to 5'],
      ],
    )
    expect(svg.match(/class="day step-5"/g)).toHaveLength(1)
    expect(svg.match(/class="day step-3"/g)).toHaveLength(3)
  })

  it('hatches days without data and never draws them as quiet', () => {
    const svg = draw([quiet, unknown, quiet])
    expect(svg).toContain('fill="url(#strip-x-hatch)"')
    expect(/class="day quiet" d="([^"]+)"/.exec(svg)?.[1]).toBe('M0 10H7M16 10H23')
  })

  it('draws an incident of unknown depth as one, and one at usual not as quiet', () => {
    expect(draw([bad(null, 0)])).toContain('step-3')
    expect(draw([bad(0.97, 0)])).toContain('step-1')
  })

  it('draws every day exactly once, whatever they are', () => {
    const cell = fc.oneof(
      fc.constant(quiet),
      fc.constant(unknown),
      fc
        .record({ share: fc.option(fc.double({ min: 0, max: 2, noNaN: true })), incident: fc.constantFrom(0, 1, null) })
        .map(({ share, incident }) => bad(share, incident)),
    )
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 120 }), (cells) => {
        const svg = draw(cells)
        const drawn = [...svg.matchAll(/M(\d+) 0h/g)].map(([, x]) => Number(x) / 8)
        const runs = [...(/class="day quiet" d="([^"]+)"/.exec(svg)?.[1] ?? '').matchAll(/M(\d+) 10H(\d+)/g)]
        const lined = runs.flatMap(([, from, to]) =>
          Array.from({ length: (Number(to) + 1 - Number(from)) / 8 }, (_, index) => Number(from) / 8 + index),
        )
        expect([...drawn, ...lined].sort((a, b) => a - b)).toEqual(cells.map((_, index) => index))
      }),
    )
  })
})

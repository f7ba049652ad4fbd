import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import { gapSwatch, lineChart, type LineChart, type LineTexts } from './line.ts'

const HOSTILE = `"><script>alert(1)</script><a href='x' onload=x>&\u0000`

const texts = (word: string): LineTexts => ({
  usual: `usual${word}`,
  axis: `axis${word}`,
  last: `last${word}`,
  above: (share) => `up to ${share}${word}`,
  share: (share) => `${Math.round(share * 100)} %`,
  raw: (value) => `raw ${value}`,
  instant: (at) => `instant ${at}${word}`,
  day: (at) => `day ${at}`,
  time: (at) => `time ${at}`,
  gap: (gap) => `gap ${gap.reading}${word}`,
  gaps: (count, _from, _until, reading) => `${count} gaps ${reading}${word}`,
  watermark: null,
})

const HOUR = 3600

function chart(shares: readonly (number | null)[], change: Partial<LineChart>): LineChart {
  const bins = shares.map((_, index) => (index * HOUR) as UnixSeconds)
  return {
    id: 'c1',
    title: 'Title',
    description: 'Description',
    range: { from: 0 as UnixSeconds, until: (shares.length * HOUR) as UnixSeconds },
    columns: {
      bins,
      values: shares.map((share) => (share === null ? null : share * 500)),
      expected: shares.map(() => 500),
      spread: shares.map(() => 25),
      shares,
      readings: shares.map((share) => (share === null ? 'gap' : 'quiet')),
    },
    gaps: [],
    spans: [],
    measure: 'share',
    texts: texts(''),
    ...change,
  }
}

const SIZE = { width: 720, height: 240 }
const draw = (shares: readonly (number | null)[], change: Partial<LineChart>): string =>
  lineChart(chart(shares, change), SIZE)
const pathOf = (svg: string, kind: string): string =>
  new RegExp(`<path class="${kind}" d="([^"]*)"`).exec(svg)?.[1] ?? ''

describe('lineChart', () => {
  it('has a role, a title and a description, and holds no style of its own', () => {
    const svg = draw([1, 0.9, 0.1], {})
    expect(svg).toContain('role="img"')
    expect(svg).toContain('aria-labelledby="c1-title c1-desc"')
    expect(svg).toContain('<title id="c1-title">Title</title><desc id="c1-desc">Description</desc>')
    expect(svg).not.toMatch(/style=|<style/)
  })

  it('starts at 0 and reaches 100 % however deep the series lies', () => {
    expect(draw([0.02, 0.03, 0.02], {})).toMatch(/>0 %<.*>50 %<.*>100 %</)
  })

  it('breaks the line at a gap and never draws it as zero', () => {
    const path = pathOf(draw([1, null, 1], {}), 'line')
    expect(path.match(/M/g)).toHaveLength(2)
    expect(path).not.toContain('214') // the y of zero
  })

  it('breaks the line at a gap whose own rows were left out', () => {
    const gap = { from: 5400 as UnixSeconds, until: 6000 as UnixSeconds, reading: 'unknown' as const, why: null }
    expect(pathOf(draw([1, 1, 1, 1], { gaps: [gap] }), 'line').match(/M/g)).toHaveLength(2)
  })

  it('hatches the two readings of a gap apart, each with its reason', () => {
    const svg = draw([1, null, null, 1], {
      gaps: [
        { from: 3600 as UnixSeconds, until: 7200 as UnixSeconds, reading: 'unknown', why: null },
        { from: 7200 as UnixSeconds, until: 10_800 as UnixSeconds, reading: 'ambiguous', why: null },
      ],
    })
    expect(svg).toMatch(/fill="url\(#c1-gap\)"><title>gap unknown<\/title>/)
    expect(svg).toMatch(/fill="url\(#c1-ambiguous\)"><title>gap ambiguous<\/title>/)
  })

  it('draws hundreds of gaps as one shape that counts them', () => {
    const gaps = Array.from({ length: 40 }, (_, index) => ({
      from: (index * 2 * HOUR) as UnixSeconds,
      until: ((index * 2 + 1) * HOUR) as UnixSeconds,
      reading: 'ambiguous' as const,
      why: null,
    }))
    const svg = draw(
      Array.from({ length: 80 }, (_, index) => (index % 2 === 0 ? null : 0.1)),
      { gaps },
    )
    expect(svg.match(/class="gap ambiguous"/g)).toHaveLength(1)
    expect(svg).toContain('<title>40 gaps ambiguous</title>')
  })

  it('labels the onset, and the end where there is room', () => {
    const many = Array.from({ length: 200 }, () => 1)
    const onset = (20 * HOUR) as UnixSeconds
    const end = (150 * HOUR) as UnixSeconds
    const svg = draw(many, { spans: [{ onset, end }] })
    expect(svg).toContain(`instant ${onset}`)
    expect(svg).toContain(`instant ${end}`)
    const close = draw(many, { spans: [{ onset, end: (25 * HOUR) as UnixSeconds }] })
    expect(close).toContain(`instant ${onset}`)
    expect(close).not.toContain(`instant ${25 * HOUR}`)
  })

  it('shades a span that has not ended up to the edge', () => {
    const svg = draw([1, 1, 0.1, 0.1], { spans: [{ onset: (2 * HOUR) as UnixSeconds, end: null }] })
    expect(svg).toMatch(/<rect class="span" x="358" y="24" width="310"/)
  })

  it('cuts a surge at the frame and says how far it went', () => {
    const svg = draw([1, 1, 18, 0.1], {})
    expect(svg).toContain('up to 18')
    expect(svg).toContain('>200 %<')
    expect(draw([1, 1, 1.2, 0.1], {})).not.toContain('up to')
  })

  it('draws raw values without a band where nothing is known of what is usual', () => {
    const svg = draw([1, 0.8, 0.1], { measure: 'raw' })
    expect(svg).toContain('raw ')
    expect(svg).not.toContain('usual')
    expect(pathOf(svg, 'band')).toBe('')
  })

  it('marks what is not measured by dashes and a word across the picture', () => {
    const svg = draw([1, 1], { texts: { ...texts(''), watermark: 'Reconstruction' } })
    expect(svg).toContain('stroke-dasharray="5 3"')
    expect(svg).toMatch(/class="watermark"[^>]*>Reconstruction</)
    expect(draw([1, 1], {})).not.toContain('stroke-dasharray')
  })

  it('escapes whatever a source calls itself', () => {
    const svg = draw([1, 18], {
      title: HOSTILE,
      description: HOSTILE,
      spans: [{ onset: 0 as UnixSeconds, end: null }],
      gaps: [{ from: 0 as UnixSeconds, until: 3600 as UnixSeconds, reading: 'unknown', why: null }],
      texts: { ...texts(HOSTILE), watermark: HOSTILE },
    })
    expect(svg).not.toContain('<script')
    expect(svg).not.toContain('<a ')
    expect(svg).not.toContain('\u0000')
    expect(svg.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(6)
  })

  it('draws numbers only, whatever the values', () => {
    const shares = fc.array(fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { freq: 4 }), { maxLength: 60 })
    fc.assert(
      fc.property(shares, fc.constantFrom('share' as const, 'raw' as const), (values, measure) => {
        expect(draw(values, { measure })).not.toMatch(/NaN|Infinity|undefined/)
      }),
    )
  })

  it('has a key for each hatching', () => {
    expect(gapSwatch('k', 'unknown')).toContain('rotate(45)')
    expect(gapSwatch('k', 'ambiguous')).toContain('<circle')
  })
})

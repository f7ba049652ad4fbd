import { describe, expect, it } from 'vitest'
import type { MapGeometry } from '../model/map.ts'
import { type MapCountry, worldMap } from './map.ts'
import { SHARE_COLOURS } from './share-scale.ts'

const GEOMETRY: MapGeometry = {
  width: 200,
  height: 100,
  attribution: 'nobody',
  shapes: { AA: 'M0 0l10 0 0 10z', BB: 'M20 0l10 0 0 10z' },
  dots: { CC: [50, 50] },
  marks: { AA: [5, 5], BB: [25, 5] },
  disputed: [{ id: 'XX', name: 'No man’s land', path: 'M40 40l5 0 0 5z' }],
}

function country(code: string, change: Partial<MapCountry>): MapCountry {
  return { code, share: 1, kind: null, title: `${code} is well`, href: `/en/country/${code}`, ...change }
}

function draw(countries: readonly MapCountry[]): string {
  return worldMap(
    { title: 'World', description: 'All of it', countries, disputed: (name) => `${name} is disputed` },
    GEOMETRY,
    'light',
  )
}

/** The link of a country, whole. */
function linkOf(svg: string, code: string): string {
  return new RegExp(`<a [^>]*data-code="${code}".*?</a>`).exec(svg)?.[0] ?? ''
}

describe('the map', () => {
  it('colours a country by its share of usual and leads to its page', () => {
    const link = linkOf(draw([country('AA', { share: 0.3 })]), 'AA')
    expect(link).toContain(`fill="${SHARE_COLOURS.light[3]}"`)
    expect(link).toContain('class="country step-3"')
    expect(link).toContain('href="/en/country/AA"')
    expect(link).toContain('<title>AA is well</title>')
  })

  it('hatches what cannot be said, in no colour of the scale', () => {
    const link = linkOf(draw([country('AA', { share: null })]), 'AA')
    expect(link).toContain('fill="url(#map-hatch)"')
    expect(link).toContain('step-none')
    for (const colour of Object.values(SHARE_COLOURS.light)) expect(link).not.toContain(colour)
  })

  it('marks an incident by a shape besides the colour, hatched or not', () => {
    const svg = draw([country('AA', { kind: 'blackout' }), country('BB', { kind: 'blocking', share: null })])
    expect(svg.match(/class="map-mark [a-z]+"/g)).toEqual(['class="map-mark blackout"', 'class="map-mark blocking"'])
    expect(linkOf(svg, 'AA')).toContain('data-kind="blackout"')
  })

  it('draws what is too small as a dot, with a mark of its own', () => {
    const svg = draw([country('CC', { kind: 'partial' })])
    expect(linkOf(svg, 'CC')).toContain('<circle cx="50" cy="50"')
    expect(svg).toContain('class="map-mark partial"')
  })

  it('names disputed areas and colours them as nobody’s', () => {
    expect(draw([])).toMatch(/<g class="disputed" fill="url\(#map-hatch\)".*<title>No man’s land is disputed<\/title>/)
  })

  it('leaves out what it has no place for, and escapes every text', () => {
    const svg = draw([country('ZZ', {}), country('AA', { title: '</title><script>' })])
    expect(svg).not.toContain('data-code="ZZ"')
    expect(svg).not.toContain('<script')
  })

  it('holds no style that a strict policy would forbid', () => {
    expect(draw([country('AA', { kind: 'throttling' })])).not.toMatch(/<style|\sstyle=/)
  })
})

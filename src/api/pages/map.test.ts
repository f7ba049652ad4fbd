import { describe, expect, it } from 'vitest'
import type { EntityId, Share } from '../../model/brand.ts'
import type { EntityNow } from '../../street/view.ts'
import { SHARE_COLOURS } from '../../chart/share-scale.ts'
import { iran } from '../../words/samples.testing.ts'
import { liveView } from '../observatory.testing.ts'
import { contextOf } from './context.testing.ts'
import { worldMapSvg } from './map.ts'

function now(code: string, change: Partial<EntityNow>): EntityNow {
  const entity = `country:${code}` as EntityId
  return { entity, status: 'quiet', share: 1 as Share, seenAt: null, incident: null, ...change }
}

function linkOf(svg: string, code: string): string {
  return new RegExp(`<a [^>]*data-code="${code}".*?</a>`).exec(svg)?.[0] ?? ''
}

const COUNTRIES = [
  now('IR', { status: 'incident', share: 0.03 as Share, incident: iran({}).id }),
  now('KZ', {}),
  now('TM', { status: 'blind', share: null }),
  now('FR', { status: 'too-little', share: null }),
]

describe('the map of what is now', () => {
  const draw = (theme: 'light' | 'dark'): Promise<string> =>
    worldMapSvg(contextOf(liveView({ countries: COUNTRIES }), {}), theme)

  it('has every country: those in trouble in their colour, with a mark and a sentence', async () => {
    const svg = await draw('light')
    const iranLink = linkOf(svg, 'IR')
    expect(iranLink).toContain(SHARE_COLOURS.light[5])
    expect(iranLink).toContain('data-kind="blackout"')
    expect(iranLink).toContain('Iran: a blackout. 3\u00A0% of usual.')
    expect(linkOf(svg, 'KZ')).toContain(SHARE_COLOURS.light[0])
    expect(svg.match(/data-code="[A-Z]{2}"/g)?.length).toBeGreaterThan(245)
  })

  it('hatches blindness, too little data and what is not watched, each with its own words', async () => {
    const svg = await draw('dark')
    for (const [code, words] of [
      ['TM', 'we cannot see it now'],
      ['FR', 'too little data'],
      ['US', 'not watched'],
    ] as const) {
      expect(linkOf(svg, code)).toContain('url(#map-hatch)')
      expect(linkOf(svg, code)).toContain(words)
    }
  })

  it('says in its description what a reader who does not see it needs', async () => {
    expect(await draw('light')).toContain(
      '4 countries are watched, the others are hatched. 1 country has an open incident. 1 country is under 90 % of usual. 2 watched countries are hatched',
    )
  })

  it('stays small enough to come after the page', async () => {
    expect((await draw('light')).length).toBeLessThan(100_000)
  })
})

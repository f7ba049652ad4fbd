import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import type { IncidentPage, Panel } from '../model/page.ts'
import { en } from '../words/en.ts'
import { evidence, IRAN, iran, ref, span } from '../words/samples.testing.ts'
import { byOnset, drawPanel, drawSpread, hasUsual, isEmpty, signalAbout, signalTitle } from './draw.ts'

const bins = [0, 1800, 3600] as readonly number[] as readonly UnixSeconds[]

function panel(change: Partial<Panel>): Panel {
  return {
    seriesId: 4,
    key: 'ioda/ping.up_slash24s',
    label: 'Active Probing (# /24s Up)',
    plane: 'reachability',
    unit: '/24 blocks',
    badDirection: 'down',
    zeroIsOmitted: false,
    entity: IRAN,
    facet: null,
    origin: 'measured',
    step: 1800,
    baseline: 'hour-of-week',
    range: { from: 0 as UnixSeconds, until: 5400 as UnixSeconds },
    columns: {
      bins,
      values: [500, 480, 10],
      expected: [500, 500, 500],
      spread: [10, 10, 10],
      shares: [1, 0.96, 0.02],
      readings: ['quiet', 'quiet', 'span'],
    },
    gaps: [],
    spans: [],
    provenance: { source: 'IODA', answers: [], all: '/api/v1/series/4/provenance' },
    csv: '/x.csv',
    json: '/x.json',
    ...change,
  }
}

describe('a panel', () => {
  it('is drawn wide and narrow under ids of their own', () => {
    const { wide, narrow } = drawPanel(en, panel({}))
    expect(wide).toContain('id="wide-4-title"')
    expect(narrow).toContain('id="narrow-4-title"')
    expect(wide).toContain('Active probing: Iran')
    expect(wide).toContain('Lowest at 1 January 1970, 01:00 UTC with 2')
  })

  it('shows the source’s own values and unit while nothing is known of what is usual', () => {
    const young = panel({ baseline: null })
    expect(hasUsual(young)).toBe(false)
    expect(drawPanel(en, young).wide).toContain('>/24 blocks<')
    expect(drawPanel(en, young).wide).not.toContain('% of usual')
  })

  it('is empty without a value, not zero', () => {
    const { columns } = panel({})
    expect(isEmpty(panel({ columns: { ...columns, values: [null, null, null] } }))).toBe(true)
    expect(isEmpty(panel({ columns: { ...columns, values: [null, 0, null] } }))).toBe(false)
  })

  it('is explained by its signal, or by its plane where nobody wrote of the signal', () => {
    expect(signalTitle(en, 'ioda/ping.up_slash24s', 'x')).toBe('Active probing')
    expect(signalTitle(en, 'new/signal', 'A new one')).toBe('A new one')
    expect(signalAbout(en, { key: 'new/signal', plane: 'routing' })).toBe(en.signalOfPlane.routing)
  })
})

describe('the order of going dark', () => {
  const page = (change: Partial<IncidentPage>): IncidentPage =>
    ({ incident: iran({}), entity: IRAN, parts: [], range: panel({}).range, ...change }) as IncidentPage

  it('puts the first first, and leaves out what did not fall', () => {
    const order = byOnset([
      evidence('a/late', 'Late', 'traffic', 1, [span('2026-01-09', null, 0.1)]),
      evidence('a/never', 'Never', 'traffic', 1, []),
      evidence('a/first', 'First', 'traffic', 1, [span('2026-01-08', null, 0.1)]),
    ])
    expect(order.map((one) => one.label)).toEqual(['First', 'Late', 'Never'])
    expect(drawSpread(en, page({ incident: iran({ evidence: order }) }))?.wide).not.toContain('Never')
  })

  it('is not drawn for one signal: there is no order', () => {
    const [one] = iran({}).evidence
    expect(drawSpread(en, page({ incident: iran({ evidence: one === undefined ? [] : [one] }) }))).toBeNull()
  })

  it('names parts by their place and ends a bar where a signal was lost from sight', () => {
    const zanjan = ref('place:IR-11.zanjan', 'Zanjan', 'Iran')
    const lost = { ...span('2026-01-08', null, 0.1), close: 'lost-sight' as const }
    const rows = [
      { ...evidence('monash/connectivity.index', 'Index', 'reachability', 0, [lost]), entity: zanjan.id },
      evidence('ioda/ping.up_slash24s', 'Ping', 'reachability', 0, [span('2026-01-08', null, 0.1)]),
    ]
    const svg = drawSpread(en, page({ incident: iran({ evidence: rows }), parts: [zanjan] }))?.wide ?? ''
    expect(svg).toContain('>Zanjan<')
    expect(svg.match(/not back/g)).toHaveLength(1)
    expect(svg).toContain('8 Jan, 00:00 – 29 Jan, 15:00')
  })
})

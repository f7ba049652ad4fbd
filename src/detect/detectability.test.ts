import { describe, expect, it } from 'vitest'
import type { SourceId, SignalId, Seconds, UnixSeconds } from '../model/brand.ts'
import type { CutKind, Detectability } from '../model/detectability.ts'
import type { SignalSpec } from '../model/signal.ts'
import { DAY, HOUR } from '../model/time.ts'
import type { Watched, WatchedSeries } from './detectability.ts'
import { detectability } from './detectability.ts'
import { MONDAY, RULE, SETTING, detectorOf, judgeAll, sample } from './samples.testing.ts'

const DAYS = 20
const NOW = (MONDAY + DAYS * DAY + HOUR) as UnixSeconds
const STEP = 600 as Seconds

interface Wish {
  readonly noise?: number
  readonly opens?: boolean
  readonly facet?: string
  readonly spec?: Partial<SignalSpec>
  readonly days?: number
}

function series(
  signal: string,
  { noise = 0.02, opens = true, facet, spec = {}, days = DAYS }: Wish = {},
): WatchedSeries {
  const badDirection = spec.badDirection ?? 'down'
  const rule = badDirection === 'down' ? RULE : { ...RULE, open: 1.5, close: 1.25 }
  const setting = { ...SETTING, badDirection, rule: { ...rule, opens } as typeof RULE }
  const values = sample({ days, step: STEP, noise, weekend: 1 })
  return {
    spec: {
      source: 'test' as SourceId,
      signal: signal as SignalId,
      label: signal,
      plane: 'reachability',
      unit: 'units',
      step: STEP,
      delay: 0 as Seconds,
      badDirection,
      seasonality: 'daily',
      quantum: 0,
      windowNormalised: false,
      zeroIsOmitted: false,
      group: signal,
      witness: 'none',
      licence: { class: 'public-domain', name: 'CC0-1.0', url: null },
      citation: 'made up for a test',
      ...spec,
    },
    facet: facet ?? null,
    detector: judgeAll(detectorOf(values, STEP, setting)),
  }
}

const quiet = series('quiet', { noise: 0.01 })
const loud = series('loud', { noise: 0.06 })
const of = (watched: Partial<Watched>, kind: CutKind, now = NOW): Detectability | undefined =>
  detectability({ own: [], parts: [], ...watched }, now).find((each) => each.kind === kind)

describe('detectability', () => {
  it('has one entry for each kind, whatever is watched', () => {
    const kinds = detectability({ own: [], parts: [] }, NOW)
    expect(kinds.map((each) => each.kind).sort()).toEqual([
      'allow-list',
      'mobile',
      'national',
      'regional',
      'services',
      'throttling',
    ])
    expect(kinds.every((each) => each.hour === null && each.day === null && each.why === 'no-signal')).toBe(true)
  })

  it('of the whole goes by the most sensitive signal that opens by itself', () => {
    const least = of({ own: [loud, quiet] }, 'national')
    expect(least?.day?.by).toBe('test/quiet')
    expect(least?.day?.loss).toBeGreaterThan(0.2)
    expect(least?.day?.loss).toBeLessThan(0.3)
    expect(least?.why).toBeNull()
    expect(of({ own: [loud] }, 'national')?.day?.loss).toBeGreaterThan(least?.day?.loss ?? 1)
    const routes = series('routes', { noise: 0.001, spec: { plane: 'routing' } })
    expect(of({ own: [loud, quiet, routes] }, 'national')).toEqual(least)
    expect(of({ own: [routes] }, 'national')).toMatchObject({ hour: null, day: null, why: 'no-signal' })
    expect(of({ parts: [[routes]] }, 'regional')).toMatchObject({ hour: null, day: null, why: 'no-signal' })
    expect(of({ own: [series('joins', { opens: false })] }, 'national')?.why).toBe('no-signal')
  })

  it('says that it is blind when no signal has spoken lately', () => {
    expect(of({ own: [quiet] }, 'national', (NOW + 6 * HOUR) as UnixSeconds)).toMatchObject({ day: null, why: 'blind' })
  })

  it('says that there is too little history on the first day', () => {
    const young = series('young', { days: 1 })
    const now = (MONDAY + DAY) as UnixSeconds
    expect(of({ own: [young] }, 'national', now)).toMatchObject({ hour: null, day: null, why: 'too-little-history' })
  })

  it('of a part is that of a typical part, and none where most parts are not watched', () => {
    const median = of({ parts: [[quiet], [loud], [loud, quiet]] }, 'regional')
    expect(median?.day).toEqual(of({ own: [quiet] }, 'national')?.day)
    expect(of({ parts: [[quiet], [loud], [loud]] }, 'regional')?.day?.by).toBe('test/loud')
    expect(of({ parts: [[quiet], [], []] }, 'regional')).toMatchObject({ day: null, why: 'no-signal' })
    expect(of({ parts: [[quiet], [quiet], []] }, 'regional')?.day).not.toBeNull()
    expect(of({ own: [quiet] }, 'regional')?.why).toBe('no-signal')
  })

  it('of throttling is a rise, seen by what rises alone', () => {
    const latency = series('latency', { spec: { badDirection: 'up' } })
    expect(of({ own: [latency] }, 'throttling')?.day?.loss).toBeGreaterThan(0.5)
    expect(of({ own: [latency] }, 'national')?.why).toBe('no-signal')
    expect(of({ own: [quiet] }, 'throttling')?.why).toBe('no-signal')
  })

  it('of mobile networks, services and allow-lists needs a signal that tells them apart', () => {
    const handset = series('handset', { spec: { witness: 'mobile', plane: 'application' } })
    const telegram = series('web', { facet: 'telegram' })
    expect(of({ own: [handset] }, 'mobile')?.day?.by).toBe('test/handset')
    expect(of({ own: [handset] }, 'allow-list')?.day?.by).toBe('test/handset')
    expect(of({ own: [telegram] }, 'services')?.day?.by).toBe('test/web')
    expect(of({ own: [telegram] }, 'national')?.why).toBe('no-signal')
    for (const kind of ['mobile', 'services', 'allow-list'] as const)
      expect(of({ own: [quiet, loud] }, kind)?.why).toBe('no-signal')
  })
})

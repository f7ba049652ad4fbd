import { describe, expect, it } from 'vitest'
import type { Standing } from '../correlate/standing.ts'
import { ruleFor } from '../detect/rules.ts'
import type { EntityId, IncidentId, Share, UnixSeconds } from '../model/brand.ts'
import type { Incident } from '../model/incident.ts'
import type { SignalSpec } from '../model/signal.ts'
import { DAY, HOUR, MINUTE, plus } from '../model/time.ts'
import { entityNow, openByCountry } from './entity-now.ts'
import { START, sampleSpec } from './samples.testing.ts'

const NOW = (START + 10 * DAY) as UnixSeconds
const KZ = 'country:KZ' as EntityId

function standing(over: Partial<Standing> & { readonly spec?: SignalSpec } = {}): Standing {
  const spec = over.spec ?? signal('ping.up', 'reachability')
  return {
    spec,
    rule: ruleFor(spec),
    entity: KZ,
    facet: null,
    origin: 'measured',
    spans: [],
    blind: [],
    share: 0.98 as Share,
    seenAt: (NOW - 20 * MINUTE) as UnixSeconds,
    firstJudged: (NOW - 5 * DAY) as UnixSeconds,
    ...over,
  }
}

function signal(name: string, plane: SignalSpec['plane']): SignalSpec {
  return sampleSpec({
    entity: KZ,
    signal: name,
    plane,
    stepMinutes: 10,
    delayMinutes: 10,
    usual: 1,
    rhythm: 0,
    noise: 0,
    gapEvery: 0,
    cuts: [],
  })
}

function incident(over: Partial<Incident>): Incident {
  return {
    id: 'KZ-2024-03-14-a' as IncidentId,
    entity: KZ,
    origin: 'measured',
    state: 'ongoing',
    kind: 'partial',
    severity: 'minor',
    confidence: { value: 0.8 as never, agreeing: 2, able: 2 },
    onset: { at: NOW, earliest: NOW, latest: NOW },
    end: null,
    detectedAt: NOW,
    knownAt: NOW,
    episodes: [],
    evidence: [],
    contradictions: [],
    share: 0.5 as Share,
    troughShare: 0.5 as Share,
    partOf: null,
    closedBy: null,
    ...over,
  }
}

const seen = (standings: readonly Standing[], open: readonly Incident[] = [], isBlind = false) =>
  entityNow(KZ, { standings, open, now: NOW, isBlind: () => isBlind })

describe('how an entity stands', () => {
  it('is quiet where one fresh signal has known its usual for a day', () => {
    expect(seen([standing()])).toEqual({
      entity: KZ,
      status: 'quiet',
      share: 0.98,
      seenAt: NOW - 10 * MINUTE,
      incident: null,
    })
  })

  it('is never quiet on the first day that anything is compared with a usual', () => {
    const since = (seconds: number): Standing => standing({ firstJudged: (NOW - 20 * MINUTE - seconds) as UnixSeconds })
    expect(seen([since(DAY - 1)]).status).toBe('too-little')
    expect(seen([since(DAY)]).status).toBe('quiet')
    expect(seen([standing({ firstJudged: null, share: null })])).toMatchObject({ status: 'too-little', share: null })
    // Half of what was usual in the last hour is half of nothing that anybody knows.
    const young = standing({ firstJudged: plus(NOW, -HOUR) })
    expect(seen([young])).toMatchObject({ status: 'too-little', share: null })
  })

  it('is blind, and has no share, when no signal is fresh or all that are fresh are unhealthy', () => {
    const late = standing({ seenAt: (NOW - 50 * MINUTE) as UnixSeconds })
    expect(seen([late])).toMatchObject({ status: 'blind', share: null, seenAt: NOW - 40 * MINUTE })
    expect(seen([standing({ seenAt: (NOW - 50 * MINUTE + 1) as UnixSeconds })]).status).toBe('quiet')
    expect(seen([standing()], [], true)).toMatchObject({ status: 'blind', share: null })
    expect(seen([standing({ seenAt: null, share: null, firstJudged: null })]).status).toBe('blind')
  })

  it('says what joins incidents and opens none, or only parts of it, is too little', () => {
    const silent = standing({ spec: signal('vpn.use', 'circumvention') })
    expect(seen([silent]).status).toBe('too-little')
    expect(seen([standing({ entity: 'region:KZ-75' as EntityId })])).toMatchObject({
      status: 'too-little',
      seenAt: null,
    })
    expect(seen([]).status).toBe('not-watched')
  })

  it('takes the median over groups and leaves routes out', () => {
    const share = (value: number, name: string, plane: SignalSpec['plane']): Standing =>
      standing({ spec: signal(name, plane), share: value as Share })
    const routes = share(1, 'bgp', 'routing')
    expect(seen([routes]).share).toBe(1)
    expect(seen([routes, share(0.2, 'ping', 'reachability')]).share).toBe(0.2)
    expect(seen([routes, share(0.2, 'ping', 'reachability'), share(0.6, 'web', 'application')]).share).toBe(0.4)
    const twins = [share(0.2, 'ping', 'reachability'), share(0.9, 'ping', 'reachability')]
    expect(seen([...twins, share(0.6, 'web', 'application')]).share).toBe(0.4)
  })

  it('is neither quiet nor of any share by what rises: latency of the few that answer says nothing of the others', () => {
    const latency = { ...signal('ping.latency', 'reachability'), badDirection: 'up' } as const
    const calm = standing({ spec: latency, share: 1 as Share })
    const slow = standing({ spec: latency, share: 1.8 as Share })
    const late = standing({ seenAt: (NOW - 50 * MINUTE) as UnixSeconds })
    expect(seen([calm])).toMatchObject({ status: 'too-little', share: null })
    expect(seen([calm, late])).toMatchObject({ status: 'blind', share: null })
    expect(seen([slow, standing()])).toMatchObject({ status: 'quiet', share: 0.98 })
  })

  it('names the gravest open incident, its own before its parts', () => {
    const part = incident({ id: 'part' as IncidentId, entity: 'region:KZ-75' as EntityId, severity: 'critical' })
    const own = incident({ id: 'own' as IncidentId, severity: 'critical' })
    expect(seen([], [part, incident({}), own])).toMatchObject({ status: 'incident', incident: 'own' })
    expect(seen([standing()], [incident({ severity: 'minor' }), part])).toMatchObject({ incident: 'part' })
  })
})

describe('open incidents by country', () => {
  it('leave out what is over, withdrawn, or closed because sight was lost or the yardstick moved', () => {
    const all = [
      incident({}),
      incident({ state: 'resolved' }),
      incident({ state: 'retracted' }),
      incident({ state: 'unverified', closedBy: 'lost-sight' }),
      incident({ state: 'unverified', closedBy: 'new-normal' }),
      incident({ state: 'unverified', end: { at: NOW, earliest: NOW, latest: (NOW + HOUR) as UnixSeconds } }),
      incident({ entity: 'region:KZ-75' as EntityId }),
      incident({ entity: 'as:9198' as EntityId }),
    ]
    const open = openByCountry(all)
    expect([...open.keys()]).toEqual(['KZ'])
    expect(open.get('KZ')).toEqual([all[0], all[5], all[6]])
  })
})

import { beforeAll, describe, expect, it } from 'vitest'
import type { EntityId } from '../src/model/brand.ts'
import type { Incident } from '../src/model/incident.ts'
import type { Moment, Span } from '../src/model/judgement.ts'
import { HOUR, toRfc3339 } from '../src/model/time.ts'
import type { Replayed } from '../src/street/replay.ts'
import { judgeExpectations } from '../src/street/expect.ts'
import { at, load, run, standing } from './replays.ts'
import { describeShared } from './shared.ts'

function only(incidents: readonly Incident[], entity: string): Incident {
  const found = incidents.filter((each) => each.entity === entity)
  expect(found.map((each) => each.id)).toHaveLength(1)
  return found[0] as Incident
}

function spansOf(incident: Incident, signal: string): readonly Span[] {
  return incident.evidence.find((each) => each.signal === signal && each.entity === incident.entity)?.spans ?? []
}

function within(moment: Moment | null | undefined, from: string, until: string): void {
  expect(moment).toBeTruthy()
  const found = toRfc3339((moment as Moment).at)
  expect(found >= toRfc3339(at(from)) && found <= toRfc3339(at(until)), `${found} in ${from}..${until}`).toBe(true)
}

describeShared(['cases/iran-2026'], 'Iran, January 2026', () => {
  let replayed: Replayed
  let incident: Incident
  beforeAll(async () => {
    replayed = await run(await load('iran-2026'), {})
    incident = only(standing(replayed), 'country:IR')
  })

  it('is one incident in the whole file, detected by 17:30, and nothing opens before', () => {
    expect(standing(replayed)).toHaveLength(1)
    expect(replayed.ledger.current()).toHaveLength(1)
    expect(incident.detectedAt).toBeLessThanOrEqual(at('2026-01-08T17:30Z'))
    for (const each of incident.evidence) {
      for (const span of each.spans) expect(span.onset.at).toBeGreaterThanOrEqual(at('2026-01-08T00:00Z'))
    }
  })

  it("keeps each signal's own onset and end", () => {
    const [probing] = spansOf(incident, 'ping.up_slash24s')
    within(probing?.onset, '2026-01-08T16:30Z', '2026-01-08T16:30Z')
    within(probing?.end, '2026-01-27T00:00Z', '2026-01-28T23:30Z')
    const bgp = spansOf(incident, 'bgp.visible_slash24s')
    within(bgp[0]?.onset, '2026-01-08T18:00Z', '2026-01-08T18:00Z')
    within(bgp[0]?.end, '2026-01-09T00:00Z', '2026-01-09T23:30Z')
    expect(bgp.length).toBeGreaterThan(1)
    for (const later of bgp.slice(1)) {
      within(later.onset, '2026-01-11T00:00Z', '2026-01-22T23:30Z')
      within(later.end, '2026-01-11T00:00Z', '2026-01-22T23:30Z')
    }
    const google = spansOf(incident, 'google.search_traffic')
    within(google[0]?.onset, '2026-01-08T18:00Z', '2026-01-08T18:30Z')
    within(google[0]?.end, '2026-01-18T13:00Z', '2026-01-20T00:00Z')
    within(spansOf(incident, 'telescope.unique_ips').at(-1)?.end, '2026-01-24T00:00Z', '2026-01-25T23:30Z')
    within(spansOf(incident, 'mozilla.city_count').at(-1)?.end, '2026-01-22T00:00Z', '2026-01-25T23:30Z')
  })

  it("shows the telescope's blanks as ambiguous, and no gap in Mozilla's hourly cadence", () => {
    expect(spansOf(incident, 'telescope.unique_ips')[0]?.gaps).toMatchObject({ reading: 'ambiguous' })
    expect(spansOf(incident, 'telescope.unique_ips')[0]?.gaps.bins).toBeGreaterThan(200)
    expect(spansOf(incident, 'mozilla.city_count')[0]?.gaps.bins).toBe(0)
  })

  it('holds Google up against probing down from 19 January on', () => {
    const found = incident.contradictions.find(
      (each) => each.up === 'ioda/google.search_traffic' && each.down === 'ioda/ping.up_slash24s',
    )
    expect(found?.since).toBeGreaterThanOrEqual(at('2026-01-18T13:00Z'))
    expect(found?.since).toBeLessThanOrEqual(at('2026-01-20T00:00Z'))
    expect(found?.until).toBeGreaterThanOrEqual(at('2026-01-27T00:00Z'))
  })

  it('stays ongoing or restricted while probing is under a fifth of usual', async () => {
    const revisions = await replayed.store.revisions({ incident: incident.id })
    const down = revisions.filter(
      (each) => each.publishedAt > at('2026-01-08T19:30Z') && each.publishedAt < at('2026-01-27T00:30Z'),
    )
    expect(down.length).toBeGreaterThan(3)
    expect([...new Set(down.map((each) => each.incident.state))].sort()).toEqual(['ongoing', 'restricted'])
  })

  it('is unverified at the end of the file, not resolved', () => {
    expect(incident.state).toBe('unverified')
    expect(incident.closedBy).toBeNull()
  })

  it('counts five of five independent signals, with high confidence', () => {
    expect(incident.confidence).toMatchObject({ agreeing: 5, able: 5 })
    expect(incident.confidence.value).toBeGreaterThan(0.9)
    expect(incident).toMatchObject({ kind: 'blackout', severity: 'critical' })
  })
})

describeShared(['cases/iran-2019-places'], 'Iran, November 2019, city by city', () => {
  let incidents: readonly Incident[]
  beforeAll(async () => {
    incidents = standing(await run(await load('iran-2019-places'), {}))
  })

  const DAY_BEFORE = at('2019-11-16T00:00Z')

  it('sees at least 70 of 73 places go down on the evening of the 16th', () => {
    const down = new Set<string>()
    for (const incident of incidents.filter((each) => each.entity.startsWith('place:'))) {
      for (const each of incident.evidence.flatMap((one) => one.spans)) {
        if (each.onset.at >= at('2019-11-16T14:00Z') && each.onset.at <= at('2019-11-17T01:00Z'))
          down.add(incident.entity)
      }
    }
    expect(down.size).toBeGreaterThanOrEqual(70)
  })

  it('rolls them up through their provinces to one national incident', () => {
    const national = only(incidents, 'country:IR')
    within(national.onset, '2019-11-16T16:00Z', '2019-11-16T19:00Z')
    const provinces = incidents.filter((each) => each.entity.startsWith('region:'))
    expect(provinces.length).toBeGreaterThan(10)
    for (const each of provinces) expect(each.partOf).toBe(national.id)
    expect(national.evidence.filter((each) => each.entity.startsWith('place:')).length).toBeGreaterThanOrEqual(70)
  })

  it('has Qeshm and Ahvaz in alarm a day before, perhaps Behbahan and Dezful, and nobody else', () => {
    const early = new Set(
      incidents.filter((each) => each.onset.at < DAY_BEFORE).map((each) => each.entity.replace(/^.*\./, '')),
    )
    expect(early).toContain('qeshm')
    expect(early).toContain('ahvaz')
    for (const place of early) expect(['qeshm', 'ahvaz', 'behbahan', 'dezful']).toContain(place)
  })

  it('leaves Bam up', () => {
    expect(incidents.filter((each) => each.entity === ('place:IR-08.bam' as EntityId))).toEqual([])
  })
})

describeShared(['cases/ukraine-border-2022'], 'The border of Ukraine and Russia, winter 2021–2022', () => {
  it('opens nothing; the third more latency in Crimea is a note', async () => {
    const replayed = await run(await load('ukraine-border-2022'), {})
    expect(replayed.ledger.current()).toEqual([])
    const notes = [...replayed.scopes.values()].flatMap((each) => each.notes('region:UA-43' as EntityId))
    expect(notes.some((each) => each.worstShare > 1.25)).toBe(true)
  })
})

describeShared(['cases/hurricane-laura-2020'], 'Hurricane Laura, August 2020', () => {
  let incidents: readonly Incident[]
  beforeAll(async () => {
    incidents = standing(await run(await load('hurricane-laura-2020'), {}))
  })

  it.each([
    ['place:US-LA.calcasieu', '2020-08-27T06:00Z'],
    ['place:US-TX.orange', '2020-08-27T06:00Z'],
    ['place:US-LA.jefferson-davis', '2020-08-27T07:00Z'],
    ['place:US-TX.jefferson', '2020-08-27T07:00Z'],
    ['place:US-LA.natchitoches', '2020-08-27T10:00Z'],
    ['place:US-LA.rapides', '2020-08-27T10:00Z'],
  ])('opens %s at %s, an hour more or less', (entity, onset) => {
    expect(Math.abs(only(incidents, entity).onset.at - at(onset))).toBeLessThanOrEqual(HOUR)
  })

  it('opens at most 25 counties, none before that day, and nothing above a county', () => {
    expect(incidents.length).toBeLessThanOrEqual(25)
    for (const each of incidents) {
      expect(each.entity).toMatch(/^place:US-/)
      expect(each.onset.at).toBeGreaterThanOrEqual(at('2020-08-27T00:00Z'))
    }
  })
})

describeShared(['cases/tor-bridge-users'], 'Users of Tor bridges', () => {
  it('reads 240 countries and opens nothing by itself', async () => {
    const loaded = await load('tor-bridge-users')
    expect(loaded.series.length).toBeGreaterThan(200)
    expect(loaded.report.skipped).toEqual([])
    expect((await run(loaded, { pace: 'in-one-go' })).ledger.current()).toEqual([])
  })
})

describe('expectations of the case files', () => {
  for (const id of ['iran-2026', 'iran-2019-places', 'hurricane-laura-2020', 'ukraine-border-2022']) {
    describeShared([`cases/${id}`], id, () => {
      it('are met', async () => {
        const loaded = await load(id)
        const incidents = standing(await run(loaded, { pace: 'in-one-go' }))
        const outcomes = judgeExpectations(loaded.expectations, incidents)
        expect(outcomes.length).toBeGreaterThan(0)
        expect(outcomes.filter((each) => !each.met)).toEqual([])
      })
    })
  }
})

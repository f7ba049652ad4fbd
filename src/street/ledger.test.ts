import { describe, expect, it } from 'vitest'
import type { Draft } from '../correlate/correlate.ts'
import { RULE_VERSION } from '../detect/rules.ts'
import type { EntityId, Ratio, Share, SignalId, SourceId, UnixSeconds } from '../model/brand.ts'
import type { Evidence, Incident, Revision } from '../model/incident.ts'
import type { Moment, Span } from '../model/judgement.ts'
import { DAY, HOUR } from '../model/time.ts'
import type { Ledger } from './ledger.ts'
import { createLedger } from './ledger.ts'
import { START } from './samples.testing.ts'

const at = (hours: number): UnixSeconds => (START + hours * HOUR) as UnixSeconds
const moment = (hours: number): Moment => ({ at: at(hours), earliest: at(hours - 1), latest: at(hours + 1) })
const all = (): boolean => true

function spanFrom(onset: number, end: number | null): Span {
  return {
    onset: moment(onset),
    end: end === null ? null : moment(end),
    close: end === null ? null : 'returned',
    detectedAt: at(onset + 1),
    closedAt: end === null ? null : at(end + 1),
    troughShare: 0.1 as Share,
    lastShare: 0.1 as Share,
    lastSeen: at(onset + 1),
    partialSince: null,
    baseline: 'hour-of-week',
    gaps: { bins: 0, reading: 'unknown' },
  }
}

function evidence(span: Span, entity = 'country:KZ'): Evidence {
  return {
    source: 'test' as SourceId,
    signal: 'ping.up' as SignalId,
    label: 'Up',
    plane: 'reachability',
    entity: entity as EntityId,
    facet: null,
    spans: [span],
    share: 0.1 as Share,
    seenAt: at(0),
  }
}

function draft(onset: number, end: number | null, change: Partial<Draft> = {}): Draft {
  return {
    entity: 'country:KZ' as EntityId,
    origin: 'measured',
    state: end === null ? 'ongoing' : 'unverified',
    severity: 'critical',
    confidence: { value: 0.7 as Ratio, agreeing: 1, able: 1 },
    onset: moment(onset),
    end: end === null ? null : moment(end),
    detectedAt: at(onset + 1),
    episodes: [{ onset: at(onset), end: end === null ? null : at(end) }],
    evidence: [evidence(spanFrom(onset, end))],
    contradictions: [],
    share: 0.1 as Share,
    troughShare: 0.1 as Share,
    closedBy: null,
    members: [],
    partOf: null,
    ...change,
  }
}

/** Update after update at hours 100, 101, …; @returns the revisions of each. */
function publish(ledger: Ledger, ...rounds: readonly (readonly Draft[])[]): readonly (readonly Revision[])[] {
  return rounds.map((drafts, i) => ledger.update(drafts, all, at(100 + i), i + 1, null))
}

const told = (revisions: readonly Revision[]): readonly string[] =>
  revisions.map((each) => `${each.incident.id} ${each.number} ${each.reasons.join('+')}`)

describe('an incident', () => {
  it('is opened once, under the date of its onset in UTC', () => {
    const [first, second] = publish(createLedger([]), [draft(30, null)], [draft(30, null)])
    expect(told(first ?? [])).toEqual(['KZ-2024-03-05-a 1 opened'])
    expect(first?.[0]).toMatchObject({ publishedAt: at(100), ruleVersion: RULE_VERSION, snapshot: 1 })
    expect(second).toEqual([])
  })

  it.each([
    ['state', { state: 'recovering' }],
    ['state', { closedBy: 'new-normal' }],
    ['onset', { onset: { ...moment(30), earliest: at(28) } }],
    ['end', { end: moment(33) }],
    ['episode', { episodes: [{ onset: at(30), end: at(31) }] }],
    ['severity', { severity: 'major' }],
    ['kind', { troughShare: 0.6 as Share }],
    ['evidence', { confidence: { value: 0.8 as Ratio, agreeing: 2, able: 2 } }],
    ['evidence', { evidence: [evidence({ ...spanFrom(30, null), troughShare: 0.05 as Share })] }],
    ['evidence', { evidence: [evidence({ ...spanFrom(30, null), partialSince: at(31) })] }],
    ['contradiction', { contradictions: [{ up: 'a/b', down: 'c/d', since: at(31), until: null }] }],
  ] as const)('is revised, because of its %s, when that changes', (reason, change) => {
    const [, second] = publish(createLedger([]), [draft(30, null)], [draft(30, null, change)])
    expect(told(second ?? [])).toEqual([`KZ-2024-03-05-a 2 ${reason}`])
  })

  it.each([
    ['the newest share', { share: 0.2 as Share }],
    ['the newest value of its evidence', { evidence: [{ ...evidence(spanFrom(30, null)), seenAt: at(50) }] }],
    [
      'the third decimal of a trough',
      { evidence: [evidence({ ...spanFrom(30, null), troughShare: 0.1004 as Share })] },
    ],
    ['the newest value within its span', { evidence: [evidence({ ...spanFrom(30, null), lastSeen: at(44) })] }],
  ])('is not revised for %s alone', (_, change) => {
    const [, second] = publish(createLedger([]), [draft(30, null)], [draft(30, null, change)])
    expect(second).toEqual([])
  })

  it('numbers its revisions without holes, and keeps what was published before as it was', () => {
    const ledger = createLedger([])
    const rounds = publish(
      ledger,
      [draft(30, null)],
      [draft(30, null, { severity: 'major' })],
      [draft(30, null, { severity: 'major' })],
      [draft(30, 40)],
      [],
    )
    const published = rounds.flat()
    expect(published.map((each) => each.number)).toEqual([1, 2, 3, 4])
    expect(published.map((each) => each.incident.state)).toEqual(['ongoing', 'ongoing', 'unverified', 'retracted'])
    expect(published[0]?.incident.severity).toBe('critical')
    expect(published.map((each) => each.incident.knownAt)).toEqual([at(100), at(100), at(100), at(100)])
  })

  it('keeps its id when late data move its onset, over midnight too', () => {
    const [, second, third] = publish(createLedger([]), [draft(25, null)], [draft(23, null)], [draft(-2, null)])
    expect(told(second ?? [])).toEqual(['KZ-2024-03-05-a 2 onset+episode+evidence'])
    expect(told(third ?? [])).toEqual(['KZ-2024-03-05-a 3 onset+episode+evidence'])
  })

  it('is another one past a day of quiet', () => {
    const ledger = createLedger([])
    const [, within] = publish(ledger, [draft(10, 12)], [draft(10, 36)])
    expect(told(within ?? [])).toEqual(['KZ-2024-03-04-a 2 end+episode+evidence'])
    const [later] = publish(ledger, [draft(10, 36), draft(61, null)])
    expect(told(later ?? [])).toEqual(['KZ-2024-03-06-a 1 opened'])
  })

  it('is retracted, and stays so: what comes again is another one', () => {
    const ledger = createLedger([])
    const [, gone, quiet, again] = publish(ledger, [draft(30, null)], [], [], [draft(30, null)])
    expect(told(gone ?? [])).toEqual(['KZ-2024-03-05-a 2 retracted'])
    expect(gone?.[0]?.incident).toMatchObject({ state: 'retracted', onset: moment(30) })
    expect(quiet).toEqual([])
    expect(told(again ?? [])).toEqual(['KZ-2024-03-05-b 1 opened'])
    expect(ledger.current().map((each) => `${each.incident.id} ${each.incident.state}`)).toEqual([
      'KZ-2024-03-05-a retracted',
      'KZ-2024-03-05-b ongoing',
    ])
  })
})

describe('ids', () => {
  it('of one entity and day go on from a to z to aa, and none is given twice', () => {
    const ledger = createLedger([])
    for (let i = 0; i < 54; i++) publish(ledger, [draft(30, null)], [])
    const ids = ledger.current().map((each) => each.incident.id)
    expect(new Set(ids).size).toBe(54)
    expect([ids[25], ids[26], ids[27], ids[51], ids[52]]).toEqual(
      ['z', 'aa', 'ab', 'az', 'ba'].map((letters) => `KZ-2024-03-05-${letters}`),
    )
  })

  it('of two drafts of one day, published together, differ', () => {
    const [first] = publish(createLedger([]), [draft(0, 1), draft(6, 7)])
    expect(told(first ?? [])).toEqual(['KZ-2024-03-04-a 1 opened', 'KZ-2024-03-04-b 1 opened'])
  })

  it.each([
    ['as:9198', 'AS9198-2024-03-05-a'],
    ['region:KZ-75', 'KZ-75-2024-03-05-a'],
    ['place:IR-23.tehran', 'IR-23.tehran-2024-03-05-a'],
    ['operator:KZ.kcell', 'KZ.kcell-2024-03-05-a'],
    ['world', 'world-2024-03-05-a'],
  ])('of %s are such as %s', (entity, id) => {
    const [first] = publish(createLedger([]), [draft(30, null, { entity: entity as EntityId })])
    expect(first?.[0]?.incident.id).toBe(id)
  })

  it('go on from what was published before the process began', () => {
    const [first] = publish(createLedger([]), [draft(30, null)])
    const ledger = createLedger(first ?? [])
    expect(publish(ledger, [draft(30, null)])).toEqual([[]])
    const [second] = publish(ledger, [draft(30, null, { severity: 'major' })])
    expect(told(second ?? [])).toEqual(['KZ-2024-03-05-a 2 severity'])
  })

  it('are those of the incidents that lie closest, each to one draft only', () => {
    const ledger = createLedger([])
    publish(ledger, [draft(0, 4), draft(10, 14)])
    const [moved] = publish(ledger, [draft(1, 4), draft(9, 14)])
    expect(moved?.map((each) => [each.incident.id, each.incident.onset.at])).toEqual([
      ['KZ-2024-03-04-a', at(1)],
      ['KZ-2024-03-04-b', at(9)],
    ])
  })

  it('of two incidents that turn out to be one: the closer stays, the other is retracted', () => {
    const ledger = createLedger([])
    publish(ledger, [draft(0, 4), draft(10, 14)])
    const [one] = publish(ledger, [draft(0, 14)])
    expect(told(one ?? [])).toEqual(['KZ-2024-03-04-a 2 end+episode+evidence', 'KZ-2024-03-04-b 2 retracted'])
  })

  it('of a whole are told to its parts', () => {
    const region = draft(30, null, { entity: 'region:KZ-75' as EntityId, partOf: 0 })
    const ledger = createLedger([])
    const [first, second] = publish(ledger, [draft(30, null), region], [{ ...region, partOf: null }])
    expect(first?.[1]?.incident.partOf).toBe('KZ-2024-03-05-a')
    expect(told(second ?? [])).toEqual(['KZ-75-2024-03-05-a 2 part-of', 'KZ-2024-03-05-a 2 retracted'])
  })
})

describe('a round', () => {
  it('leaves incidents alone that its drafts do not speak for', () => {
    const ledger = createLedger([])
    const mine = (incident: Incident): boolean => incident.entity.includes('KZ')
    publish(ledger, [draft(30, null), draft(30, null, { entity: 'country:BY' as EntityId })])
    expect(told(ledger.update([], mine, at(200), 9, null))).toEqual(['KZ-2024-03-05-a 2 retracted'])
    expect(ledger.current().find((each) => each.incident.entity === 'country:BY')?.number).toBe(1)
  })

  it('says nothing when nothing is there', () => {
    expect(createLedger([]).update([], all, at(0), 0, null)).toEqual([])
    expect(createLedger([]).current()).toEqual([])
  })

  it('neither takes back nor changes what was over before the data that it has begin', () => {
    const lost = { ...spanFrom(30, null), close: 'lost-sight' as const, closedAt: at(40) }
    const gone = draft(30, null, {
      entity: 'country:TM' as EntityId,
      closedBy: 'lost-sight',
      evidence: [evidence(lost)],
    })
    const ledger = createLedger([])
    publish(ledger, [draft(0, 4), gone])
    expect(ledger.update([], all, at(900), 2, at(50))).toEqual([])
    const changed = [draft(1, 4, { severity: 'minor' }), { ...gone, severity: 'minor' as const }]
    expect(ledger.update(changed, all, at(900), 2, at(50))).toEqual([])
    expect(told(ledger.update([changed[0] as Draft], all, at(900), 2, at(3)))).toEqual([
      'KZ-2024-03-04-a 2 onset+episode+severity+evidence',
      'TM-2024-03-05-a 2 retracted',
    ])
  })

  it('opens nothing that was over before the data that it has begin, and goes on with what was open then', () => {
    const ledger = createLedger([])
    expect(ledger.update([draft(0, 4)], all, at(900), 2, at(50))).toEqual([])
    publish(ledger, [draft(30, null)])
    const [ended] = ledger.update([draft(30, 45)], all, at(900), 2, at(50))
    expect(ended?.reasons).toContain('end')
  })

  it('keeps an incident that began before the data that it has, though they do not show it', () => {
    const ledger = createLedger([])
    publish(ledger, [draft(30, null), draft(70, null, { entity: 'country:BY' as EntityId })])
    expect(told(ledger.update([], all, at(900), 2, at(50)))).toEqual(['BY-2024-03-06-a 2 retracted'])
  })

  it('names a part of a whole that was over by the name that the whole has', () => {
    const region = draft(30, null, { entity: 'region:KZ-75' as EntityId, partOf: 0 })
    const ledger = createLedger([])
    publish(ledger, [draft(28, 40), region])
    const [changed] = ledger.update([draft(28, 40), { ...region, severity: 'minor' }], all, at(200), 9, at(50))
    expect(changed?.incident.partOf).toBe('KZ-2024-03-05-a')
  })

  it('matches by overlap first of all: an incident without an end is never too far', () => {
    const [, second] = publish(createLedger([]), [draft(0, null)], [draft(0, 40 * 24)])
    expect(told(second ?? [])).toEqual(['KZ-2024-03-04-a 2 state+end+episode+evidence'])
    expect(DAY).toBe(24 * HOUR)
  })
})

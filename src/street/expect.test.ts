import { describe, expect, it } from 'vitest'
import type { EntityId, UnixSeconds } from '../model/brand.ts'
import type { Incident } from '../model/incident.ts'
import { HOUR } from '../model/time.ts'
import { sampleRevision } from '../store/samples.testing.ts'
import type { CaseExpectation } from './case-schema.ts'
import { judgeExpectations } from './expect.ts'
import { START } from './samples.testing.ts'

const at = (hours: number): UnixSeconds => (START + hours * HOUR) as UnixSeconds
const IRAN = 'country:IR' as EntityId

function incident(hours: number, change: Partial<Incident> = {}): Incident {
  const { incident: sample } = sampleRevision('country:IR', 'IR-2024-03-04-a', 1, 0)
  return {
    ...sample,
    onset: { at: at(hours), earliest: at(hours - 1), latest: at(hours + 1) },
    detectedAt: at(hours + 1),
    ...change,
  }
}

const judge = (expected: Partial<CaseExpectation>, ...incidents: readonly Incident[]) =>
  judgeExpectations([{ entity: IRAN, ...expected }], incidents)[0]

describe('an expectation', () => {
  it.each([
    ['any incident', {}],
    ['one', { incidents: 1 }],
    ['its onset', { onset: [at(4), at(6)] }],
    ['the very instant of its onset', { onset: [at(5), at(5)] }],
    ['its detection', { detected_by: at(6) }],
    ['its state', { state: 'ongoing' }],
  ] as const)('of %s is met', (_, expected) => {
    expect(judge(expected as Partial<CaseExpectation>, incident(5))).toMatchObject({ met: true, entity: IRAN })
  })

  it.each([
    ['none', { incidents: 0 }, ''],
    ['two', { incidents: 2 }, ''],
    ['another onset', { onset: [at(6), at(8)] }, '(onset outside what is expected)'],
    ['an end that has not come', { end: [at(6), at(8)] }, '(end outside what is expected)'],
    ['an earlier detection', { detected_by: at(5) }, '(detection outside'],
    ['another state', { state: 'resolved' }, '(state outside'],
  ] as const)('of %s is not met, and says what was found', (_, expected, words) => {
    const outcome = judge(expected as Partial<CaseExpectation>, incident(5))
    expect(outcome?.met).toBe(false)
    expect(outcome?.found).toContain('IR-2024-03-04-a ongoing, onset 2024-03-04T05:00:00Z, end none')
    expect(outcome?.found).toContain(words)
  })

  it('is met by one of several incidents, wherever it stands among them', () => {
    expect(judge({ onset: [at(50), at(52)] }, incident(5), incident(51))?.met).toBe(true)
    expect(judge({ onset: [at(50), at(52)], incidents: 1 }, incident(5), incident(51))?.met).toBe(false)
  })

  it('is not met by what was retracted, or by another entity', () => {
    expect(judge({}, incident(5, { state: 'retracted' }))).toEqual({ entity: IRAN, met: false, found: 'no incident' })
    expect(judge({ incidents: 0 }, incident(5, { entity: 'country:KZ' as EntityId }))?.met).toBe(true)
  })
})

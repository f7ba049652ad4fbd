import { describe, expect, it } from 'vitest'
import type { EntityId, IncidentId } from '../../model/brand.ts'
import { iran, moment } from '../../words/samples.testing.ts'
import { fakeFeed } from '../live.testing.ts'
import { iranView, liveView, revisionsOf } from '../observatory.testing.ts'
import { contextOf } from './context.testing.ts'
import { feedOf } from './feed.ts'

const ALL = { kind: null, severity: null }
const ENDED = iran({ state: 'unverified', end: moment('2026-01-27T10:00:00Z') })

describe('the feed', () => {
  it('tells beginnings, changes and ends, newest first', async () => {
    const feed = await feedOf(contextOf(liveView({}), {}), fakeFeed(revisionsOf(ENDED)), ALL)
    expect(feed.lines.map((line) => [line.number, line.kind])).toEqual([
      [3, 'end'],
      [2, 'update'],
      [1, 'onset'],
    ])
  })

  it('keeps to what the reader wants, and says which choice was made', async () => {
    const context = contextOf(liveView({}), { query: 'what=end' })
    const feed = await feedOf(context, fakeFeed(revisionsOf(ENDED)), { kind: 'end', severity: null })
    expect(feed.lines.map((line) => line.number)).toEqual([3])
    expect(feed.kinds.filter((choice) => choice.isCurrent).map((choice) => choice.value)).toEqual(['end'])
    expect(feed.severities.find((choice) => choice.value === 'minor')?.href).toBe('/en/?what=end&severity=minor#feed')
    const minor = await feedOf(context, fakeFeed(revisionsOf(ENDED)), { kind: null, severity: 'minor' })
    expect(minor.lines).toEqual([])
  })

  it('calls a retraction by its name and leaves parts to their whole', async () => {
    const [first] = revisionsOf(iran({}))
    if (first === undefined) throw new TypeError('no revision')
    const retracted = { ...first, incident: iran({ state: 'retracted' }), reasons: ['retracted' as const] }
    const part = {
      ...first,
      incident: iran({ entity: 'region:IR-11' as EntityId, partOf: 'IR-2026-01-08-a' as IncidentId }),
    }
    const feed = await feedOf(contextOf(liveView({}), {}), fakeFeed([part, retracted]), ALL)
    expect(feed.lines.map((line) => line.kind)).toEqual(['retracted'])
  })

  it('of a replay is that replay’s, not what was published live', async () => {
    const context = contextOf(iranView({}), { kind: 'replay', path: '/en/replay/iran-2026/' })
    const feed = await feedOf(context, fakeFeed([]), ALL)
    expect(feed.lines.map((line) => line.number)).toEqual([3, 2, 1])
    expect(feed.lines[0]?.href).toBe('/en/replay/iran-2026/incident/IR-2026-01-08-a')
  })
})

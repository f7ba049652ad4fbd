import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../model/brand.ts'
import { openMemoryStore } from '../../store/memory.ts'
import { openBehind, stageOf } from './behind.ts'

const at = (minutes: number): UnixSeconds => (1_700_000_000 + minutes * 60) as UnixSeconds

describe('how far history has come', () => {
  it('is as far as the signal that is farthest behind', () => {
    expect(stageOf([0, 1], 56)).toBe('begun')
    expect(stageOf([7 / 56, 1], 56)).toBe('week')
    expect(stageOf([0.99, 1], 56)).toBe('week')
    expect(stageOf([1, 1], 56)).toBe('complete')
    expect(stageOf([0.9], 3)).toBe('begun')
    expect(stageOf([], 56)).toBe('complete')
  })
})

describe('scopes that are behind their history', () => {
  it('are due at each milestone, and after the last once it is quiet or they have waited long', async () => {
    const behind = await openBehind(openMemoryStore(), at(0))
    await behind.add(['KZ', 'BY'], at(0))
    expect(behind.due('begun', at(0))).toEqual([])
    expect(behind.due('week', at(0))).toEqual(['KZ', 'BY'])
    await behind.caughtUp('BY')
    await behind.reached('week')
    expect(behind.due('week', at(0))).toEqual([])
    expect(behind.due('complete', at(0))).toEqual(['KZ'])
    await behind.reached('complete')
    expect(behind.due('complete', at(29))).toEqual([])
    expect(behind.due('complete', at(30))).toEqual(['KZ'])
    for (let minute = 20; minute < 360; minute += 20) await behind.add(['KZ'], at(minute))
    expect(behind.due('complete', at(359))).toEqual([])
    expect(behind.due('complete', at(360))).toEqual(['KZ'])
  })

  it('are known again after a kill, and nothing is trusted where nothing was written', async () => {
    const store = openMemoryStore()
    const first = await openBehind(store, at(0))
    expect(first.isKnown()).toBe(false)
    await first.add(['KZ'], at(0))
    await first.reached('week')
    const second = await openBehind(store, at(5))
    expect([second.isKnown(), second.isBefore('week'), second.isBefore('complete')]).toEqual([true, false, true])
    expect(second.due('complete', at(5))).toEqual(['KZ'])
    await store.putDerived('live/behind', new TextEncoder().encode('{"stage":"week","na'))
    expect((await openBehind(store, at(5))).isKnown()).toBe(false)
  })
})

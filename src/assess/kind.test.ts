import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KindClues } from './kind.ts'
import { kindOf } from './kind.ts'

const signal = (wish: Partial<KindClues['signals'][number]> = {}): KindClues['signals'][number] => ({
  badDirection: 'down',
  isService: false,
  ...wish,
})

describe('kindOf', () => {
  it('calls nearly nothing left a blackout, anything else partial', () => {
    expect(kindOf({ troughShare: 0.19, signals: [signal()] })).toBe('blackout')
    expect(kindOf({ troughShare: 0.2, signals: [signal()] })).toBe('partial')
    expect(kindOf({ troughShare: null, signals: [signal()] })).toBe('partial')
    expect(kindOf({ troughShare: null, signals: [] })).toBe('partial')
    expect(kindOf({ troughShare: 0.01, signals: [] })).toBe('blackout')
  })

  it('calls it blocking when single services are all that is off, however far', () => {
    const service = signal({ isService: true })
    expect(kindOf({ troughShare: 0, signals: [service, service] })).toBe('blocking')
    expect(kindOf({ troughShare: 0.1, signals: [service, signal()] })).toBe('blackout')
    expect(kindOf({ troughShare: 0.6, signals: [service, signal()] })).toBe('partial')
  })

  it('calls it throttling when all is slower and nothing is gone', () => {
    const slow = signal({ badDirection: 'up' })
    expect(kindOf({ troughShare: 0.1, signals: [slow] })).toBe('throttling')
    expect(kindOf({ troughShare: 0.1, signals: [slow, signal()] })).toBe('blackout')
  })

  it('does not depend on the order of signals, and never tells an allow-list, which needs a witness from inside', () => {
    const any = fc.record({
      badDirection: fc.constantFrom('down' as const, 'up' as const),
      isService: fc.boolean(),
    })
    const share = fc.option(fc.double({ min: 0, max: 2, noNaN: true }))
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), share, (signals, troughShare) => {
        const kind = kindOf({ troughShare, signals })
        expect(kindOf({ troughShare, signals: signals.toReversed() })).toBe(kind)
        expect(kind).not.toBe('allow-list')
      }),
    )
  })
})

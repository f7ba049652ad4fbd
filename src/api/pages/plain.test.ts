import { describe, expect, it } from 'vitest'
import { IODA_LIVE_SIGNALS, IODA_SIGNALS } from '../../collect/ioda/signals.ts'
import { signalKey } from '../../model/signal.ts'
import { catalogue } from '../../words/languages.ts'
import { liveView } from '../observatory.testing.ts'
import { contextOf } from './context.testing.ts'
import { methodPage } from './plain.ts'

describe('the page of the method', () => {
  it('explains every signal that is collected, imported or judged by rules of its own', async () => {
    const { rules } = await methodPage(contextOf(liveView({}), {}))
    const explained = Object.keys(catalogue('en').signals)
    const keys = [...IODA_SIGNALS, ...IODA_LIVE_SIGNALS].map((spec) => signalKey(spec))
    expect(rules.length).toBeGreaterThan(8)
    expect([...keys, ...rules.map(({ key }) => key)].filter((key) => !explained.includes(key))).toEqual([])
  })
})

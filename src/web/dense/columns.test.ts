import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readColumns } from './columns.ts'

const row = (change: object): object => ({
  time: '2026-01-08T16:30:00Z',
  value: 50,
  expected: 100,
  spread: 5,
  share: 0.5,
  reading: 'span',
  ...change,
})

describe('readColumns', () => {
  it('draws shares of usual with the band of what is usual', () => {
    const columns = readColumns({
      observations: [row({}), row({ value: null, share: null, reading: 'gap' })],
      sampled: true,
      stepSeconds: 300,
    })
    expect(columns).toMatchObject({
      measure: 'share',
      drawn: [0.5, null],
      values: [50, null],
      low: [0.9, 0.9],
      high: [1.1, 1.1],
      readings: ['span', 'gap'],
      sampled: true,
      step: 300,
    })
  })

  it('draws values while no usual is known, without a band', () => {
    const columns = readColumns({
      observations: [row({ expected: null, spread: null, share: null, reading: 'quiet' })],
    })
    expect(columns).toMatchObject({ measure: 'raw', drawn: [50], low: [null], high: [null], sampled: false })
  })

  it('makes no number out of what is none, and never a zero out of a gap', () => {
    const columns = readColumns({ observations: [row({ value: 'x', share: undefined, expected: 0 })] })
    expect(columns).toMatchObject({ values: [null], shares: [null], low: [null] })
  })

  it('takes nothing that is no series, whatever comes', () => {
    for (const body of [
      null,
      1,
      {},
      { observations: 1 },
      { observations: [row({ time: 'then' })] },
      { observations: [row({ reading: 'x' })] },
    ]) {
      expect(readColumns(body)).toBeNull()
    }
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(() => readColumns(body)).not.toThrow()
      }),
    )
  })
})

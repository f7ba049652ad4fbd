import { describe, expect, it } from 'vitest'
import { parseRfc3339 } from '../model/time.ts'
import { askedRange } from './asked-range.ts'

const at = (text: string): NonNullable<ReturnType<typeof parseRfc3339>> => {
  const parsed = parseRfc3339(text)
  if (parsed === null) throw new TypeError(text)
  return parsed
}

const NOW = at('2026-01-15T12:20:00Z')

describe('a range that an address asks for', () => {
  it('is what serves best where nothing is asked', () => {
    expect(askedRange(undefined, undefined, NOW)).toEqual({ from: null, until: null, name: 'best' })
    expect(askedRange('', ' ', NOW)).toEqual({ from: null, until: null, name: 'best' })
  })

  it.each([
    ['-24h', '2026-01-14T12:20:00Z', '24h'],
    ['-7d', '2026-01-08T12:20:00Z', '7d'],
    ['-30d', '2025-12-16T12:20:00Z', '30d'],
    ['-90m', '2026-01-15T10:50:00Z', 'custom'],
  ])('counts %s back from now', (text, from, name) => {
    expect(askedRange(text, undefined, NOW)).toEqual({ from: at(from), until: NOW, name })
  })

  it('keeps instants as they are, for links that show the same for ever', () => {
    expect(askedRange('2026-01-08', '2026-01-09T06:00Z', NOW)).toEqual({
      from: at('2026-01-08'),
      until: at('2026-01-09T06:00Z'),
      name: 'custom',
    })
  })

  it.each([
    ['yesterday', undefined, 'yesterday'],
    ['-24x', undefined, '-24x'],
    ['2026-01-09', '2026-01-08', '2026-01-09 – 2026-01-08'],
    ['-400d', undefined, '-400d'],
    ['2026-01-08', 'soon', 'soon'],
  ])('gives %s, %s back as it was written', (from, until, wrong) => {
    expect(askedRange(from, until, NOW)).toEqual({ wrong })
  })
})

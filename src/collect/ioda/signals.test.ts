import { describe, expect, it } from 'vitest'
import { IODA_SIGNALS, iodaSignalOfColumn } from './signals.ts'

describe('a column of an IODA export', () => {
  it.each([
    ['BGP (#Visible /24s)', 'bgp.visible_slash24s'],
    ['BGP (# Visible /24s)', 'bgp.visible_slash24s'],
    ['Active Probing (#/24s Up)', 'ping.up_slash24s'],
    ['Telescope (# Unique Source IPs)', 'telescope.unique_ips'],
    ['Merit Telescope', 'telescope.unique_ips'],
    ['Google (Search)', 'google.search_traffic'],
    ['Mozilla (City Count)', 'mozilla.city_count'],
    ['Google (Gmail)', null],
    ['Google (Maps)', null],
    ['Active Probing Latency (ms)', null],
    ['Active Probing Loss (%)', null],
    ['Country', null],
    ['', null],
  ])('"%s" holds %s', (title, signal) => {
    expect(iodaSignalOfColumn(title)?.signal ?? null).toBe(signal)
  })

  it('is named by its own label too', () => {
    for (const spec of IODA_SIGNALS) expect(iodaSignalOfColumn(spec.label)).toBe(spec)
  })
})

describe('the signals of IODA', () => {
  it('never count as a witness from inside: all are measured from outside', () => {
    expect(IODA_SIGNALS.every((each) => each.witness === 'none')).toBe(true)
  })

  it('are each in a group of their own', () => {
    expect(new Set(IODA_SIGNALS.map((each) => each.group)).size).toBe(IODA_SIGNALS.length)
  })
})

import { describe, expect, it } from 'vitest'
import { IODA_LIVE_SIGNALS, IODA_SIGNALS, iodaSignalOfColumn } from './signals.ts'

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
    expect([...IODA_SIGNALS, ...IODA_LIVE_SIGNALS].every((each) => each.witness === 'none')).toBe(true)
  })

  it('are each in a group of their own, but latency and loss, which rest on the probes that are counted', () => {
    expect(new Set(IODA_SIGNALS.map((each) => each.group)).size).toBe(IODA_SIGNALS.length)
    const ofPing = IODA_LIVE_SIGNALS.filter((each) => each.group === 'ioda/ping').map((each) => each.signal)
    expect(ofPing).toEqual(['ping.up_slash24s', 'ping.latency_ms', 'ping.loss_share'])
  })

  it('that are collected live are six, and Mozilla is none of them', () => {
    expect(IODA_LIVE_SIGNALS.map((each) => each.signal)).toEqual([
      'bgp.visible_slash24s',
      'ping.up_slash24s',
      'telescope.unique_ips',
      'google.search_traffic',
      'ping.latency_ms',
      'ping.loss_share',
    ])
  })

  it('are bad when they fall, but latency and loss when they rise', () => {
    const rising = IODA_LIVE_SIGNALS.filter((each) => each.badDirection === 'up').map((each) => each.signal)
    expect(rising).toEqual(['ping.latency_ms', 'ping.loss_share'])
  })
})

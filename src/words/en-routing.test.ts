import { describe, expect, it } from 'vitest'
import type { Loss } from '../model/going-dark.ts'
import type { DarkLine } from '../model/page.ts'
import { en } from './en.ts'
import { signalName } from './en-signals.ts'
import { at, ref } from './samples.testing.ts'

const NINE: Loss = {
  family: 'ipv4',
  prefixesLost: 9,
  prefixesBefore: 12,
  blocksLost: 3600,
  blocksBefore: 3900,
  firstLost: at('2022-01-05T10:31:07Z'),
  firstLostBin: at('2022-01-05T10:30:00Z'),
  mostLost: at('2022-01-05T10:34:40Z'),
  mostOf: 'visible',
  firstBack: at('2022-01-05T13:02:10Z'),
  mostBack: at('2022-01-05T13:05:00Z'),
}

function line(losses: readonly Loss[], change: Partial<DarkLine> = {}): DarkLine {
  return {
    entity: ref('operator:KZ.kcell', 'Kcell', 'Kazakhstan'),
    asns: [ref('as:29355', 'AS29355', null)],
    losses,
    isOwn: false,
    ...change,
  }
}

const said = (losses: readonly Loss[], before: DarkLine | null = null, change: Partial<DarkLine> = {}): string =>
  en.routing.line(line(losses, change), before)

describe('the order of going dark in words', () => {
  it('says who went first, when, how fast, and when it was back', () => {
    expect(said([NINE])).toBe(
      'Kcell (AS29355) went first, at 10:31:07 UTC on 5 January 2022; within 4 minutes 9 of 10 of its IPv4 address blocks were gone. 9 of 10 of them were back at 13:05:00 UTC.',
    )
  })

  it('says how much later the next one went, and leaves out the day that was named', () => {
    const next = { ...NINE, firstLost: at('2022-01-05T10:31:26Z'), mostLost: at('2022-01-05T10:31:26Z') }
    expect(said([next], line([NINE]))).toMatch(
      /^Kcell \(AS29355\) followed at 10:31:26 UTC, 19 seconds later; within a second 9 of 10 /,
    )
    const same = { ...NINE, mostLost: null, blocksLost: 12, mostBack: null, firstBack: null }
    expect(said([same], line([NINE]))).toBe(
      'Kcell (AS29355) followed at 10:31:07 UTC, in the same second; at the worst 12 of 3,900 of its IPv4 address blocks (/24) were gone. They have not come back in the time that was looked at.',
    )
    const day = { ...NINE, firstLost: at('2022-01-06T00:31:07Z'), mostLost: null }
    expect(said([day], line([NINE]))).toContain('followed at 00:31:07 UTC on 6 January 2022, 14 hours later')
  })

  it('claims no share of what nobody counted', () => {
    const uncounted = { ...NINE, blocksBefore: null, mostOf: 'lost' as const }
    expect(said([uncounted])).toContain('at the worst 3,600 of its IPv4 address blocks (/24) were gone')
  })

  it('names no second for what was gone before, and keeps IPv6 apart', () => {
    const six: Loss = { ...NINE, family: 'ipv6', firstLost: null, firstLostBin: null, mostLost: null }
    const text = said([six, NINE])
    expect(text).toContain(
      'had lost routes before the time that was looked at; at the worst 3,600 of 3,900 of its IPv6',
    )
    expect(text).toContain('Its IPv4 routes began to go at 10:31:07 UTC on 5 January 2022; within 4 minutes')
  })

  it('knows routes that are too small for a block, networks without a name, and those that lost nothing', () => {
    const small = { ...NINE, blocksLost: 0, mostLost: null, prefixesLost: 1 }
    expect(said([small])).toContain('1 route of IPv4 went, too small to hold an address block. They were back at')
    expect(said([NINE], null, { entity: null })).toMatch(/^A set of networks that share an origin went first/)
    expect(said([])).toBe('No route of Kcell (AS29355) went out of sight.')
  })

  it('speaks in whole sentences of every loss', () => {
    for (const mostLost of [NINE.mostLost, null]) {
      for (const mostBack of [NINE.mostBack, null]) {
        for (const firstLost of [NINE.firstLost, null]) {
          const text = said([{ ...NINE, mostLost, mostBack, firstLost }])
          expect(text).toMatch(/^[A-Z].*\.$/)
          expect(text).not.toMatch(/null|undefined|NaN| {2}/)
        }
      }
    }
  })

  it('says with the order that routes are not packets', () => {
    expect(en.routing.cannotShow).toContain('do not mean that packets pass')
  })

  it('says of a prefix what became of it', () => {
    expect(en.routing.shared({ prefix: '10.0.0.0/24', origins: [1, 2], movedTo: 2 })).toBe(
      '10.0.0.0/24 went out of sight with AS1 and came back from AS2.',
    )
    expect(en.routing.shared({ prefix: '10.0.0.0/24', origins: [1, 0], movedTo: null })).toBe(
      '10.0.0.0/24 is announced by AS1 and a set of several AS.',
    )
  })
})

describe('the signals of routes', () => {
  it.each(['ris', 'routeviews', 'bgp'] as const)('of %s are explained in two sentences each', (source) => {
    for (const signal of [
      'visible_slash24s',
      'visible_slash48s',
      'announced_prefixes',
      'updates',
      'withdrawals',
    ] as const) {
      const { name, about } = en.signals[`${source}/bgp.${signal}`]
      expect(name).toMatch(/\(.+\)$/)
      expect(about.match(/\.(?: |$)/g)).toHaveLength(2)
      expect(signalName(`${source}/bgp.${signal}`, 'label')).not.toBe('label')
    }
  })

  it('name the family that a series counts', () => {
    expect(en.routing.facet('Announced prefixes', 'ipv6')).toBe('Announced prefixes, IPv6')
    expect(en.routing.facet('Blocked', 'telegram')).toBe('Blocked')
    expect(signalName('bgp/bgp.toString', 'label')).toBe('label')
  })
})

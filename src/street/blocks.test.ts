import { describe, expect, it } from 'vitest'
import { blockRange } from './blocks.ts'

describe('a prefix as blocks', () => {
  it.each([
    ['0.0.0.0/0', 'ipv4', 0, 2 ** 24],
    ['2.72.0.0/13', 'ipv4', 0x02_48_00, 0x02_48_00 + 2048],
    ['255.255.255.0/24', 'ipv4', 0xff_ff_ff, 0x1_00_00_00],
    ['203.0.113.128/25', 'ipv4', 0xcb_00_71, 0xcb_00_71],
    ['2a03:32c0::/29', 'ipv6', 0x2a03_32c0_0000, 0x2a03_32c0_0000 + 2 ** 19],
    ['ffff:ffff:ffff::/48', 'ipv6', 0xffff_ffff_ffff, 0x1_0000_0000_0000],
    ['2001:db8:1:2::/64', 'ipv6', 0x2001_0db8_0001, 0x2001_0db8_0001],
  ])('%s is %s from %i to %i', (prefix, family, from, until) => {
    expect(blockRange(prefix)).toEqual({ family, from, until })
  })

  it('is none for what is no prefix', () => {
    expect(blockRange('2.72.0.0')).toBeNull()
    expect(blockRange('2.72.0.0/33')).toBeNull()
  })
})

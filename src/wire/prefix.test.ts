import fc from 'fast-check'
import { isIPv4, isIPv6 } from 'node:net'
import { describe, expect, it } from 'vitest'
import { emptyPrefix, formatAddress, formatIpv6, formatPrefix, parseAddress, parsePrefix } from './prefix.ts'

const into = emptyPrefix()
const word = fc.oneof(fc.constantFrom(0, 1, 0xffff, 0xffff0000, 0xffffffff), fc.integer({ min: 0, max: 0xffffffff }))

describe('an address', () => {
  it('is written as RFC 5952 says, and IPv4-mapped with a quad', () => {
    for (const [given, written] of [
      ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
      ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
      ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
      ['0:0:0:0:0:0:0:0', '::'],
      ['0:0:0:0:0:0:0:1', '::1'],
      ['0:0:0:0:0:0:0:20', '::20'],
      ['1:0:0:0:0:0:0:0', '1::'],
      ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
      ['::192.0.2.1', '::192.0.2.1'],
      ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
      ['192.0.2.1', '192.0.2.1'],
    ] as const) {
      expect(parseAddress(given, into)).toBe(true)
      expect(formatAddress(into)).toBe(written)
    }
  })

  it('shortens a lone group of zeros where it is asked to', () => {
    expect(formatIpv6(0x20010db8, 0x00000001, 0x00010001, 0x00010001)).toBe('2001:db8:0:1:1:1:1:1')
    expect(formatIpv6(0x20010db8, 0x00000001, 0x00010001, 0x00010001, 1)).toBe('2001:db8::1:1:1:1:1')
  })

  it('is the same when it is written and read, whatever it is', () => {
    fc.assert(
      fc.property(word, word, word, word, (word0, word1, word2, word3) => {
        const text = formatIpv6(word0, word1, word2, word3)
        expect(isIPv6(text)).toBe(true)
        expect(parseAddress(text, into)).toBe(true)
        expect([into.word0, into.word1, into.word2, into.word3]).toEqual([word0, word1, word2, word3])
      }),
    )
  })

  it('is one exactly where Node thinks so', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      'ff',
      'ffff',
      '12345',
      'g',
      '',
      ':',
      '::',
      '.',
      '255',
      '256',
      '1.2.3.4',
      '01',
      '%eth0',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), fc.constantFrom(':', '.', ''), (pieces, between) => {
        const text = pieces.join(between)
        const isOne = (isIPv4(text) || isIPv6(text)) && !text.includes('%')
        expect([text, parseAddress(text, into)]).toEqual([text, isOne])
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('a prefix', () => {
  it('loses the bits past its length', () => {
    expect(parsePrefix('11.13.255.255/13', into)).toBe(true)
    expect(formatPrefix(into)).toBe('11.8.0.0/13')
    expect(parsePrefix('2001:db8:ffff::1/33', into)).toBe(true)
    expect(formatPrefix(into)).toBe('2001:db8:8000::/33')
    expect(parsePrefix('0.0.0.0/0', into)).toBe(true)
    expect(formatPrefix(into)).toBe('0.0.0.0/0')
  })

  it('has a length that its family has, in plain digits', () => {
    for (const bad of [
      '10.0.0.0',
      '10.0.0.0/',
      '10.0.0.0/33',
      '::/129',
      '10.0.0.0/08',
      '10.0.0.0/+8',
      '10.0.0.0/8/8',
      '/8',
      '10.0.0.0/1e1',
      '10.0.0.0/0008',
    ])
      expect([bad, parsePrefix(bad, into)]).toEqual([bad, false])
    expect(parsePrefix('::/128', into)).toBe(true)
  })

  it('keeps exactly as many bits as its length says', () => {
    for (let length = 0; length <= 128; length += 1) {
      expect(parsePrefix(`ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/${length}`, into)).toBe(true)
      const bits = [into.word0, into.word1, into.word2, into.word3]
        .map((word) => word.toString(2).padStart(32, '0'))
        .join('')
      expect(bits).toBe('1'.repeat(length).padEnd(128, '0'))
    }
  })
})

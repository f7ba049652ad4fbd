import * as fc from 'fast-check'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { from } from './app.testing.ts'
import { addressGroup, clientOf } from './client-address.ts'

async function seen(env: object | undefined, forwarded: string | null, trustProxy: boolean): Promise<string> {
  const app = new Hono().get('/', (c) => c.text(String(clientOf(c, trustProxy))))
  const headers: Record<string, string> = forwarded === null ? {} : { 'x-forwarded-for': forwarded }
  return await (await app.request('/', { headers }, env)).text()
}

describe('a client', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:4711', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['unknown', null],
    ['', null],
    ['192.0.2.256', null],
  ])('at %s counts as %s', (text, group) => {
    expect(addressGroup(text)).toBe(group)
  })

  it('keeps its count whatever it takes for the lower half of its IPv6 address, and however that is written', () => {
    const group = fc.integer({ min: 0, max: 0xffff })
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 8, maxLength: 8 }),
        fc.array(group, { minLength: 4, maxLength: 4 }),
        (groups, lower) => {
          const long = groups.map((each) => each.toString(16))
          const short = new URL(`http://[${long.join(':')}]/`).hostname
          const other = [...long.slice(0, 4), ...lower.map((each) => each.toString(16))].join(':')
          const counted = addressGroup(long.join(':'))
          expect(addressGroup(short)).toBe(counted)
          if (!(counted ?? '').includes('.') && !other.startsWith('0:0:0:0:')) expect(addressGroup(other)).toBe(counted)
        },
      ),
    )
  })

  it('never makes the reading of an address throw, whatever a stranger writes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const group = addressGroup(text)
        expect(group === null || /^[\d.]+$|^[0-9a-f:]+::\/64$/.test(group)).toBe(true)
      }),
    )
  })

  it('has no address on the control socket, whatever it claims', async () => {
    expect(await seen(undefined, '192.0.2.1', true)).toBe('null')
    expect(await seen({ incoming: { socket: {} } }, '192.0.2.1', true)).toBe('null')
  })

  it('is believed about its address only behind a proxy of ours, and only what that proxy appended', async () => {
    expect(await seen(from('192.0.2.1'), '198.51.100.9', false)).toBe('192.0.2.1')
    expect(await seen(from('192.0.2.1'), '203.0.113.5, 198.51.100.9', true)).toBe('198.51.100.9')
    expect(await seen(from('192.0.2.1'), null, true)).toBe('192.0.2.1')
    expect(await seen(from('192.0.2.1'), 'nonsense', true)).toBe('192.0.2.1')
    expect(await seen(from('nonsense'), null, false)).toBe('unknown')
  })
})

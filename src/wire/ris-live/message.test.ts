import { describe, expect, it } from 'vitest'
import { createMrtReader } from '../mrt/reader.ts'
import { formatAddress, formatPrefix } from '../prefix.ts'
import type { PeerKey, RouteSink } from '../route-sink.ts'
import { createRisLiveState, decodeRisLive } from './message.ts'

/** Every call as a line, and the peers by number. */
function recorder(): { readonly lines: string[]; readonly sink: RouteSink } {
  const lines: string[] = []
  const keys: string[] = []
  return {
    lines,
    sink: {
      peer(key: PeerKey) {
        const name = `${formatAddress(key)} ${key.asn}`
        if (!keys.includes(name)) keys.push(name)
        return keys.indexOf(name)
      },
      ribBegins: () => undefined,
      entry: () => undefined,
      announce: (route) =>
        lines.push(
          `A ${keys[route.peer]} ${formatPrefix(route)} ${route.origin} ${route.pathHash} ${route.time} ${route.pathId}`,
        ),
      withdraw: (route) => lines.push(`W ${keys[route.peer]} ${formatPrefix(route)} ${route.time}`),
      state: (time, micros, peer, from, to) => lines.push(`S ${keys[peer]} ${time} ${micros} ${from} ${to}`),
      endOfRib: (time, peer, family) => lines.push(`E ${keys[peer]} ${time} ${family}`),
    },
  }
}

function decode(message: unknown): { outcome: ReturnType<typeof decodeRisLive>; lines: string[]; hosts: string[] } {
  const { lines, sink } = recorder()
  const hosts: string[] = []
  const into = (host: string): RouteSink => {
    hosts.push(host)
    return sink
  }
  const text = typeof message === 'string' ? message : JSON.stringify(message)
  return { outcome: decodeRisLive(text, into, createRisLiveState()), lines, hosts }
}

const data = {
  timestamp: 1_553_627_987.89,
  peer: '192.0.2.1',
  peer_asn: '64500',
  id: 'an id',
  host: 'rrc00',
  type: 'UPDATE',
}
const message = (more: object): object => ({ type: 'ris_message', data: { ...data, ...more } })

/** The BGP message in a BGP4MP_MESSAGE_AS4 record, as an archive would have it. */
function linesOfMrt(raw: string): string[] {
  const body = Buffer.concat([
    Buffer.from('0000fbf4' + '0000316e' + '0000' + '0001' + 'c0000201' + 'c0000202', 'hex'),
    Buffer.from(raw, 'hex'),
  ])
  const header = Buffer.alloc(12)
  header.writeUInt32BE(1_553_627_987, 0)
  header.writeUInt16BE(16, 4)
  header.writeUInt16BE(4, 6)
  header.writeUInt32BE(body.length, 8)
  const { lines, sink } = recorder()
  const reader = createMrtReader(sink)
  reader.push(Buffer.concat([header, body]))
  reader.end()
  expect(reader.counts.broken).toBe(0)
  return lines
}

/** An UPDATE of IPv4 with these path segments: type and numbers. */
function rawUpdate(segments: readonly (readonly [number, ...number[]])[], nlri: string): string {
  const path = Buffer.concat(
    segments.map(([type, ...asns]) => {
      const segment = Buffer.alloc(2 + asns.length * 4, 0)
      segment[0] = type
      segment[1] = asns.length
      asns.forEach((asn, index) => segment.writeUInt32BE(asn, 2 + index * 4))
      return segment
    }),
  ).toString('hex')
  const attributes = `40010100` + `4002${(path.length / 2).toString(16).padStart(2, '0')}${path}` + `400304c0000201`
  const body = `0000${(attributes.length / 2).toString(16).padStart(4, '0')}${attributes}${nlri}`
  return `${'f'.repeat(32)}${(body.length / 2 + 19).toString(16).padStart(4, '0')}02${body}`
}

describe('a message of RIS Live', () => {
  it('gives the routes that its raw form gives in an archive: sets, 4-byte numbers, prepending', () => {
    for (const [segments, path] of [
      [[[2, 64500, 3356, 3356, 9198]], [64500, 3356, 3356, 9198]],
      [[[2, 64500, 4_200_000_001]], [64500, 4_200_000_001]],
      [
        [
          [2, 64500],
          [1, 7, 9, 8],
        ],
        [64500, [9, 8, 7]],
      ],
      [
        [
          [2, 64500],
          [1, 7],
        ],
        [64500, [7]],
      ],
      [
        [
          [2, 64500],
          [1, 7, 9],
          [2, 5],
        ],
        [64500, [7, 9], 5],
      ],
      // One sequence cut in two is one path.
      [
        [
          [2, 64500],
          [2, 1, 2],
        ],
        [64500, 1, 2],
      ],
      [[], []],
    ] as const) {
      const archived = linesOfMrt(rawUpdate(segments, '18c00002' + '08' + '0a'))
      const live = decode(
        message({ path, announcements: [{ next_hop: '192.0.2.1', prefixes: ['192.0.2.0/24', '10.0.0.0/8'] }] }),
      )
      expect(archived).toHaveLength(2)
      expect(live.lines).toEqual(archived)
      expect(live.outcome).toMatchObject({
        kind: 'routes',
        announced: 2,
        withdrawn: 0,
        host: 'rrc00',
        id: 'an id',
        micros: 890_000,
      })
    }
  })

  it('withdraws before it announces, of both families', () => {
    const { lines } = decode(
      message({
        path: [64500],
        withdrawals: ['2001:db8::/32', '10.0.0.0/8'],
        announcements: [
          { next_hop: '2001:db8::1', prefixes: ['2001:db8:1::/48'] },
          { next_hop: '192.0.2.1', prefixes: ['10.0.0.0/8'] },
        ],
      }),
    )
    expect(
      lines.map((line) =>
        line
          .split(' ')
          .filter((_, index) => index === 0 || index === 3)
          .join(' '),
      ),
    ).toEqual(['W 2001:db8::/32', 'W 10.0.0.0/8', 'A 2001:db8:1::/48', 'A 10.0.0.0/8'])
  })

  it('knows who went down and who came up', () => {
    expect(decode(message({ type: 'RIS_PEER_STATE', state: 'down' })).lines).toEqual([
      'S 192.0.2.1 64500 1553627987 890000 0 1',
    ])
    expect(decode(message({ type: 'RIS_PEER_STATE', state: 'connected', peer_asn: 64500 })).lines).toEqual([
      'S 192.0.2.1 64500 1553627987 890000 0 6',
    ])
    expect(decode(message({ type: 'RIS_PEER_STATE', state: 'sideways' })).outcome).toEqual({
      kind: 'broken',
      fault: 'session-state',
    })
  })

  it('tells the end of a table only by the raw message', () => {
    const marker = 'F'.repeat(32)
    expect(decode(message({ raw: `${marker}00170200000000` })).lines).toEqual(['E 192.0.2.1 64500 1553627987 4'])
    expect(decode(message({ raw: `${marker}001D0200000006800F03000201` })).lines).toEqual([
      'E 192.0.2.1 64500 1553627987 6',
    ])
    expect(decode(message({ raw: `${marker}001E0200000007900F0003000201` })).lines).toEqual([
      'E 192.0.2.1 64500 1553627987 6',
    ])
    expect(decode(message({})).outcome).toEqual({ kind: 'other', type: 'UPDATE' })
  })

  it('passes over what holds no route', () => {
    expect(decode({ type: 'pong' }).outcome).toEqual({ kind: 'other', type: 'pong' })
    expect(decode(message({ type: 'KEEPALIVE' })).outcome).toEqual({ kind: 'other', type: 'KEEPALIVE' })
    expect(decode({ type: 'ris_error', data: { message: 'too fast' } }).outcome).toEqual({
      kind: 'error',
      message: 'too fast',
    })
    expect(decode({ type: 'ris_error' }).outcome).toMatchObject({ kind: 'error' })
  })

  it('names what is broken, and hands over nothing of it', () => {
    const announcements = [{ next_hop: '192.0.2.1', prefixes: ['10.0.0.0/8'] }]
    for (const [bad, fault] of [
      ['{"type":', 'not-json'],
      ['[1]', 'no-type'],
      ['null', 'no-type'],
      [{ type: 'ris_message' }, 'no-data'],
      [{ type: 'ris_message', data: [] }, 'no-data'],
      [{ type: 'ris_message', data: {} }, 'no-type'],
      [message({ timestamp: '1553627987' }), 'timestamp'],
      [message({ timestamp: -1 }), 'timestamp'],
      [message({ timestamp: 1e300 }), 'timestamp'],
      [message({ host: 5 }), 'host'],
      [message({ peer: '192.0.2.1.1' }), 'peer'],
      [message({ peer_asn: '64500x' }), 'peer-asn'],
      [message({ peer_asn: 1.5 }), 'peer-asn'],
      [message({ peer_asn: '4294967296' }), 'peer-asn'],
      [message({ announcements, path: 'AS64500' }), 'path'],
      [message({ announcements, path: [64500, -1] }), 'path'],
      [message({ announcements, path: [64500, [[1]]] }), 'path'],
      [message({ announcements: [{ prefixes: ['10.0.0.0/8', '10.0.0.0/33'] }], path: [1] }), 'announcements'],
      [message({ announcements: [null] }), 'announcements'],
      [message({ announcements: {} }), 'announcements'],
      [message({ withdrawals: ['10.0.0.0/8', 5] }), 'withdrawals'],
      [message({ withdrawals: '10.0.0.0/8' }), 'withdrawals'],
    ] as const) {
      const { outcome, lines, hosts } = decode(bad)
      expect(outcome).toEqual({ kind: 'broken', fault })
      expect(lines).toEqual([])
      expect(hosts).toEqual([])
    }
  })

  it('reads bytes as well as text', () => {
    const { lines, sink } = recorder()
    const bytes = Buffer.from(JSON.stringify(message({ withdrawals: ['10.0.0.0/8'] })))
    expect(decodeRisLive(bytes, () => sink, createRisLiveState()).kind).toBe('routes')
    expect(lines).toEqual(['W 192.0.2.1 64500 10.0.0.0/8 1553627987'])
  })
})

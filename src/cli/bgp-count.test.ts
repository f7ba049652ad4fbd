import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  join as joined,
  writeRib,
  writeUpdate,
  type WrittenPeer,
  type WrittenRoute,
} from '../collect/bgp/archive/mrt.testing.ts'
import { tocsin } from './run.testing.ts'

/** A Thursday at 00:00 UTC. */
const AT = 1_700_092_800
const peer = (n: number): WrittenPeer => ({ address: `192.0.2.${n}`, asn: 64_000 + n })
const PEERS = [peer(1), peer(2), peer(3)]
const tableOf = (from: WrittenPeer): WrittenRoute[] => [
  // Kcell's AS, by its row in data/operators.
  { prefix: '10.0.0.0/22', path: [from.asn, 29_355] },
  ...Array.from({ length: 12 }, (_, i) => ({ prefix: `10.2.${i}.0/24`, path: [from.asn, 64_510] })),
]

describe('tocsin bgp count', () => {
  let folder: string
  let rib: string
  let updates: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bgp-count-'))
    rib = join(folder, 'bview.gz')
    updates = join(folder, 'updates')
    writeFileSync(rib, gzipSync(writeRib(AT, PEERS, PEERS.map(tableOf))))
    writeFileSync(
      updates,
      joined([
        writeUpdate(AT + 10, PEERS[0]!, { withdraw: '10.0.0.0/22' }),
        writeUpdate(AT + 310, PEERS[1]!, { withdraw: '10.0.0.0/22' }),
      ]),
    )
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('prints counts of all bins as JSON lines, each with the peers that it rests on', async () => {
    const { code, out, err } = await tocsin([
      'bgp',
      'count',
      rib,
      updates,
      '--least-peers',
      '2',
      '--entity',
      'operator:KZ.kcell,as:64510',
      '--json',
    ])
    expect(err).toBe('')
    expect(code).toBe(0)
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const none = { slash48s: null, prefixes6: null, updates6: null, withdrawals6: null, voting6: 0, messagesOf6: 0 }
    const first = { bin: '2023-11-16T00:00:00Z', voting4: 3, messagesOf4: 3, updates4: 0, ...none }
    expect(lines).toEqual([
      { ...first, entity: 'operator:KZ.kcell', slash24s: 4, prefixes4: 1, withdrawals4: 1 / 3 },
      { ...first, entity: 'as:64510', slash24s: 12, prefixes4: 12, withdrawals4: 0 },
      {
        ...first,
        bin: '2023-11-16T00:05:00Z',
        entity: 'operator:KZ.kcell',
        slash24s: 0,
        prefixes4: 0,
        withdrawals4: 1 / 3,
      },
      { ...first, bin: '2023-11-16T00:05:00Z', entity: 'as:64510', slash24s: 12, prefixes4: 12, withdrawals4: 0 },
    ])
  })

  it('prints the newest bin as a table, and one bin as CSV', async () => {
    const table = await tocsin(['bgp', 'count', rib, updates, '--least-peers', '2', '--country', 'KZ', '--top', '2'])
    expect(table.out).toContain('2023-11-16T00:05:00Z, five minutes. Voting peer ASes: 3 for IPv4, 0 for IPv6')
    expect(table.out).toMatch(/^country:KZ +0 +– +0 +– +0 +– +0.33 +–$/m)
    const csv = await tocsin([
      'bgp',
      'count',
      rib,
      updates,
      '--least-peers',
      '2',
      '--entity',
      'country:KZ',
      '--csv',
      '--bin',
      '2023-11-16T00:00:00Z',
    ])
    expect(csv.out.trim().split('\n')).toEqual([
      'bin,entity,voting4,voting6,messages_of4,messages_of6,slash24s,slash48s,prefixes4,prefixes6,updates4,updates6,withdrawals4,withdrawals6',
      `2023-11-16T00:00:00Z,country:KZ,3,0,3,0,4,,1,,0,,${1 / 3},`,
    ])
  })

  it('says nothing of what is visible where too few vote, or no RIB is given', async () => {
    const few = await tocsin(['bgp', 'count', rib, '--entity', 'country:KZ', '--csv'])
    expect(few.err).toContain(
      'IPv4: 3 peer ASes vote at the end, 10 are wanted: nothing is said. --least-peers takes fewer',
    )
    expect(few.out.trim().split('\n').at(-1)).toBe('2023-11-16T00:00:00Z,country:KZ,3,0,3,0,,,,,,,,')
    const alone = await tocsin(['bgp', 'count', updates, '--csv'])
    expect(alone.err).toContain('No RIB among these files')
    // Nobody's routes are known: what is withdrawn cannot be told to be anybody's.
    expect(alone.out).not.toContain('as:')
  })

  it('names what is wrong with a file or a wish', async () => {
    const noFile = await tocsin(['bgp', 'count', join(folder, 'none')])
    expect([noFile.code, noFile.err]).toEqual([
      1,
      `tocsin: cannot read ${join(folder, 'none')}: there is no such file\n`,
    ])
    const noMrt = join(folder, 'text')
    writeFileSync(noMrt, 'this is no archive at all')
    expect((await tocsin(['bgp', 'count', noMrt])).err).toBe(`tocsin: cannot count ${noMrt}: it is no MRT file\n`)
    const noEntity = await tocsin(['bgp', 'count', rib, '--entity', 'KZ'])
    expect([noEntity.code, noEntity.err]).toEqual([
      2,
      'tocsin: "KZ" is no entity; ids are such as country:KZ, operator:KZ.kcell, access:KZ.mobile, as:9198\n',
    ])
    const cut = join(folder, 'bview-cut')
    writeFileSync(cut, writeRib(AT, PEERS, PEERS.map(tableOf)).subarray(0, 700))
    const broken = await tocsin(['bgp', 'count', cut, '--least-peers', '2'])
    expect(broken.code).toBe(1)
    expect(broken.err).toContain(`${cut} ends within a record, at byte `)
  })
})

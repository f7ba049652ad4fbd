import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { attribute, bgp4mp, path, peerIndexTable, prefix, rib, update } from '../wire/encode.testing.ts'
import { tocsin } from './run.testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-mrt-'))
afterAll(() => rmSync(folder, { recursive: true }))

const T = 1_600_000_000
const PEER = { address: '192.0.2.1', asn: 64_500 }
const about = [attribute(1, Buffer.from([0])), attribute(2, path([[2, 64_500, 9198]], 4))]
const announced = bgp4mp(T, 4, PEER, update({ attributes: about, nlri: [prefix('10.0.0.0/8')] }))
const table = peerIndexTable(T, [PEER])
const badEntry = rib(T, 0, '10.0.0.0/8', [{ peer: 7, originated: T, attributes: about }])
const badUpdate = bgp4mp(T, 4, PEER, update({ withdrawn: [Buffer.from([33])] }))
const tooLong = Buffer.from(announced)
tooLong.writeUInt32BE(0x70000000, 8)

function write(name: string, ...records: readonly Uint8Array[]): string {
  const file = join(folder, name)
  writeFileSync(file, Buffer.concat(records))
  return file
}

describe('tocsin mrt', () => {
  it('prints and counts an archive, and says on standard error what was broken', async () => {
    const file = write('some', announced, badUpdate, announced)
    const line = `BGP4MP|${T}|A|192.0.2.1|64500|10.0.0.0/8|64500 9198|IGP|255.255.255.255|0|0||NAG||\n`
    const dumped = await tocsin(['mrt', 'dump', file])
    expect([dumped.code, dumped.out]).toEqual([0, line + line])
    expect(dumped.err).toContain('1 broken record: prefix-length (RFC 4271 §4.3')
    const json = await tocsin(['mrt', 'dump', '--json', file])
    expect(
      json.out
        .trimEnd()
        .split('\n')
        .map((each) => JSON.parse(each) as unknown),
    ).toMatchObject([
      {
        time: T,
        type: 'BGP4MP',
        subtype: 'MESSAGE_AS4',
        message: 'UPDATE',
        announced: ['10.0.0.0/8'],
        originAsn: 9198,
      },
      { broken: 'prefix-length' },
      { attributes: { origin: 'IGP', asPath: [64_500, 9198] } },
    ])
    const stats = await tocsin(['mrt', 'stats', '--json', file])
    expect(JSON.parse(stats.out)).toMatchObject({
      records: 3,
      broken: 1,
      announcements: 2,
      truncatedAt: null,
      sessions: [{ address: '192.0.2.1', asn: 64_500, announcements: 2 }],
    })
    expect((await tocsin(['mrt', 'stats', file])).out).toMatch(/^announcements +2$/m)
  })

  it('keeps broken records so that they can be read again, with the table of peers that they need', async () => {
    const file = write('broken', announced, table, badEntry, badUpdate, tooLong, announced)
    const kept = join(folder, 'kept')
    const { code } = await tocsin(['mrt', 'stats', '--keep-broken', kept, file])
    expect(code).toBe(0)
    expect(readFileSync(kept)).toEqual(Buffer.concat([table, badEntry, badUpdate, tooLong]))
    const reasons = readFileSync(`${kept}.reasons.jsonl`, 'utf8').trimEnd().split('\n')
    const at = announced.length + table.length
    expect(reasons.map((each) => JSON.parse(each) as unknown)).toMatchObject([
      { reason: 'peer-index-missing', offset: at, at: table.length, bytes: badEntry.length },
      { reason: 'prefix-length', offset: at + badEntry.length, bytes: badUpdate.length },
      { reason: 'record-too-long', offset: at + badEntry.length + badUpdate.length, bytes: tooLong.length },
    ])
    const again = JSON.parse((await tocsin(['mrt', 'stats', '--json', kept])).out) as { brokenReasons: unknown }
    expect(again.brokenReasons).toEqual([
      { reason: 'record-too-long', records: 1 },
      { reason: 'peer-index-missing', records: 1 },
      { reason: 'prefix-length', records: 1 },
    ])
  })

  it('says how far it got in a file that is cut off, and fails', async () => {
    const file = write('cut', announced, announced.subarray(0, 30))
    const { code, out, err } = await tocsin(['mrt', 'dump', file])
    expect(code).toBe(1)
    expect(out.split('\n')).toHaveLength(2)
    expect(err).toContain(`ends within a record: read to byte ${announced.length} of ${announced.length + 30}`)
  })

  it('says what is wrong with a path, and with words that it does not know', async () => {
    const text = write('text', Buffer.from('This is no archive at all, but a text of some length.\n'))
    for (const [args, code, says] of [
      [['mrt', 'dump', join(folder, 'nothing')], 1, 'there is no such file'],
      [['mrt', 'stats', folder], 1, 'it is a folder'],
      [['mrt', 'stats', text], 1, 'is no MRT file'],
      [['mrt', 'dump', '--keep-broken', join(folder, 'no', 'such'), text], 1, 'cannot write broken records'],
      [['mrt', 'dump'], 2, 'Expected argument for file'],
      [['mrt', 'show', text], 2, 'show'],
    ] as const) {
      const ran = await tocsin(args)
      expect([args, ran.code, ran.out]).toEqual([args, code, ''])
      expect(ran.err).toContain(says)
    }
  })
})

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { REGISTRY_URLS } from '../collect/netdata/registries.ts'
import { netdataUpdateCommand } from './netdata-update.ts'
import { netdataShowCommand } from './netdata-show.ts'
import { spoken, statistics } from './netdata.testing.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-update-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The world of registries as they publish, without the network: each has one AS of Kazakhstan. */
function registries(refusing: readonly string[]): typeof fetch {
  return (input) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url
    const registry = Object.entries(REGISTRY_URLS).find(([, each]) => url.startsWith(each))?.[0]
    if (registry === undefined) return Promise.reject(new Error(`nobody is asked by ${url}`))
    if (refusing.includes(registry))
      return Promise.reject(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } }))
    if (url.endsWith('.md5')) return Promise.resolve(new Response('no', { status: 404 }))
    const line = `${registry}|KZ|asn|${64_496 + registry.length}|1|20200101|allocated|h`
    return Promise.resolve(new Response(statistics(registry, '2024-01-05', [line])))
  }
}

const u16 = (value: number): number[] => [value >>> 8, value & 255]
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)]

/** RFC 6396 §4.3: a peer index of two and one RIB entry of each for 203.0.113.0/24, by AS64500 and AS64501. */
function rib(): Buffer {
  const record = (subtype: number, body: readonly number[]): number[] => [
    ...u32(1_704_412_800),
    ...u16(13),
    ...u16(subtype),
    ...u32(body.length),
    ...body,
  ]
  const peer = (last: number): number[] => [2, 192, 0, 2, last, 192, 0, 2, last, ...u32(64_510 + last)]
  const index = record(1, [192, 0, 2, 9, ...u16(0), ...u16(2), ...peer(1), ...peer(2)])
  const entry = (at: number, origin: number): number[] => {
    const path = [0x40, 2, 10, 2, 2, ...u32(64_510 + at + 1), ...u32(origin)]
    const attributes = [0x40, 1, 1, 0, ...path, 0x40, 3, 4, 192, 0, 2, 1]
    return [...u16(at), ...u32(1_704_400_000), ...u16(attributes.length), ...attributes]
  }
  const prefix = [24, 203, 0, 113]
  const entries = record(2, [...u32(0), ...prefix, ...u16(2), ...entry(0, 64_500), ...entry(1, 64_501)])
  return Buffer.from([...index, ...entries])
}

describe('tocsin netdata update', () => {
  it('fetches all five, so that what is shown goes by them', async () => {
    const { context, out } = spoken(registries([]))
    await netdataUpdateCommand.call(context, { folder, json: false })
    expect(
      out()
        .split('\n')
        .map((line) => line.slice(0, 30).split(':')[0]),
    ).toEqual([...Object.keys(REGISTRY_URLS), ''])
    expect(readdirSync(join(folder, 'netdata/delegated'))).toHaveLength(6)
    expect(context.process.exitCode).toBeUndefined()
    const shown = spoken(registries([]))
    await netdataShowCommand.call(shown.context, { folder, json: false }, 'AS64500')
    expect(shown.out()).toContain('counts for Kazakhstan (KZ)')
  })

  it('says which registry failed, keeps the others, and ends with a code of 1', async () => {
    const { context, out } = spoken(registries(['arin', 'lacnic']))
    await netdataUpdateCommand.call(context, { folder, json: true })
    const body = JSON.parse(out()) as { registries: { registry: string; kind: string; date?: string; keeps?: null }[] }
    expect(body.registries.map(({ registry, kind, date, keeps }) => [registry, kind, date ?? keeps])).toEqual([
      ['ripencc', 'new', '2024-01-05T00:00:00Z'],
      ['apnic', 'new', '2024-01-05T00:00:00Z'],
      ['arin', 'failed', null],
      ['lacnic', 'failed', null],
      ['afrinic', 'new', '2024-01-05T00:00:00Z'],
    ])
    expect(context.process.exitCode).toBe(1)
  })

  it('keeps who originates what, with all origins of a prefix', async () => {
    const path = join(folder, 'rib.mrt')
    writeFileSync(path, rib())
    const { context, out, err } = spoken(registries([]))
    await netdataUpdateCommand.call(context, { folder, rib: path, json: false })
    expect(err()).toBe('')
    expect(out().split('\n')[0]).toBe(
      'RIB of 2024-01-05T00:00:00Z, 2 sessions: 1 prefixes of IPv4 (1 of several origins), 0 prefixes of IPv6 (0 of several origins)',
    )
    expect(readdirSync(join(folder, 'netdata/origins'))).toEqual(['origins-2024-01-05.txt.gz'])
    const shown = spoken(registries([]))
    await netdataShowCommand.call(shown.context, { folder, json: false }, '203.0.113.0/24')
    expect(shown.out()).toContain('route 203.0.113.0/24, of 2 origins\n    by AS64500: 1 of 2 sessions')
  })

  it('asks nobody where the RIB that was named is none', async () => {
    let asked = 0
    const { context } = spoken((...request) => {
      asked += 1
      return registries([])(...request)
    })
    const update = (path: string) => netdataUpdateCommand.call(context, { folder, rib: path, json: false })
    await expect(update(join(folder, 'nothing'))).rejects.toThrow('there is no such file')
    await expect(update(folder)).rejects.toThrow('it is a folder; name one file')
    // The first record alone: peers, and no route of theirs.
    const path = join(folder, 'index.mrt')
    writeFileSync(path, rib().subarray(0, 12 + 34))
    await expect(update(path)).rejects.toThrow('holds no RIB: name a dump of a whole table')
    expect(asked).toBe(0)
  })
})

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../../model/brand.ts'
import { parseRfc3339, utcDate } from '../../model/time.ts'
import { datedFiles, readGzip, writeGzip, writeWhole } from './files.ts'
import { delegatedFolder, originsFolder, readNetworkMap, readOrigins, readUsersPerAs } from './folder.ts'

const at = (text: string): UnixSeconds => parseRfc3339(text) ?? (Number.NaN as UnixSeconds)
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-netdata-'))
  mkdirSync(delegatedFolder(folder))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(name: string, content: string | Buffer): void {
  writeFileSync(join(delegatedFolder(folder), name), content)
}

/** AS64496 is registered in the given country. */
function delegated(day: string, country: string, registry = 'ripencc'): void {
  const text = `2|${registry}|1|1|19830705|${day.replaceAll('-', '')}|+0000\n${registry}|${country}|asn|64496|1|20200101|allocated|h\n`
  put(`${registry}-${day}.txt.gz`, gzipSync(text))
}

const countryAt = async (text: string) => {
  const map = await readNetworkMap(folder, at(text), [])
  return [map.as(64_496).country, map.date === null ? null : utcDate(map.date)]
}

describe('readNetworkMap', () => {
  it('takes the newest file of the day or before', async () => {
    delegated('2021-12-01', 'KZ')
    delegated('2022-02-01', 'RU')
    expect(await countryAt('2022-01-05')).toEqual(['KZ', '2021-12-01'])
    expect(await countryAt('2022-02-01')).toEqual(['RU', '2022-02-01'])
    expect(await countryAt('2026-01-01')).toEqual(['RU', '2022-02-01'])
  })

  it('takes the oldest where all are newer, and says so', async () => {
    delegated('2021-12-01', 'KZ')
    delegated('2022-02-01', 'RU')
    expect(await countryAt('2020-01-01')).toEqual(['KZ', '2021-12-01'])
    expect((await readNetworkMap(folder, at('2020-01-01'), [])).provenance).toEqual([
      'ripencc-2021-12-01.txt.gz: 1 records delegated by ripencc until 2021-12-01; newer than 2020-01-01: there is no older one',
    ])
  })

  it('chooses for each registry by itself', async () => {
    delegated('2021-12-01', 'KZ')
    delegated('2022-02-01', 'RU', 'apnic')
    const { provenance } = await readNetworkMap(folder, at('2022-01-05'), [])
    expect(provenance.map((each) => each.slice(0, 16))).toEqual([
      'ripencc-2021-12-',
      'apnic-2022-02-01',
      // Both have the same AS.
      '1 stretches that',
    ])
  })

  it('goes on to an older file where one cannot be used, and says so', async () => {
    delegated('2021-11-01', 'KZ')
    const whole = gzipSync('2|ripencc|1|0|19830705|20211203|+0000\n')
    put('ripencc-2021-12-01.txt.gz', 'no gzip')
    put('ripencc-2021-12-02.txt.gz', gzipSync('<html>'))
    put('ripencc-2021-12-03.txt.gz', whole.subarray(0, whole.length - 9))
    put('ripencc-2021-12-04.txt.gz', gzipSync('2|apnic|1|0|19830705|20211204|+0000\n'))
    const map = await readNetworkMap(folder, at('2022-01-05'), [])
    expect(map.as(64_496).country).toBe('KZ')
    expect(map.provenance.slice(0, 4).every((each) => each.includes(' cannot be used: '))).toBe(true)
    expect(map.provenance[0]).toBe('ripencc-2021-12-04.txt.gz cannot be used: it is of apnic')
    expect(map.provenance).toHaveLength(5)
  })

  it('is made of operators alone where nothing was fetched', async () => {
    const map = await readNetworkMap(join(folder, 'nowhere'), at('2022-01-05'), [])
    expect([map.date, map.provenance]).toEqual([null, []])
  })

  it('lets other files be', async () => {
    put('asked.json', '{}')
    put('ripencc-2021-12-01.txt.gz.new', 'half')
    put('ripencc-2021-13-01.txt.gz', 'no such month')
    expect(await datedFiles(delegatedFolder(folder), 'ripencc')).toEqual([])
  })
})

describe('readOrigins', () => {
  it('chooses by the same rule, and goes on where a file cannot be read', async () => {
    const snapshot = (day: string) => `origins 1 ${day}T08:00:00Z 2\n203.0.113.0/24 64500:2\n`
    await writeGzip(join(originsFolder(folder), 'origins-2021-12-01.txt.gz'), snapshot('2021-12-01'))
    await writeGzip(join(originsFolder(folder), 'origins-2021-12-02.txt.gz'), 'something else')
    await writeGzip(join(originsFolder(folder), 'origins-2022-02-01.txt.gz'), snapshot('2022-02-01'))
    expect(utcDate((await readOrigins(folder, at('2022-01-05')))!.date)).toBe('2021-12-01')
    expect(utcDate((await readOrigins(folder, at('2023-01-05')))!.date)).toBe('2022-02-01')
    expect(await readOrigins(join(folder, 'nowhere'), at('2022-01-05'))).toBeNull()
  })
})

describe('readUsersPerAs', () => {
  it('reads the file that the operator put there, and names it where it is wrong', async () => {
    expect(await readUsersPerAs(folder, at('2024-01-01'))).toBeNull()
    writeFileSync(join(folder, 'users.csv'), 'asn,users,date,source\n9198,5,2023-01-01,x\n')
    expect((await readUsersPerAs(folder, at('2024-01-01')))?.of(9198)?.users).toBe(5)
    writeFileSync(join(folder, 'users.csv'), 'asn\n')
    await expect(readUsersPerAs(folder, at('2024-01-01'))).rejects.toThrow(join(folder, 'users.csv'))
  })
})

describe('writeWhole', () => {
  it('leaves the old file, and nothing beside it, where the new one cannot be put in its place', async () => {
    mkdirSync(join(folder, 'taken/inside'), { recursive: true })
    await expect(writeWhole(join(folder, 'taken'), 'x')).rejects.toThrow()
    expect(readdirSync(folder).sort()).toEqual(['delegated', 'taken'])
    await writeGzip(join(folder, 'a/b.gz'), 'one')
    await writeGzip(join(folder, 'a/b.gz'), 'two')
    expect((await readGzip(join(folder, 'a/b.gz'))).toString()).toBe('two')
  })
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { netdataShowCommand } from './netdata-show.ts'
import { spoken, writeDelegated } from './netdata.testing.ts'
import { tocsin } from './run.testing.ts'

const noFetch: typeof fetch = () => Promise.reject(new Error('nobody is asked'))
const noFolder = join(tmpdir(), 'tocsin-not-there')
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-show-'))
  writeDelegated(folder, 'ripencc', '2022-01-01', [
    'ripencc|KZ|asn|64496|1|20200101|allocated|a',
    'ripencc|RU|asn|64497|1|20200101|allocated|b',
    'ripencc|SC|asn|64498|1|20200101|allocated|c',
    'ripencc|KZ|ipv4|192.0.2.0|256|20200101|allocated|a',
    'ripencc|RU|ipv4|198.51.100.0|256|20200101|allocated|b',
    'ripencc|KZ|ipv6|2001:db8::|32|20200101|allocated|a',
  ])
  writeDelegated(folder, 'ripencc', '2023-01-01', ['ripencc|UZ|asn|64496|1|20200101|allocated|a'])
  mkdirSync(join(folder, 'netdata/origins'))
  writeFileSync(
    join(folder, 'netdata/origins/origins-2022-01-02.txt.gz'),
    gzipSync(
      'origins 1 2022-01-02T08:00:00Z 40\n192.0.2.0/24 64496:38 64497:2\n198.51.100.0/24 64496:40\n198.51.100.0/25 64496:40\n2001:db8::/32 64496:31\n',
    ),
  )
  writeFileSync(join(folder, 'netdata/users.csv'), 'asn,users,date,source\n64496,1200000,2022-01-01,Somebody\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function show(what: string, at = '2022-01-05', of = folder): Promise<{ out: string; err: string }> {
  const { context, out, err } = spoken(noFetch)
  await netdataShowCommand.call(context, { folder: of, at, json: false }, what)
  return { out: out(), err: err() }
}

async function showJson(what: string, at = '2022-01-05', of = folder): Promise<Record<string, unknown>> {
  const { context, out } = spoken(noFetch)
  await netdataShowCommand.call(context, { folder: of, at, json: true }, what)
  return JSON.parse(out()) as Record<string, unknown>
}

describe('tocsin netdata show', () => {
  it('says of an AS where it is registered, what it originates, and whose space that is', async () => {
    const { out, err } = await show('64496')
    expect(out).toBe(
      [
        'AS64496',
        '  registered in KZ by ripencc',
        '  counts for Kazakhstan (KZ)',
        '  users: 1,200,000, by Somebody, 2022-01-01',
        '  originates 3 prefixes of IPv4, 2 /24; registered in another country: 2 (RU 2)',
        '  originates 1 prefixes of IPv6, 65,536 /48',
        '',
      ].join('\n'),
    )
    expect(err).toContain('ripencc-2022-01-01.txt.gz: 6 records')
    expect(err).toContain('By a RIB of 2022-01-02T08:00:00Z, 40 sessions')
  })

  it('goes by the files of the day that is asked for', async () => {
    expect((await show('64496', '2023-06-01')).out).toContain('counts for Uzbekistan (UZ)')
    const earlier = await show('64496', '2021-01-01')
    expect(earlier.out).toContain('counts for Kazakhstan (KZ)')
    expect(earlier.err).toContain('newer than 2021-01-01: there is no older one')
  })

  it('says of a prefix who originates it, and for whom it counts', async () => {
    expect((await show('192.0.2.77')).out).toBe(
      [
        '192.0.2.77/32',
        '  delegated by ripencc to holder a, registered in Kazakhstan (KZ)',
        '  route 192.0.2.0/24, of 2 origins',
        '    by AS64496: 38 of 40 sessions; counts for Kazakhstan (KZ); its own space',
        '    by AS64497: 2 of 40 sessions; counts for Russia (RU); space registered in another country: leased, bought or a customer’s',
        '  0 more specific routes inside',
        '',
      ].join('\n'),
    )
    expect(await showJson('198.51.100.0/24')).toMatchObject({
      prefix: {
        registered: 'RU',
        moreSpecific: 1,
        route: { prefix: '198.51.100.0/24', origins: [{ asn: 64_496, tenure: 'foreign' }] },
      },
      basis: { at: '2022-01-05T00:00:00Z', routes: { rib: '2022-01-02T08:00:00Z', sessions: 40 } },
    })
    expect((await show('203.0.113.0/24')).out).toContain('no route in the RIB covers it')
  })

  it('says why an AS carries no country', async () => {
    expect((await show('64498')).out).toContain('counts prefix by prefix: firms of Seychelles')
    expect((await show('1299')).out).toContain('counts prefix by prefix: Arelion')
    expect((await show('47203')).out).toContain('counts for no country: disputed between Ukraine (UA) and Russia (RU)')
    expect((await show('64499')).out).toContain('no registry that was read has it with a country')
  })

  it('shows an operator with its sources, and each of its AS', async () => {
    const { out } = await show('operator:KZ.kcell')
    expect(out).toContain('Kcell (operator:KZ.kcell)\n  Kazakhstan (KZ), mobile\n')
    expect(out).toContain('\n  source: ')
    expect(out).toContain('\nAS29355 · Kcell (operator:KZ.kcell, mobile)\n')
  })

  it('shows a country: what is registered there, its operators, what is disputed', async () => {
    const { out } = await show('KZ')
    expect(out).toContain('registered there: 1 AS numbers, 1 /24 of IPv4, 65,536 /48 of IPv6')
    expect(out).toContain('Kcell (operator:KZ.kcell, mobile): AS29355')
    expect((await show('UA')).out).toContain('AS47203: counts for no country: disputed between')
    expect((await show('SC')).out).toContain('registration alone counts for nothing: firms of Seychelles')
  })

  it('says what is missing before anything was fetched, and still shows operators', async () => {
    const { out, err } = await show('9198', '2022-01-05', noFolder)
    expect(err).toContain(
      `No files of the registries in ${join(noFolder, 'netdata')}: fetch them with \`tocsin netdata update\``,
    )
    expect(out).toContain('AS9198 · Kazakhtelecom (operator:KZ.kazakhtelecom')
    expect(out).toContain('counts for Kazakhstan (KZ)')
    expect(await showJson('KZ', '2022-01-05', noFolder)).toMatchObject({ country: { registered: null } })
    expect((await show('192.0.2.0/24', '2022-01-05', noFolder)).out).toContain('routes are not known')
  })

  it('gives every kind of answer as one object of JSON, without what is not for the public', async () => {
    for (const what of ['9198', '192.0.2.0/24', 'KZ', 'operator:KZ.kcell']) {
      const body = await showJson(what)
      expect(Object.keys(body)).toContain('basis')
      expect(JSON.stringify(body)).not.toContain('elsewhere')
    }
  })

  it.each([
    ['soon', '"soon" is no date or instant, such as 2022-01-05'],
    ['2022-02-30', '"2022-02-30" is no date or instant'],
  ])('refuses the date %s', async (at, words) => {
    await expect(show('KZ', at)).rejects.toThrow(words)
  })
})

describe('the command line', () => {
  it('shows without a folder, and refuses wrong words with a code of 2', async () => {
    const shown = await tocsin(['netdata', 'show', 'AS9198', '--folder', noFolder])
    expect([shown.code, shown.out.split('\n')[0]]).toEqual([
      0,
      'AS9198 · Kazakhtelecom (operator:KZ.kazakhtelecom, fixed)',
    ])
    for (const words of [
      ['netdata', 'show'],
      ['netdata', 'show', '203.0.113.0/99'],
      ['netdata', 'shew', 'KZ'],
      ['netdata', 'show', 'KZ', '--at', 'x'],
    ]) {
      const refused = await tocsin(words)
      expect([words.join(' '), refused.code, refused.out]).toEqual([words.join(' '), 2, ''])
      expect(refused.err.length).toBeGreaterThan(0)
    }
  }, 60_000)
})

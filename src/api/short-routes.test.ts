import { describe, expect, it } from 'vitest'
import type { Incident } from '../model/incident.ts'
import { iran } from '../words/samples.testing.ts'
import { fakeApp, okJson, problemAt } from './app.testing.ts'
import { blindness } from './live.testing.ts'
import { emptyView, liveView, spec } from './observatory.testing.ts'
import { ShortSchema } from './short-routes.ts'

const at = (text: string): never => (Date.parse(text) / 1000) as never
const app = fakeApp(liveView({}), {})

async function text(path: string, of = app): Promise<string> {
  const response = await of.request(path)
  expect([response.status, response.headers.get('content-type')], path).toEqual([200, 'text/plain; charset=UTF-8'])
  return await response.text()
}

const short = async (path: string, of = app) => ShortSchema.parse(await okJson(of, path))

describe('a country in plain text', () => {
  it('says the sentence, the numbers, how sure we are, how old our data are and what we cannot see', async () => {
    const said = (await text('/IR.txt')).replaceAll('\n', ' ')
    expect(said).toMatch(/^Iran has been almost entirely offline since 8 January 2026, 16:30 UTC/)
    expect(said).toMatch(/% of usual/)
    expect(said).toMatch(/independent signals/)
    expect(said).toContain('Our newest data of it are from 15 January 2026, 12:00 UTC, 20 minutes ago.')
    expect(said).toMatch(/What we cannot see: .*mobile networks alone would not show/)
    expect(said).toMatch(/More: localhost\/en\/country\/IR $/)
  })

  it('says with every ‘nothing unusual’ what would have shown', async () => {
    const said = (await text('/KZ.txt')).replaceAll('\n', ' ')
    expect(said).toMatch(/^Nothing unusual in Kazakhstan\. A cut of a quarter of the country that lasted an hour/)
  })

  it('never says ‘nothing unusual’ of a country that we are blind for, and names the fault as ours', async () => {
    const late = fakeApp(
      liveView({
        now: at('2026-01-16T12:00:00Z'),
        health: [
          blindness({ condition: 'stale', detail: '' }),
          blindness({ signal: 'google.search_traffic' as never }),
        ],
      }),
      {},
    )
    for (const path of ['/KZ.txt', '/TM.txt', '/IR.txt']) expect(await text(path, late)).not.toMatch(/nothing unusual/i)
    const said = (await text('/KZ.txt', late)).replaceAll('\n', ' ')
    expect(said).toMatch(/^We cannot see now what happens in Kazakhstan\. .*fault of ours/)
    expect(said).toMatch(/Our feed is late: /)
    expect(said).toContain('15 January 2026, 12:00 UTC, 1 day ago')
    expect(await short('/KZ.json', late)).toMatchObject({
      status: 'blind',
      stale: true,
      share: null,
      newestDataAgeSeconds: 86_400,
      ourBlindness: [expect.stringContaining('Our feed is late')],
    })
  })

  it('says the same of a network, which is in no list of countries', async () => {
    const network = (until: string) => ({
      spec: spec('ioda/bgp.visible_slash24s', 'BGP (# Visible /24s)', 'routing', {}),
      entity: 'as:9198' as never,
      from: at('2026-01-01'),
      until: at(until),
      usual: () => 90,
      value: () => 90,
      reading: () => 'quiet' as const,
    })
    const fresh = fakeApp(liveView({ series: [network('2026-01-15T12:00:00Z')] }), {})
    expect(await text('/AS9198.txt', fresh)).toMatch(/^Nothing unusual on/)
    const stale = fakeApp(liveView({ series: [network('2026-01-14T12:00:00Z')] }), {})
    expect(await text('/AS9198.txt', stale)).toMatch(/^We cannot see now what happens on/)
    expect(await short('/AS9198.json', stale)).toMatchObject({ status: 'blind', stale: true })
  })

  it('does not call what nobody watches quiet', async () => {
    expect(await text('/DE.txt')).toMatch(/^We do not watch Germany/)
    expect(await text('/DE.txt')).toContain('We have no data of it.')
    expect(await text('/KZ.txt', fakeApp(emptyView(), {}))).toMatch(/^We do not watch Kazakhstan/)
    expect(await text('/AS9198.txt')).toMatch(/^We do not watch/)
    expect(await short('/AS9198.json')).toMatchObject({ entity: 'as:9198', status: 'not-watched', newestData: null })
  })

  it('is under 2 kB in lines of 72 characters, also when everything is wrong at once', async () => {
    const conditions = ['unreachable', 'frozen', 'wrong-clock', 'partial', 'common-dip'] as const
    const health = conditions.flatMap((condition) =>
      ['ping.up_slash24s', 'google.search_traffic'].map((signal) =>
        blindness({ condition, signal: signal as never, detail: '61 of 247 countries' }),
      ),
    )
    const worst: Incident = iran({ episodes: Array.from({ length: 9 }, () => iran({}).episodes[0]!) })
    for (const [path, of] of [
      ['/IR.txt', fakeApp(liveView({ health, incidents: [worst] }), {})],
      ['/KZ.txt', fakeApp(liveView({ health }), {})],
      ['/IR.txt', app],
    ] as const) {
      const said = await text(path, of)
      expect(Buffer.byteLength(said)).toBeLessThan(2000)
      expect(Math.max(...said.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72)
      expect(said).not.toMatch(/[\u00A0\u202F]| {2}/)
    }
  })

  it.each([
    ['/kz.txt', '/KZ.txt'],
    ['/kZ.json', '/KZ.json'],
    ['/as9198.txt', '/AS9198.txt'],
  ])('%s leads to %s', async (from, to) => {
    const response = await app.request(from)
    expect([response.status, response.headers.get('location')]).toEqual([302, to])
  })

  it('is not found for what does not exist, in words or as a problem', async () => {
    for (const path of ['/ZZ.txt', '/AS0.txt', '/AS4294967296.txt']) {
      const response = await app.request(path)
      expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/plain; charset=UTF-8'])
      expect(await response.text()).toMatch(/Try KZ\.txt/)
    }
    await problemAt(app, '/ZZ.json', 404)
  })
})

describe('a country in small JSON', () => {
  it('says what the text says, with numbers for scripts', async () => {
    const said = await short('/IR.json')
    expect(said.sentences[0]).toMatch(/^Iran has been almost entirely offline/)
    expect(said).toMatchObject({
      entity: 'country:IR',
      name: 'Iran',
      status: 'incident',
      stale: false,
      newestDataAgeSeconds: 1200,
      incident: { id: 'IR-2026-01-08-a', state: 'ongoing', since: '2026-01-08T16:30:00Z' },
      page: '/en/country/IR',
    })
    expect(JSON.stringify(said).length).toBeLessThan(3000)
    expect(await short('/KZ.json')).toMatchObject({ status: 'quiet', incident: null, ourBlindness: [] })
  })
})

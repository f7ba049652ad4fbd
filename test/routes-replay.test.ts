import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureArchive, type Archive } from '../bench/bgp/generate.ts'
import { createApp } from '../src/api/app.ts'
import { buildWeb } from '../src/api/browser.testing.ts'
import { tocsin } from '../src/cli/run.testing.ts'
import type { UnixSeconds } from '../src/model/brand.ts'
import { toRfc3339 } from '../src/model/time.ts'
import { operatorOfAs } from '../src/netdata/operators.ts'
import { openMemoryStore } from '../src/store/memory.ts'
import { listCases } from '../src/street/catalogue.ts'
import { createObservatory } from '../src/street/observatory.ts'
import { findProgram } from './find-program.ts'

/*
 * An archive that a real daemon wrote, through the whole street: 36 hours of an invented world in which one country is
 * withdrawn operator by operator on the second morning, and returns (bench/bgp/generate.ts).
 */

interface Told {
  readonly limits: readonly string[]
  readonly origin: string
  readonly view: readonly {
    readonly voting4: readonly number[]
    readonly files: readonly { readonly broken: number }[]
  }[]
  readonly incidents: readonly {
    readonly id: string
    readonly entity: string
    readonly kind: string
    readonly state: string
    readonly onset: { readonly at: string }
    readonly end: { readonly at: string } | null
    readonly parts: readonly string[]
    readonly goingDark: readonly {
      readonly entity: string | null
      readonly losses: readonly { readonly family: string; readonly firstLost: string; readonly mostBack: string }[]
    }[]
  }[]
  readonly parts: readonly { readonly id: string; readonly entity: string }[]
}

const hasBird = findProgram('bird') !== null
const name = 'an archive of routes that BIRD wrote, through the whole street'
const describeBird = hasBird ? describe : describe.skip

describeBird(hasBird ? name : `${name} [needs bird2]`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-routes-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  let archive: Archive
  let told: Told
  const span = (): { readonly from: UnixSeconds; readonly until: UnixSeconds } => ({
    from: (archive.truth.darkAt - 4 * 3600) as UnixSeconds,
    until: archive.truth.until as UnixSeconds,
  })
  beforeAll(async () => {
    archive = await ensureArchive('small', 7, () => undefined)
    const { from, until } = span()
    const { code, out, err } = await tocsin([
      'bgp',
      'replay',
      '--country',
      'KZ',
      '--from',
      toRfc3339(from),
      '--until',
      toRfc3339(until),
      '--archive',
      archive.archive,
      '--netdata',
      archive.netdata,
      '--laboratory',
      '--json',
    ])
    expect([code, err.includes('tocsin:')], err).toEqual([0, false])
    told = JSON.parse(out) as Told
  })

  const inBin = (at: string): number => Math.floor(Date.parse(at) / 1000 / 300) * 300

  it('opens exactly one incident, of the country that was withdrawn, and nothing else is told beside it', () => {
    expect(told.incidents.map(({ entity, kind }) => [entity, kind])).toEqual([['country:KZ', 'blackout']])
    const [incident] = told.incidents
    expect([...(incident?.parts ?? [])].sort()).toEqual(told.parts.map(({ id }) => id).sort())
    expect(told.origin).toBe('laboratory')
  })

  it('begins in the bin in which the country fell furthest, and ends in the first in which it was back', () => {
    const { bins, country } = archive.truth
    const share = (bin: number): number => {
      const found = bins.find((each) => each.bin === bin)
      return found === undefined ? 1 : found.prefixes4 / country.prefixes4
    }
    const starts = bins.map(({ bin }) => bin)
    const falls = starts.map((bin) => share(bin - 300) - share(bin))
    const steepest = starts[falls.indexOf(Math.max(...falls))]
    const [incident] = told.incidents
    expect(inBin(incident?.onset.at ?? '')).toBe(steepest)
    // The first bin at whose end at least 95 % were back, the closing level of the rule.
    const back = starts.concat((starts.at(-1) ?? 0) + 300).find((bin) => bin > (steepest ?? 0) && share(bin) >= 0.95)
    expect(Math.abs(inBin(incident?.end?.at ?? '') - (back ?? 0))).toBeLessThanOrEqual(300)
  })

  it('lists operators in the order in which they were withdrawn, to the second', () => {
    const [incident] = told.incidents
    const order = incident?.goingDark.flatMap(({ entity }) => (entity?.startsWith('operator:') ? [entity] : [])) ?? []
    const first = new Map<string, number>()
    for (const { asn, lostFrom } of archive.truth.departures) {
      const operator = operatorOfAs(asn)?.entity
      if (operator !== undefined) first.set(operator, Math.min(first.get(operator) ?? Infinity, lostFrom))
    }
    const expected = [...first].sort(([, a], [, b]) => a - b)
    expect(order.filter((each) => first.has(each))).toEqual(expected.map(([entity]) => entity))
    expect(expected.length).toBeGreaterThan(4)
    for (const [entity, at] of expected) {
      const losses = incident?.goingDark.find((each) => each.entity === entity)?.losses ?? []
      const earliest = Math.min(...losses.map(({ firstLost }) => Date.parse(firstLost) / 1000))
      expect([entity, earliest]).toEqual([entity, at])
    }
  })

  it('says before all else what routes can and cannot show, and how many voted', () => {
    expect(told.limits.join(' ')).toMatch(/Routes that stand do not mean that packets pass/)
    const [seen] = told.view
    expect(seen?.voting4).toEqual([archive.truth.fullPeers, archive.truth.fullPeers])
    expect(seen?.files.every(({ broken }) => broken === 0)).toBe(true)
  })

  it('opens nothing in the day before, in which sessions ended and small networks flapped', async () => {
    const { start, darkAt } = archive.truth
    const { out } = await tocsin([
      'bgp',
      'replay',
      '--country',
      'KZ',
      '--from',
      toRfc3339((start + 3600) as UnixSeconds),
      '--until',
      toRfc3339((darkAt - 600) as UnixSeconds),
      '--history-hours',
      '1',
      '--archive',
      archive.archive,
      '--netdata',
      archive.netdata,
      '--laboratory',
      '--json',
    ])
    expect(archive.truth.resets.length).toBeGreaterThan(0)
    expect((JSON.parse(out) as Told).incidents).toEqual([])
  })

  it('shows the prefix × time matrix on the page of an AS and of its operator, marked as a laboratory’s', async () => {
    const { from, until } = span()
    const path = join(folder, 'withdrawn.toml')
    writeFileSync(
      path,
      `id = "withdrawn"
title = "Kazakhstan, withdrawn in a laboratory"
summary = "Routes that nobody in the world announced."
from = ${toRfc3339((from - 12 * 3600) as UnixSeconds)}
until = ${toRfc3339(until)}
[[sources]]
id = "bgp"
name = "A laboratory"
licence = { class = "public-domain", name = "CC0-1.0" }
citation = "A laboratory"
[[files]]
reader = "bgp-archive"
path = "${archive.archive}"
networks = "${archive.netdata}"
countries = ["KZ"]
least_peers = 2
laboratory = true
`,
    )
    const complaints: string[] = []
    const observatory = await createObservatory({
      store: openMemoryStore(),
      cases: listCases([path], (message) => complaints.push(message)),
      now: () => until,
      live: null,
    })
    expect(complaints).toEqual([])
    const { web, remove } = await buildWeb()
    const app = createApp({
      observatory,
      web,
      onError: (error) => {
        throw error
      },
    })
    for (const entity of ['as:29355', 'operator:KZ.kcell']) {
      const response = await app.request(`/en/replay/withdrawn/entity/${entity}`)
      expect(response.status).toBe(200)
      const html = await response.text()
      expect(html).toContain('Prefixes by time')
      expect(html).toContain('Kcell')
      expect(html).toMatch(/laboratory/i)
    }
    await remove()
  })
})

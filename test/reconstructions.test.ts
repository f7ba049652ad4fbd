import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { EntityId } from '../src/model/brand.ts'
import { createGazetteer } from '../src/netdata/gazetteer.ts'
import { createHierarchy } from '../src/netdata/hierarchy.ts'

/** What a reconstruction owes its readers, whoever reads the file: order, sources, and plain words for what is assumed. */
const file = z.looseObject({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  reconstruction: z.literal(true),
  from: z.date(),
  until: z.date(),
  sources: z.array(z.looseObject({ id: z.string() })),
  entities: z.array(z.looseObject({ id: z.string() })),
  series: z.array(
    z.looseObject({
      source: z.string(),
      signal: z.string(),
      entity: z.string(),
      citation: z.string().min(1),
      waypoints: z
        .array(
          z.looseObject({
            at: z.date(),
            level: z.number(),
            text: z.string().min(1),
            source: z.string().min(1),
            assumed: z.boolean().optional(),
          }),
        )
        .min(1),
    }),
  ),
  facts: z.array(
    z.looseObject({ at: z.date(), entity: z.string(), text: z.string().min(1), source: z.string().min(1) }),
  ),
})

const folder = new URL('../data/reconstructions/', import.meta.url)
const read = (name: string) => file.parse(parse(readFileSync(new URL(name, folder), 'utf8')))
const names = readdirSync(folder).filter((name) => name.endsWith('.toml'))

/** First time that a series of the country lies under a tenth of usual, `HH:MM` UTC. */
function darkFrom(name: string, source: string): string | undefined {
  const series = read(name).series.find((one) => one.source === source && one.entity.startsWith('country:'))
  return series?.waypoints
    .find(({ level }) => level <= 0.1)
    ?.at.toISOString()
    .slice(11, 16)
}

describe.each(names)('%s', (name) => {
  const { id, title, summary, from, until, sources, entities, series, facts } = read(name)

  it('says that it is a reconstruction, in its title and its summary', () => {
    expect(`${id}.toml`).toBe(name)
    expect(title).toMatch(/reconstruction/)
    expect(summary).toMatch(/reconstruction from published facts, not a measurement/)
  })

  it('has waypoints and facts in order, within its span, after three quiet weeks', () => {
    for (const { waypoints } of series) {
      const times = waypoints.map(({ at }) => at.getTime())
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
    }
    const first = Math.min(...series.flatMap(({ waypoints }) => waypoints.map(({ at }) => at.getTime())))
    expect(first - from.getTime()).toBeGreaterThanOrEqual(21 * 86_400_000)
    const all = [...series.flatMap(({ waypoints }) => waypoints), ...facts]
    expect(all.filter(({ at }) => at < from || at >= until)).toEqual([])
  })

  it('speaks only of sources and entities that it names, and that exist', () => {
    const [gazetteer, hierarchy] = [createGazetteer([]), createHierarchy([])]
    const known = new Set(sources.map((source) => source.id))
    expect(series.filter(({ source }) => !known.has(source))).toEqual([])
    const named = new Set(entities.map((entity) => entity.id))
    expect(series.filter(({ entity }) => !named.has(entity))).toEqual([])
    for (const entity of [...named, ...facts.map((fact) => fact.entity)] as EntityId[]) {
      expect(gazetteer.exists(entity), entity).toBe(true)
      expect(hierarchy.parent(entity), entity).not.toBeNull()
    }
  })

  it('has one series a source, signal and entity', () => {
    const keys = series.map(({ source, signal, entity }) => `${source}/${signal}/${entity}`)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('says in words what is assumed, wherever something is', () => {
    const assumed = series.flatMap(({ waypoints }) => waypoints).filter((waypoint) => waypoint.assumed === true)
    expect(assumed.filter(({ text }) => !/assumed|is taken as|is used/.test(text))).toEqual([])
  })
})

describe('the conflicting onsets', () => {
  it.each([
    ['cloudflare', '10:30'],
    ['kentik', '10:45'],
    ['netblocks', '11:00'],
    ['ripe-atlas', '11:15'],
  ])('of Kazakhstan 2022 are kept: %s at %s', (source, time) => {
    expect(darkFrom('kazakhstan-2022.toml', source)).toBe(time)
  })
})

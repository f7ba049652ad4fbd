import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import { CaseError } from '../model/errors.ts'
import { openMemoryStore } from '../store/memory.ts'
import { listCases } from './catalogue.ts'
import { createObservatory } from './observatory.ts'
import type { Folder } from './samples.testing.ts'
import { START, makeFolder } from './samples.testing.ts'
import type { Observatory } from './view.ts'

const CASE = `id = "a"
title = "T"
summary = "S"
from = 2025-01-01
until = 2025-01-09
[[sources]]
id = "ioda"
name = "IODA"
licence = { class = "unstated", name = "not stated" }
citation = "IODA"
[[files]]
reader = "ioda-export"
path = "export.csv"
entity = "country:IR"
`

const EXPORT = `Time (UTC),BGP (# Visible /24s)\n${Array.from(
  { length: 192 },
  (_, i) =>
    `2025-01-0${1 + Math.floor(i / 24)} ${String(i % 24).padStart(2, '0')}:00:00,${i > 150 && i < 170 ? 900 : 5000}`,
).join('\n')}\n`

let folder: Folder
beforeEach(() => {
  folder = makeFolder()
  folder.write('a.toml', CASE)
  folder.write('export.csv', EXPORT)
})
afterEach(() => folder.remove())

async function observatory(): Promise<Observatory> {
  const cases = listCases([folder.path], (message) => {
    throw new Error(message)
  })
  return createObservatory({ store: openMemoryStore(), cases, now: () => START, live: null })
}

describe('the observatory', () => {
  it('has a live view with its own clock, and of no origin while it holds nothing', async () => {
    const { live } = await observatory()
    expect([live.id, live.origin, live.now(), await live.newestData()]).toEqual(['live', null, START, null])
  })

  it('runs a replay once, however often it is asked for', async () => {
    const one = await observatory()
    const [first, second] = await Promise.all([one.replay('a'), one.replay('a')])
    rmSync(`${folder.path}/export.csv`)
    expect(second).toBe(first)
    expect(await one.replay('a')).toBe(first)
  })

  it('keeps a replay apart from live, speaking from the end of its data', async () => {
    const one = await observatory()
    const view = await one.replay('a')
    expect(await view?.incidents({}, null)).toHaveLength(1)
    expect(view?.origin).toBe('measured')
    expect(view?.now()).toBe((Date.UTC(2025, 0, 9, 0, 10) / 1000) as UnixSeconds)
    expect(await one.live.incidents({}, null)).toEqual([])
    expect(await one.live.series({})).toEqual([])
  })

  it('can be asked again for a replay that failed, once its data are there', async () => {
    const one = await observatory()
    rmSync(`${folder.path}/export.csv`)
    await expect(one.replay('a')).rejects.toThrow(CaseError)
    await expect(one.replay('a')).rejects.toThrow('export.csv cannot be read')
    folder.write('export.csv', EXPORT)
    expect(await one.replay('a')).not.toBeNull()
  })

  it('knows no replay but those that it lists', async () => {
    const one = await observatory()
    expect((await one.replays()).map((each) => each.id)).toEqual(['a'])
    expect(await one.replay('b')).toBeNull()
    expect(await one.replay('__proto__')).toBeNull()
  })
})

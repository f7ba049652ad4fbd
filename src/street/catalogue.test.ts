import { mkdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listCases, shippedFolders } from './catalogue.ts'
import type { Folder } from './samples.testing.ts'
import { makeFolder } from './samples.testing.ts'

let folder: Folder
let told: string[]
beforeEach(() => {
  folder = makeFolder()
  told = []
})
afterEach(() => folder.remove())

const list = (...paths: readonly string[]) => listCases(paths, (message) => told.push(message))

function caseText(id: string): string {
  return `id = "${id}"
title = "T"
summary = "S"
from = 2020-01-01
until = 2020-01-02
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
}

describe('the list of cases', () => {
  it('holds the shipped reconstructions, and they can be run', () => {
    const shipped = list(...shippedFolders())
    const ids = shipped.map((each) => each.entry.id)
    expect(ids).toEqual(expect.arrayContaining(['belarus-2020', 'kazakhstan-2022']))
    for (const { entry } of shipped.filter((each) => each.parsed.kind === 'reconstruction'))
      expect(entry).toMatchObject({ origin: 'reconstructed', unavailable: null })
    expect(told).toEqual([])
  })

  it('holds a case whose data are not there, and says which file is missing', () => {
    const path = folder.write('a.toml', caseText('a'))
    expect(list(path)[0]?.entry).toMatchObject({ id: 'a', origin: 'measured', unavailable: 'export.csv' })
    folder.write('export.csv', 'Time (UTC),BGP\n')
    expect(list(path)[0]?.entry.unavailable).toBeNull()
  })

  it('leaves out a broken file, tells where it is broken, and keeps its neighbours', () => {
    folder.write('a.toml', caseText('a'))
    const broken = folder.write('b.toml', caseText('b').replace('title', 'titel'))
    folder.write('c.toml', caseText('c'))
    folder.write('notes.txt', 'no case')
    expect(list(folder.path).map((each) => each.entry.id)).toEqual(['a', 'c'])
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(broken)
  })

  it('takes the first of two cases with one id, and tells', () => {
    folder.write('a.toml', caseText('a'))
    const second = folder.write('b.toml', caseText('a'))
    expect(list(folder.path)).toHaveLength(1)
    expect(told).toEqual([`${second}: another case has the id a; this one is left out`])
  })

  it.each([
    ['missing', 'is not there; name a case file or a folder of them'],
    ['missing.toml', 'cannot be read'],
    ['notes.txt', 'is neither a folder nor a case file, whose name ends in .toml'],
  ])('tells what it cannot find or read: %s', (name, words) => {
    folder.write('notes.txt', 'no case')
    folder.write('a.toml', caseText('a'))
    expect(list(`${folder.path}/${name}`, `${folder.path}/a.toml`)).toHaveLength(1)
    expect(told[0]).toContain(`${folder.path}/${name} ${words}`)
  })

  it('tells of a folder that is named like a case', () => {
    mkdirSync(`${folder.path}/d.toml`)
    expect(list(folder.path)).toEqual([])
    expect(told[0]).toContain('d.toml cannot be read')
  })
})

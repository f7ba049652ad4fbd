import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../model/errors.ts'
import { DEFAULTS, readConfig } from './config.ts'
import type { Folder } from './samples.testing.ts'
import { makeFolder } from './samples.testing.ts'

let folder: Folder
beforeAll(() => {
  folder = makeFolder()
})
afterAll(() => folder.remove())

const toml = (text: string): string => folder.write('tocsin.toml', text)

const FULL = '[server]\nhost = "::1"\nport = 1\n[store]\nfolder = "from-file"\n[replays]\ncases = ["a.toml"]\n'

describe('settings', () => {
  it('have defaults: this machine only, port 8470, a folder beside', () => {
    expect(readConfig(null, {}, {})).toMatchObject({
      host: '127.0.0.1',
      port: 8470,
      folder: 'tocsin-data',
      cases: [],
    })
  })

  it('are taken from flags before the environment before the file', () => {
    const path = toml(FULL)
    const environment = { TOCSIN_HOST: '10.0.0.1', TOCSIN_PORT: '2', TOCSIN_FOLDER: 'from-env', TOCSIN_CASES: 'b:c/d' }
    expect(readConfig(path, {}, {})).toMatchObject({ host: '::1', port: 1, folder: 'from-file', cases: ['a.toml'] })
    expect(readConfig(path, environment, {})).toMatchObject({
      host: '10.0.0.1',
      port: 2,
      folder: 'from-env',
      cases: ['b', 'c/d'],
    })
    expect(readConfig(path, environment, { host: 'h', port: 0, folder: 'f', cases: [] })).toMatchObject({
      host: 'h',
      port: 0,
      folder: 'f',
      cases: [],
    })
  })

  it('are not set by a variable that is set to nothing', () => {
    const empty = { TOCSIN_HOST: '', TOCSIN_PORT: '', TOCSIN_FOLDER: '', TOCSIN_CASES: '' }
    expect(readConfig(toml(FULL), empty, {})).toEqual(readConfig(toml(FULL), {}, {}))
  })

  it('stand at their defaults in the example, which names every one of them', () => {
    const example = fileURLToPath(new URL('../../tocsin.example.toml', import.meta.url))
    expect(readConfig(example, {}, {})).toEqual(DEFAULTS)
    const text = readFileSync(example, 'utf8')
    for (const key of ['contact', 'countries']) expect(text).toContain(`# ${key} = `)
    const uncommented = text.replace(/^# (contact|countries) = /gm, '$1 = ')
    expect(readConfig(toml(uncommented), {}, {}).collect).toMatchObject({
      contact: 'shutdowns@example.org',
      ioda: { countries: ['IR', 'KZ'] },
    })
    // What the comments promise of the environment holds.
    const variables = [...text.matchAll(/TOCSIN_[A-Z_]+/g)].map(([name]) => name)
    expect(variables).toHaveLength(31)
    for (const name of variables.filter((each) => !['TOCSIN_HOST', 'TOCSIN_FOLDER', 'TOCSIN_CASES'].includes(each)))
      expect(() => readConfig(null, { [name]: '?' }, {}), name).toThrow(`${name} `)
  })

  it('of routes are off unless switched on, and never let two sources write the same series', () => {
    expect(readConfig(null, {}, {}).collect.routes).toMatchObject({
      risLive: { enabled: false },
      ris: { enabled: false },
      routeviews: { enabled: false },
    })
    const set = toml(
      '[collect.routes]\nleast_peers = 4\n[collect.routes.ris]\nenabled = true\ncollectors = ["rrc21"]\n',
    )
    expect(readConfig(set, {}, {}).collect.routes).toMatchObject({
      leastPeers: 4,
      ris: { enabled: true, collectors: ['rrc21'] },
    })
    const environment = { TOCSIN_RIS_LIVE: 'yes' }
    expect(() => readConfig(set, environment, {})).toThrow('both on')
    expect(readConfig(set, { ...environment, TOCSIN_RIS: 'no' }, {}).collect.routes.risLive.enabled).toBe(true)
  })

  it('of collecting are taken from flags before the environment before the file', () => {
    const path = toml(
      '[collect]\nenabled = false\ncontact = "a@b.c"\n[collect.ioda]\nurl = "http://a.b/"\nbackfill_days = 1\ncountries = ["KZ"]\n[retention]\nraw_days = 70\n',
    )
    expect(readConfig(path, {}, {})).toMatchObject({
      collect: {
        enabled: false,
        contact: 'a@b.c',
        ioda: { url: 'http://a.b/', backfillDays: 1, countries: ['KZ'], requestsPerHour: 600 },
      },
      retention: { rawDays: 70, answersDays: 90 },
    })
    const environment = {
      TOCSIN_COLLECT: 'Yes',
      TOCSIN_CONTACT: 'd@e.f',
      TOCSIN_IODA_COUNTRIES: 'IR, BY',
      TOCSIN_RAW_DAYS: '71',
    }
    expect(readConfig(path, environment, {})).toMatchObject({
      collect: { enabled: true, contact: 'd@e.f', ioda: { url: 'http://a.b/', countries: ['IR', 'BY'] } },
      retention: { rawDays: 71 },
    })
    expect(readConfig(path, environment, { collect: false }).collect.enabled).toBe(false)
  })

  it.each([
    ['[collect]\ncontact = "nobody"', 'collect.contact: a contact is'],
    ['[collect.ioda]\nurl = "ftp://a"', 'collect.ioda.url: an address'],
    ['[collect.ioda]\ncountries = ["ZZ"]', 'countries are codes of ISO 3166-1'],
    ['[collect.ioda]\ncountries = []', 'a list without a country'],
    ['[collect.routes.ris_live]\nurl = "https://a"', 'collect.routes.ris_live.url: an address of a stream'],
    ['[collect.routes.ris]\ncollectors = []', 'a list without a collector'],
    ['[collect.ioda]\nrequests_per_hour = 1', 'collect.ioda.requests_per_hour: requests an hour'],
    ['[retention]\nraw_days = 69', 'retention.raw_days: days of raw bins'],
    ['[server]\nrate_limit = -1', 'server.rate_limit: requests a minute'],
    ['[store]\nmemory_mb = 1.5', "store.memory_mb: the store's memory"],
  ])('refuse the file %j and say what would be right', (text, words) => {
    expect(() => readConfig(toml(text), {}, {})).toThrow(ConfigError)
    expect(() => readConfig(toml(text), {}, {})).toThrow(words)
  })

  it.each(['http', '65536', '-1', '80.5', '0x50', '1e3', ' 80'])(
    'refuse TOCSIN_PORT=%s and say what a port is',
    (port) => {
      expect(() => readConfig(null, { TOCSIN_PORT: port }, {})).toThrow(ConfigError)
      expect(() => readConfig(null, { TOCSIN_PORT: port }, {})).toThrow(
        `TOCSIN_PORT is "${port}"; a port is a whole number from 0 (any free one) to 65535`,
      )
    },
  )

  it.each([
    ['[server]\nport = 99999', 'server.port: '],
    ['[server]\nport = "80"', 'server.port: '],
    ['[server]\nprot = 80', 'server: Unrecognized key: "prot"'],
    ['[serve]\nport = 80', ' Unrecognized key: "serve"'],
    ['[store]\nfolder = ""', 'store.folder: '],
    ['[server\nport = 80', ':1:8: not TOML: '],
    ['port = ', ':1:8: not TOML: '],
  ])('refuse the file %j by name and key', (text, words) => {
    const path = toml(text)
    expect(() => readConfig(path, {}, {})).toThrow(ConfigError)
    expect(() => readConfig(path, {}, {})).toThrow(words)
    expect(() => readConfig(path, {}, {})).toThrow(path)
  })

  it('refuse a named file that is not there, or is none', () => {
    expect(() => readConfig(`${folder.path}/missing.toml`, {}, {})).toThrow(`${folder.path}/missing.toml is not there`)
    expect(() => readConfig(folder.path, {}, {})).toThrow(`${folder.path} cannot be read`)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../model/errors.ts'
import { readConfig } from './config.ts'
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
    expect(readConfig(null, {}, {})).toEqual({ host: '127.0.0.1', port: 8470, folder: 'tocsin-data', cases: [] })
  })

  it('are taken from flags before the environment before the file', () => {
    const path = toml(FULL)
    const environment = { TOCSIN_HOST: '10.0.0.1', TOCSIN_PORT: '2', TOCSIN_FOLDER: 'from-env', TOCSIN_CASES: 'b:c/d' }
    expect(readConfig(path, {}, {})).toEqual({ host: '::1', port: 1, folder: 'from-file', cases: ['a.toml'] })
    expect(readConfig(path, environment, {})).toEqual({
      host: '10.0.0.1',
      port: 2,
      folder: 'from-env',
      cases: ['b', 'c/d'],
    })
    expect(readConfig(path, environment, { host: 'h', port: 0, folder: 'f', cases: [] })).toEqual({
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

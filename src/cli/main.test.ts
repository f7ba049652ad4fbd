import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shippedFolders } from '../street/catalogue.ts'
import { DIST_WEB } from './serve.ts'
import type { Serving } from './run.testing.ts'
import { startServe, tocsin, writeCase } from './run.testing.ts'

let path: string
let iran: string
/** Holds `iran`. */
let folder: string
beforeAll(async () => {
  path = mkdtempSync(join(tmpdir(), 'tocsin-cli-'))
  iran = writeCase(path, 'iran', 'IR')
  folder = join(path, 'data')
  expect(await tocsin(['import', iran, '--folder', folder, '--json'])).toMatchObject({ code: 0 })
})
afterAll(() => rmSync(path, { recursive: true, force: true }))

/** The one JSON object that stands on standard output, and nothing beside it. */
function object(out: string): Record<string, unknown> {
  expect(out.split('\n')).toHaveLength(2)
  return JSON.parse(out) as Record<string, unknown>
}

describe('wrong words', () => {
  it.each([
    [['serv'], 'No command registered for `serv`, did you mean `serve`?'],
    [['replay'], 'Expected argument for case'],
    [['replay', 'a.toml', 'b.toml'], 'Too many arguments'],
    [['replay', 'a.toml', '--as-of', 'yesterday'], '--as-of yesterday: not an instant; give RFC 3339'],
    [['serve', '--port', 'http'], '"http" is no port: a whole number from 0 to 65535'],
    [['serve', '--port', '99999'], '"99999" is no port'],
    [['serve', '--prot', '80'], 'No flag registered for --prot'],
    [['series', 'three'], '"three" is no number of a series; tocsin series lists them'],
    [['doctor', '--folder'], '--folder'],
    [['serve', '--collect=perhaps'], 'collect'],
    [['sources', 'ioda'], 'Too many arguments'],
    [['backup'], 'Expected argument for target'],
    [['restore'], 'Expected argument for backup'],
  ])('%j end with 2 and say what would be right', async (args, words) => {
    const { code, out, err } = await tocsin(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(words)
    expect(err).not.toMatch(/^\s+at /m)
  })

  it.each([
    [['incidents', '--state', 'over'], 'state'],
    [['incidents', '--since', 'yesterday'], 'since'],
    [['incidents', '--entity', 'Iran'], 'entity'],
    [['series', '0', '--from', 'yesterday'], 'from'],
  ])('%j, that only the interface can judge, end with 2 too', async (args, word) => {
    const { code, out, err } = await tocsin([...args, '--folder', folder, '--json'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(word)
  })

  it('in settings end with 2 and name file and key', async () => {
    const config = join(path, 'bad.toml')
    writeFileSync(config, '[server]\nprot = 80\n')
    const { code, err } = await tocsin(['serve', '--config', config])
    expect(code).toBe(2)
    expect(err).toBe(`tocsin: ${config}: server: Unrecognized key: "prot"\n`)
    expect((await tocsin(['serve'], { env: { TOCSIN_PORT: 'x' } })).code).toBe(2)
  })
})

describe('help', () => {
  it('names every command and is no failure', async () => {
    const { code, out } = await tocsin(['--help'])
    expect(code).toBe(0)
    for (const name of ['serve', 'sources', 'backup', 'restore', 'replay', 'import', 'incidents', 'series', 'doctor'])
      expect(out).toContain(name)
  })

  it('tells the version of the package', async () => {
    expect((await tocsin(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('tocsin replay', () => {
  it('prints one JSON object on standard output, and remarks on bad rows beside', async () => {
    const { code, out, err } = await tocsin(['replay', iran, '--json'])
    expect(code).toBe(0)
    expect(object(out)).toMatchObject({
      case: 'iran',
      origin: 'measured',
      expectations: [{ entity: 'country:IR', met: true }],
      incidents: [
        {
          id: 'IR-2025-01-07-a',
          entity: 'country:IR',
          onset: { at: '2025-01-07T07:00:00Z' },
          end: { at: '2025-01-08T02:00:00Z' },
          evidence: [{ source: 'ioda', signal: 'bgp.visible_slash24s' }],
        },
      ],
    })
    expect(err).toContain(
      `skipped 1 row: time cannot be read; first ${join(path, 'iran.csv')}:194, column "Time (UTC)": "yesterday"`,
    )
  })

  it('tells people in sentences, with progress in plain lines beside', async () => {
    const { code, out, err } = await tocsin(['replay', iran])
    expect(code).toBe(0)
    expect(out).toContain('A cut of IR')
    expect(out).toContain('IR-2025-01-07-a')
    expect(out).toContain('as expected: country:IR')
    expect(err).toContain('Replaying iran: 100 %')
    expect(err).not.toContain('\u001B')
  })

  it('finds the same in one go, and less as of an earlier instant', async () => {
    const fast = object((await tocsin(['replay', iran, '--json', '--fast'])).out) as { incidents: { id: string }[] }
    expect(fast.incidents.map((each) => each.id)).toEqual(['IR-2025-01-07-a'])
    const early = object((await tocsin(['replay', iran, '--json', '--as-of', '2025-01-06T00:00:00Z'])).out)
    expect(early['incidents']).toEqual([])
  })

  it.each([
    ['of a case that is not there', 'missing.toml', 'missing.toml cannot be read; give the path of a case file'],
    ['of a case whose data are not there', 'lost.toml', 'lost.csv cannot be read'],
    ['of what is no case', 'iran.csv', 'iran.csv:1:'],
  ])('%s ends with 1 and says which file', async (_, name, words) => {
    writeCase(path, 'lost', 'IR')
    rmSync(join(path, 'lost.csv'))
    const { code, out, err } = await tocsin(['replay', join(path, name)])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(words)
    expect(err).not.toMatch(/^\s+at /m)
  })
})

describe('tocsin import', () => {
  it('of what is there already says so', async () => {
    const { code, out } = await tocsin(['import', iran, '--folder', folder])
    expect(code).toBe(0)
    expect(out).toContain('Nothing new: ')
  })

  it('of a reconstruction ends with 1 and keeps nothing', async () => {
    const file = join(shippedFolders()[0] ?? '', 'belarus-2020.toml')
    const { code, err } = await tocsin(['import', file, '--folder', folder])
    expect(code).toBe(1)
    expect(err).toContain('belarus-2020 is a reconstruction: it is not kept among measurements')
    const { out } = await tocsin(['series', '--folder', folder, '--json'])
    expect(object(out)['series']).toHaveLength(1)
  })
})

describe('tocsin incidents and series', () => {
  it('read the data folder where nobody serves it', async () => {
    const { code, out } = await tocsin(['incidents', '--folder', folder, '--json', '--country', 'IR'])
    expect(code).toBe(0)
    expect(object(out)).toMatchObject({ incidents: [{ id: 'IR-2025-01-07-a' }] })
    const table = await tocsin(['incidents', '--folder', folder])
    expect(table.out).toContain('IR-2025-01-07-a')
    expect((await tocsin(['incidents', '--folder', folder, '--country', 'KZ'])).out).toContain('No incident fits.')
    expect((await tocsin(['series', '--folder', folder])).out).toContain('ioda/bgp.visible_slash24s/country:IR')
    const one = await tocsin(['series', '0', '--folder', folder, '--from', '2025-01-07T06:00:00Z'])
    expect(JSON.stringify(object(one.out))).toContain('2025-01-07T06:00:00Z')
  })

  it('of a series that there is not end with 1', async () => {
    const { code, err } = await tocsin(['series', '99', '--folder', folder])
    expect(code).toBe(1)
    expect(err).toContain('99')
  })

  it('say what to do where there are no data yet, and make no folder', async () => {
    const empty = join(path, 'nothing')
    const { code, err } = await tocsin(['incidents', '--folder', empty])
    expect(code).toBe(1)
    expect(err).toContain(`there is no data in ${empty} yet: start \`tocsin serve\``)
    expect(existsSync(empty)).toBe(false)
  })

  it('of a replay need no data folder', async () => {
    const asked = ['incidents', '--replay', 'iran', '--folder', join(path, 'nothing'), '--json']
    const { code, out } = await tocsin(asked, { env: { TOCSIN_CASES: path } })
    expect(code).toBe(0)
    expect(object(out)).toMatchObject({ incidents: [{ id: 'IR-2025-01-07-a' }] })
    const none = await tocsin(['incidents', '--replay', 'nowhere'])
    expect(none.code).toBe(1)
    expect(none.err).toContain('nowhere')
  })
})

// The pages are built by `npm run build`, which the test command runs before.
describe.skipIf(!existsSync(join(DIST_WEB, 'server.js')))('tocsin serve', () => {
  let serving: Serving
  beforeAll(async () => {
    serving = await startServe(['--folder', folder, '--port', '0'])
  })
  afterAll(() => serving.stop('SIGKILL'))

  it('prints where it is and answers there', async () => {
    expect(serving.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    const health = await fetch(`${serving.url}healthz`)
    expect(health.status).toBe(200)
    const incidents = await fetch(`${serving.url}api/v1/incidents`)
    expect(await incidents.json()).toMatchObject({ incidents: [{ id: 'IR-2025-01-07-a' }] })
  })

  it('answers for the commands that read its folder', async () => {
    const { code, out } = await tocsin(['incidents', '--folder', folder, '--json'])
    expect(code).toBe(0)
    expect(object(out)).toMatchObject({ incidents: [{ id: 'IR-2025-01-07-a' }] })
    expect((await tocsin(['series', '--folder', folder])).out).toContain('ioda/bgp.visible_slash24s/country:IR')
    const wrong = await tocsin(['incidents', '--folder', folder, '--state', 'over'])
    expect(wrong.code).toBe(2)
  })

  it.each([['serve'], ['import']])(
    'keeps its folder from a second %s, which ends with 3 and names the first',
    async (command) => {
      const args = command === 'serve' ? ['serve', '--port', '0'] : ['import', iran]
      const { code, out, err } = await tocsin([...args, '--folder', folder])
      expect({ code, out }).toEqual({ code: 3, out: '' })
      expect(err).toContain(`is in use by process ${serving.pid}`)
      expect(err).toContain(`which serves ${serving.url}`)
    },
  )

  it('on a port that is taken ends with 1, says so, and leaves no note behind', async () => {
    const port = new URL(serving.url).port
    const other = join(path, 'other')
    const { code, err } = await tocsin(['serve', '--folder', other, '--port', port])
    expect(code).toBe(1)
    expect(err).toContain(
      `port ${port} of 127.0.0.1 is taken by another program; stop it, or choose another with --port`,
    )
    expect(existsSync(join(other, 'owner.json'))).toBe(false)
  })

  it('on an address that is not of this machine ends with 1 and says so', async () => {
    const { code, err } = await tocsin(['serve', '--folder', join(path, 'other'), '--host', '192.0.2.1', '--port', '0'])
    expect(code).toBe(1)
    expect(err).toContain('192.0.2.1 is no address of this machine')
  })

  it('stops when it is asked to, with a reader still connected, and leaves the folder free', async () => {
    const own = join(path, 'stopped')
    const one = await startServe(['--folder', own, '--port', '0'])
    const kept = await fetch(`${one.url}healthz`, { headers: { connection: 'keep-alive' } })
    expect(kept.status).toBe(200)
    expect(await one.stop('SIGTERM')).toMatchObject({
      code: 0,
      err: 'Collecting is off: pages show what the data folder holds.\n',
    })
    expect(existsSync(join(own, 'owner.json'))).toBe(false)
    const again = await startServe(['--folder', own, '--port', '0'])
    expect((await again.stop('SIGINT')).code).toBe(0)
  })
})

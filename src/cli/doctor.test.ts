import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyWithoutBuild, startServe, tocsin, writeCase } from './run.testing.ts'
import type { How } from './run.testing.ts'
import { DIST_WEB } from './serve.ts'

const isBuilt = existsSync(join(DIST_WEB, 'server.js'))
const isRoot = process.getuid?.() === 0
/** Nobody: a user without rights on what is ours. */
const NOBODY = 65_534

let path: string
/** Holds data. */
let folder: string
beforeAll(async () => {
  path = mkdtempSync(join(tmpdir(), 'tocsin-doctor-'))
  folder = join(path, 'data')
  expect(await tocsin(['import', writeCase(path, 'iran', 'IR'), '--folder', folder, '--json'])).toMatchObject({
    code: 0,
  })
})
afterAll(() => rmSync(path, { recursive: true, force: true }))

interface Check {
  readonly name: string
  readonly status: string
  readonly found: string
  readonly mend: string | null
}

async function doctor(
  args: readonly string[],
  how: How = {},
): Promise<{ code: number | null; checks: Map<string, Check> }> {
  const port = args.includes('--port') ? [] : ['--port', '0']
  const { code, out, err } = await tocsin(['doctor', '--json', ...port, ...args], how)
  expect(out, err).not.toBe('')
  const { checks, ok } = JSON.parse(out) as { ok: boolean; checks: Check[] }
  expect(ok).toBe(checks.every((each) => each.status === 'ok'))
  for (const { status, found, mend } of checks) {
    expect(found).not.toBe('')
    if (status !== 'ok') expect(mend).toBeTruthy()
  }
  return { code, checks: new Map(checks.map((each) => [each.name, each])) }
}

async function withListener<T>(work: (port: string) => Promise<T>): Promise<T> {
  const server: Server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  try {
    return await work(typeof address === 'object' && address !== null ? String(address.port) : '')
  } finally {
    server.close()
  }
}

describe('a healthy set-up', () => {
  it.skipIf(!isBuilt)('is told as such, in words and with 0', async () => {
    const { code, out } = await tocsin(['doctor', '--port', '0', '--folder', folder])
    expect(out).toContain('All is well.')
    expect(out).toContain(`ok      data folder: ${folder} opens: 1 series, last batch 192`)
    expect(out).not.toContain('mend:')
    expect(code).toBe(0)
  })

  it.skipIf(!isBuilt)('may have no data yet, and is left without', async () => {
    const fresh = join(path, 'not', 'yet')
    const { code, checks } = await doctor(['--folder', fresh])
    expect(checks.get('data folder')?.found).toBe(`${fresh} holds no data yet; it will be made at the first start`)
    expect(code).toBe(0)
    expect(existsSync(join(path, 'not'))).toBe(false)
  })

  it('may lack the data of some cases: they are named, and no problem', async () => {
    const lone = join(path, 'lone')
    writeCase(lone, 'lone', 'KZ')
    rmSync(join(lone, 'lone.csv'))
    const { checks } = await doctor(['--folder', folder], { env: { TOCSIN_CASES: lone } })
    expect(checks.get('replays')?.status).toBe('ok')
    expect(checks.get('replays')?.found).toMatch(/without their data here: .*lone/)
  })
})

describe('a broken set-up', () => {
  it.skipIf(!isRoot)('without the right to write is told, with the folder and what to do', async () => {
    const locked = join(path, 'locked')
    mkdirSync(locked)
    chmodSync(locked, 0o755)
    chmodSync(path, 0o755)
    const { code, checks } = await doctor(['--folder', join(locked, 'data')], { uid: NOBODY, cwd: '/' })
    expect(checks.get('data folder')).toMatchObject({ status: 'problem', found: `no right to write in ${locked}` })
    expect(checks.get('data folder')?.mend).toContain('chown or chmod')
    expect(code).toBe(1)
  })

  it.skipIf(!isRoot)('whose data another user wrote is told', async () => {
    const theirs = join(path, 'theirs')
    expect(await tocsin(['import', join(path, 'iran.toml'), '--folder', theirs, '--json'])).toMatchObject({ code: 0 })
    chmodSync(theirs, 0o777)
    chmodSync(join(theirs, 'tocsin.duckdb'), 0o600)
    chmodSync(path, 0o755)
    const { code, checks } = await doctor(['--folder', theirs], { uid: NOBODY, cwd: '/' })
    expect(checks.get('data folder')?.status).toBe('problem')
    expect(checks.get('data folder')?.found).toContain('no right to write')
    expect(code).toBe(1)
  })

  it('with the port taken is told, with the port and what to do', async () => {
    await withListener(async (port) => {
      const { code, checks } = await doctor(['--folder', folder, '--port', port])
      expect(checks.get('port')).toEqual({
        name: 'port',
        status: 'problem',
        found: `127.0.0.1:${port} is taken by another program`,
        mend: 'stop it, or choose another with --port, TOCSIN_PORT or [server] port (0: any free one)',
      })
      expect(code).toBe(1)
    })
  })

  it('with the port taken by a stranger is told, though a dead observatory noted that port as its own', async () => {
    await withListener(async (port) => {
      const noted = join(path, 'noted')
      mkdirSync(noted)
      const note = { pid: 999_999_999, url: `http://127.0.0.1:${port}/`, socket: join(noted, 's'), startedAt: 'x' }
      writeFileSync(join(noted, 'owner.json'), JSON.stringify(note))
      const { checks } = await doctor(['--folder', noted, '--port', port])
      expect(checks.get('port')?.status).toBe('problem')
    })
  })

  it('on an address of another machine is told', async () => {
    const { code, checks } = await doctor(['--folder', folder, '--host', '192.0.2.1'])
    expect(checks.get('port')?.found).toBe('cannot listen on 192.0.2.1:0 (EADDRNOTAVAIL)')
    expect(checks.get('port')?.mend).toContain('--host')
    expect(code).toBe(1)
  })

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, 6000)],
    ['no database at all', () => Buffer.from('no database')],
  ])('with a data file that is %s is told, and to restore a copy', async (_, damage) => {
    const damaged = mkdtempSync(join(path, 'damaged-'))
    const file = join(damaged, 'tocsin.duckdb')
    writeFileSync(file, damage(readFileSync(join(folder, 'tocsin.duckdb'))))
    const { code, checks } = await doctor(['--folder', damaged])
    expect(checks.get('data folder')?.status).toBe('problem')
    expect(checks.get('data folder')?.found).toContain(file)
    expect(checks.get('data folder')?.found).toContain('restore the folder from a back-up, or move it away')
    expect(code).toBe(1)
  })

  it('with a file where the folder should be is told', async () => {
    const { code, checks } = await doctor(['--folder', join(path, 'iran.csv')])
    expect(checks.get('data folder')?.found).toBe(`${join(path, 'iran.csv')} is a file, not a folder`)
    expect(code).toBe(1)
  })

  it.skipIf(!isBuilt)('whose folder another owner holds is busy, with its URL, and 3', async () => {
    const serving = await startServe(['--folder', folder, '--port', '0'])
    try {
      const { code, checks } = await doctor(['--folder', folder, '--port', new URL(serving.url).port])
      expect(checks.get('data folder')?.status).toBe('busy')
      expect(checks.get('data folder')?.found).toContain(`which serves ${serving.url}`)
      expect(checks.get('data folder')?.found).toContain('it answers')
      expect(checks.get('port')?.found).toContain(
        `held by the observatory of this data folder (process ${serving.pid})`,
      )
      expect(code).toBe(3)
    } finally {
      await serving.stop('SIGTERM')
    }
  })

  it('that was not built is told, by doctor and by serve, with the command that builds it', async () => {
    const copy = copyWithoutBuild()
    try {
      const { code, checks } = await doctor(['--folder', folder], { from: copy.path })
      expect(checks.get('build')).toMatchObject({ status: 'problem', mend: 'run npm run build' })
      expect(checks.get('build')?.found).toContain(join(copy.path, 'dist/web/server.js'))
      expect(code).toBe(1)
      const fresh = join(path, 'unbuilt')
      const serve = await tocsin(['serve', '--folder', fresh, '--port', '0'], { from: copy.path })
      expect(serve.code).toBe(1)
      expect(serve.err).toContain('the pages are not built')
      expect(existsSync(fresh)).toBe(false)
    } finally {
      copy.remove()
    }
  })

  it.each([
    ['[server]\nport = "x"\n', 'server.port'],
    ['[storage]\n', 'Unrecognized key: "storage"'],
  ])('with settings %j is told with file and key, beside what can be looked at without them', async (text, words) => {
    const config = join(path, 'bad.toml.config')
    writeFileSync(config, text)
    const { code, checks } = await doctor(['--config', config])
    expect(checks.get('configuration')?.status).toBe('problem')
    expect(checks.get('configuration')?.found).toContain(config)
    expect(checks.get('configuration')?.found).toContain(words)
    expect(checks.get('node')?.status).toBe('ok')
    expect(code).toBe(1)
  })

  it('with a case file that is not sound is told where', async () => {
    const cases = join(path, 'cases')
    mkdirSync(cases, { recursive: true })
    writeFileSync(join(cases, 'bad.toml'), 'id = 1\n')
    const { code, checks } = await doctor(['--folder', folder], { env: { TOCSIN_CASES: `${cases}:${path}/nowhere` } })
    expect(checks.get('replays')?.found).toContain(`${join(cases, 'bad.toml')}:1:1: id`)
    expect(checks.get('replays')?.found).toContain(`${path}/nowhere is not there`)
    expect(code).toBe(1)
  })
})

import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { existsSync } from 'node:fs'
import { loadRenderer } from '../api/renderer.ts'
import { BusyError, TocsinError } from '../model/errors.ts'
import { askOwner } from '../store/duckdb/control.ts'
import { readOwner } from '../store/duckdb/owner.ts'
import type { Config } from '../street/config.ts'
import type { CliContext } from './context.ts'
import { casesOf, openFolder } from './data-folder.ts'

/** One thing that was looked at. `mend` says what to do about a problem; `null` where there is none. A warning works as it is. */
export interface Check {
  readonly name: string
  readonly status: 'ok' | 'warning' | 'busy' | 'problem'
  readonly found: string
  readonly mend: string | null
}

const LEAST_FREE_BYTES = 512 * 1024 * 1024

const ok = (name: string, found: string): Check => ({ name, status: 'ok', found, mend: null })
const problem = (name: string, found: string, mend: string): Check => ({ name, status: 'problem', found, mend })

/** Node's version and its tables of names and time zones: everything that is printed rests on them. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    return problem('node', `Node ${version}`, 'install Node 20.19 or later')
  const name = new Intl.DisplayNames(['kk'], { type: 'region' }).of('KZ')
  if (name !== 'Қазақстан') {
    return problem(
      'node',
      `Node ${version} without the names of all languages`,
      'use a build of Node with full ICU (the default of nodejs.org and of distributions)',
    )
  }
  return ok('node', `Node ${version}, all languages and time zones`)
}

export async function checkBuild(distWeb: string): Promise<Check> {
  try {
    await loadRenderer(distWeb)
    return ok('build', `pages in ${distWeb}`)
  } catch (error) {
    if (!(error instanceof TocsinError)) throw error
    return problem('build', error.message, 'run npm run build')
  }
}

/** The folder, the disk under it, and what is in it; opened as serve would open it. */
export async function checkFolder(context: CliContext, config: Config): Promise<Check> {
  const folder = resolve(config.folder)
  const name = 'data folder'
  const nearest = nearestExisting(folder)
  if (!(await stat(nearest)).isDirectory())
    return problem(
      name,
      `${nearest} is a file, not a folder`,
      'choose another with --folder, TOCSIN_FOLDER or [store] folder',
    )
  try {
    await access(nearest, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return problem(
      name,
      `no right to write in ${nearest}`,
      `give this user the right (chown or chmod), or choose another folder with --folder, TOCSIN_FOLDER or [store] folder`,
    )
  }
  const disk = await statfs(nearest)
  const free = disk.bavail * disk.bsize
  if (free < LEAST_FREE_BYTES)
    return problem(
      name,
      `${Math.round(free / 1024 / 1024)} MiB free on the disk of ${folder}`,
      'free some space (512 MiB at least), or choose a folder on another disk',
    )
  if (!existsSync(join(folder, 'tocsin.duckdb')))
    return ok(name, `${folder} holds no data yet; it will be made at the first start`)
  try {
    const store = await openFolder(context, { folder, memoryMb: config.memoryMb })
    const series = (await store.series({})).length
    const batch = await store.lastBatch()
    await store.close()
    return ok(name, `${folder} opens: ${series} series, last batch ${batch}`)
  } catch (error) {
    if (error instanceof BusyError) return busyFolder(name, folder, error)
    if (error instanceof TocsinError)
      return problem(
        name,
        error.message,
        'do what it says; a copy of the folder taken before is restored by putting it in its place',
      )
    throw error
  }
}

async function busyFolder(name: string, folder: string, error: BusyError): Promise<Check> {
  const note = await readOwner(folder)
  const answer = await askOwner(folder, '/healthz').catch(() => null)
  const answers = answer?.status === 200
  return {
    name,
    status: 'busy',
    found: `${error.message}${answers ? '; it answers' : ''}`,
    mend: answers
      ? 'nothing, if that is the observatory that you mean: tocsin incidents and tocsin series are served by it. To start another, give it another --folder'
      : `stop process ${note?.pid ?? 'that holds it'} or wait for it, or give this one another --folder`,
  }
}

function nearestExisting(path: string): string {
  let each = path
  while (!existsSync(each) && dirname(each) !== each) each = dirname(each)
  return each
}

/** Can serve listen where it is told to? A port that our own observatory holds is no problem. */
export async function checkPort(config: Config): Promise<Check> {
  const where = `${config.host}:${config.port}`
  const code = await tryListen(config.host, config.port)
  if (code === null) return ok('port', config.port === 0 ? `any free one on ${config.host}` : `${where} is free`)
  const own = await readOwner(config.folder)
  // The note may be a dead process's: it counts only where somebody answers in its name.
  const isOwn =
    own !== null && own.url !== null && URL.canParse(own.url) && new URL(own.url).port === String(config.port)
  if (code === 'EADDRINUSE' && isOwn && (await askOwner(config.folder, '/healthz').catch(() => null)) !== null) {
    return ok('port', `${where} is held by the observatory of this data folder (process ${own.pid})`)
  }
  if (code === 'EADDRINUSE')
    return problem(
      'port',
      `${where} is taken by another program`,
      'stop it, or choose another with --port, TOCSIN_PORT or [server] port (0: any free one)',
    )
  if (code === 'EACCES')
    return problem('port', `no right to listen on ${where}`, 'choose a port of 1024 or more with --port')
  return problem(
    'port',
    `cannot listen on ${where} (${code})`,
    'choose an address of this machine with --host, such as 127.0.0.1 or 0.0.0.0',
  )
}

function tryListen(host: string, port: number): Promise<string | null> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
    server.listen(port, host, () => server.close(() => done(null)))
  })
}

/** Which replays can run here. Missing data of a case are no problem: they lie elsewhere by their licences. */
export function checkReplays(context: CliContext, config: Config): Check {
  const complaints: string[] = []
  const listed = casesOf(
    { ...context, process: { ...context.process, stderr: { write: (text: string) => complaints.push(text.trim()) } } },
    config,
  )
  if (complaints.length > 0)
    return problem('replays', complaints.join('; '), 'mend the case file where it says, or take it out of its folder')
  const missing = listed.filter((each) => each.entry.unavailable !== null)
  const without =
    missing.length === 0 ? '' : `; without their data here: ${missing.map((each) => each.entry.id).join(', ')}`
  return ok('replays', `${listed.length - missing.length} of ${listed.length} can be run${without}`)
}

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a command left behind. */
export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface How {
  /** Added to an environment without any TOCSIN_ variable but one: collecting is off. */
  readonly env?: Readonly<Record<string, string>>
  /** Whose right it runs with; left out: ours. */
  readonly uid?: number
  /** A copy of the package to run from; left out: this one. */
  readonly from?: string
  readonly cwd?: string
}

function launch(args: readonly string[], how: How): ChildProcess {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TOCSIN_')))
  return spawn(
    process.execPath,
    // By its own path: the working folder need not know of tsx.
    ['--import', join(root, 'node_modules/tsx/dist/esm/index.mjs'), join(how.from ?? root, 'src/cli/main.ts'), ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: how.cwd ?? tmpdir(),
      // Tests ask nobody for anything, unless they say whom.
      env: { ...inherited, NO_COLOR: '1', TOCSIN_COLLECT: 'false', ...how.env },
      ...(how.uid === undefined ? {} : { uid: how.uid, gid: how.uid }),
    },
  )
}

/** Runs `tocsin` as a user would, to its end. */
export async function tocsin(args: readonly string[], how: How = {}): Promise<Ran> {
  const child = launch(args, how)
  let [out, err] = ['', '']
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (err += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

export interface Serving {
  readonly url: string
  readonly pid: number
  readonly stop: (signal: NodeJS.Signals) => Promise<Ran>
}

/** `tocsin serve --json`, once it has printed where it is. @throws Error with its words when it ends before. */
export async function startServe(args: readonly string[], how: How = {}): Promise<Serving> {
  const child = launch(['serve', '--json', ...args], how)
  let [out, err] = ['', '']
  const exit = once(child, 'close') as Promise<[number | null]>
  const printed = new Promise<void>((done) => {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      out += text
      if (out.includes('\n')) done()
    })
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (err += text))
  await Promise.race([printed, exit])
  if (!out.includes('\n')) throw new Error(`serve ended: ${err}`)
  const { url, pid } = JSON.parse(out) as { url: string; pid: number }
  return {
    url,
    pid,
    async stop(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      const [code] = await exit
      return { code, out, err }
    },
  }
}

/** A copy of the sources without anything built, to run commands from. */
export function copyWithoutBuild(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-copy-'))
  for (const name of ['src', 'data', 'package.json', 'tsconfig.json'])
    cpSync(join(root, name), join(path, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A case of eight days of one signal with one cut, in a folder of its own. @returns the path of its file. */
export function writeCase(folder: string, id: string, country: string): string {
  mkdirSync(folder, { recursive: true })
  const rows = Array.from({ length: 8 * 24 }, (_, i) => {
    const day = `2025-01-0${1 + Math.floor(i / 24)}`
    return `${day} ${String(i % 24).padStart(2, '0')}:00:00,${i > 150 && i < 170 ? 900 : 5000 + (i % 5)}`
  })
  writeFileSync(join(folder, `${id}.csv`), `Time (UTC),BGP (# Visible /24s)\n${rows.join('\n')}\nyesterday,1\n`)
  const path = join(folder, `${id}.toml`)
  writeFileSync(
    path,
    `id = "${id}"
title = "A cut of ${country}"
summary = "Made up for a test."
from = 2025-01-01
until = 2025-01-09
[[sources]]
id = "ioda"
name = "IODA"
licence = { class = "unstated", name = "not stated" }
citation = "IODA"
[[files]]
reader = "ioda-export"
path = "${id}.csv"
entity = "country:${country}"
[[expect]]
entity = "country:${country}"
incidents = 1
onset = [2025-01-07T07:00:00Z, 2025-01-07T07:00:00Z]
`,
  )
  return path
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram } from '../../test/find-program.ts'
import type { Archive } from './generate.ts'
import { inTurn, type Command } from './processes.ts'
import type { Measured } from './report.ts'

interface Bzip2Bench {
  readonly archive: Archive
  readonly main: string
  readonly rounds: number
  readonly tell: (line: string) => void
}

/** Unpacked bytes of each file at most: enough for seconds, little enough for a coffee. */
const MOST_BYTES = 60e6

/** Two files packed with bzip2: one after the other in one thread, both at once in two workers, and by lbzip2. */
export async function measureBzip2({ archive, main, rounds, tell }: Bzip2Bench): Promise<Measured[]> {
  const packer = findProgram('lbzip2', 'bzip2')
  if (packer === null) {
    tell('bzip2 is not measured: neither lbzip2 nor bzip2 is there')
    return []
  }
  const files = [join(archive.folder, 'half-1.mrt'), join(archive.folder, 'half-2.mrt')]
  const bytes = await halve(archive.updates, files)
  for (const file of files) if (!existsSync(`${file}.bz2`)) await pack(packer, file)
  const packed = files.map((file) => `${file}.bz2`)
  const script = join(import.meta.dirname, 'unpack.mjs')
  const reading = (name: string, how: string): Command => ({
    name,
    program: process.execPath,
    args: [script, join(main, '../..'), how, ...packed],
  })
  const commands = [
    reading('one after the other', 'serial'),
    reading('both at once', 'workers'),
    ...(packer.endsWith('lbzip2') ? [{ name: 'lbzip2', program: packer, args: ['-dkc', ...packed] }] : []),
  ]
  const timings = await inTurn(commands, Math.min(rounds, 3), tell)
  const rows = [...timings.values()].map(({ name, seconds, least, most }): Measured => {
    return { name: `bzip2, two files: ${name}`, value: seconds, unit: 's', target: null, least, most }
  })
  const serial = timings.get('one after the other')!.seconds
  const atOnce = timings.get('both at once')!.seconds
  const speed = (name: string): Measured => ({
    name: `bzip2, two files: ${name}, unpacked bytes a second`,
    value: bytes / 1e6 / timings.get(name)!.seconds,
    unit: 'MB/s',
    target: null,
  })
  return [
    ...rows,
    ...[...timings.keys()].map(speed),
    // Two cores: twice as fast less what starting costs.
    {
      name: 'bzip2: both at once, times as fast as one after the other',
      value: serial / atOnce,
      unit: '×',
      target: { least: 1.5 },
    },
  ]
}

/** Cuts the beginning of the updates into two files at borders of records. @returns bytes of both. */
async function halve(updates: string, files: readonly string[]): Promise<number> {
  const whole = Math.min((await stat(updates)).size, MOST_BYTES * 2)
  const source = await open(updates)
  try {
    const bytes = Buffer.alloc(whole)
    await source.read(bytes, 0, whole, 0)
    const cuts = [0]
    let at = 0
    while (at + 12 <= whole) {
      const end = at + 12 + bytes.readUInt32BE(at + 8)
      if (end > whole) break
      at = end
      if (cuts.length === 1 && at >= whole / 2) cuts.push(at)
    }
    cuts.push(at)
    for (const [n, file] of files.entries()) {
      if (existsSync(`${file}.bz2`)) continue
      const out = await open(file, 'w')
      await out.writeFile(bytes.subarray(cuts[n], cuts[n + 1]))
      await out.close()
    }
    return at
  } finally {
    await source.close()
  }
}

async function pack(packer: string, file: string): Promise<void> {
  const child = spawn(packer, ['-f', file], { stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${packer} ended with ${code}`)
}

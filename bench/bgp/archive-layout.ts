import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { retimeRib, type Retimed } from './retime.ts'
import type { World } from './world.ts'

const BIN = 300
const COLLECTOR = 'rrc99'
const gzipped = promisify(gzip)
const LEVEL = { level: 6 }

/** `20240311.0005` */
function inName(at: number): string {
  const text = new Date(at * 1000).toISOString()
  return `${text.slice(0, 10).replaceAll('-', '')}.${text.slice(11, 16).replace(':', '')}`
}

function monthFolder(folder: string, at: number): string {
  const month = new Date(at * 1000).toISOString().slice(0, 7).replace('-', '.')
  return join(folder, 'archive', COLLECTOR, month)
}

/** Files of five minutes in the layout of RIS, and all in one, raw and packed. Records before `start` are left out. */
export async function writeUpdates(
  folder: string,
  { bytes, times, starts }: Retimed,
  start: number,
  bins: number,
): Promise<{ updateMessages: number; updateBytes: number }> {
  const into = monthFolder(folder, start)
  await mkdir(into, { recursive: true })
  // Times rise: where each bin begins.
  let record = times.findIndex((time) => time >= start)
  const first = starts[record] ?? bytes.length
  let updateMessages = 0
  let waiting: Promise<void>[] = []
  for (let bin = 0; bin < bins; bin += 1) {
    const begins = start + bin * BIN
    const from = starts[record] ?? bytes.length
    while (record < times.length && times[record]! < begins + BIN) {
      if (isUpdate(bytes, starts[record]!)) updateMessages += 1
      record += 1
    }
    const until = starts[record] ?? bytes.length
    const file = join(into, `updates.${inName(begins)}.gz`)
    waiting.push(gzipped(bytes.subarray(from, until), LEVEL).then((packed) => writeFile(file, packed)))
    if (waiting.length < 4) continue
    await Promise.all(waiting)
    waiting = []
  }
  await Promise.all(waiting)
  const whole = bytes.subarray(first)
  await writeFile(join(folder, 'updates.mrt'), whole)
  await writeFile(join(folder, 'updates.mrt.gz'), await gzipped(whole, LEVEL))
  return { updateMessages, updateBytes: whole.length }
}

/** BGP4MP_MESSAGE_AS4 of an IPv4 session: the type of the BGP message is its byte 18. */
function isUpdate(bytes: Buffer, start: number): boolean {
  return bytes.readUInt16BE(start + 6) === 4 && bytes[start + 12 + 20 + 18] === 2
}

/** Files in the layout of RIS; the first one also raw and packed by itself. Routes are a day old in all of them. */
export async function writeRibs(
  folder: string,
  ribs: readonly { readonly at: number; readonly file: string }[],
): Promise<{ entries: number; bytes: number }> {
  let first = { entries: 0, bytes: 0 }
  for (const [n, { at, file }] of ribs.entries()) {
    const bytes = await readFile(file)
    const entries = retimeRib(bytes, at, at - 86_400)
    const packed = await gzipped(bytes, LEVEL)
    await mkdir(monthFolder(folder, at), { recursive: true })
    await writeFile(join(monthFolder(folder, at), `bview.${inName(at)}.gz`), packed)
    if (n === 0) {
      first = { entries, bytes: bytes.length }
      await writeFile(join(folder, 'rib.mrt'), bytes)
      await writeFile(join(folder, 'rib.mrt.gz'), packed)
    }
    await rm(file)
  }
  return first
}

/** What registries delegated in this world, in the layout of `tocsin netdata update`. */
export async function writeNetdata(folder: string, world: World): Promise<void> {
  const into = join(folder, 'netdata', 'delegated')
  await mkdir(into, { recursive: true })
  for (const [registry, lines] of world.delegations) {
    const of = (kind: string): number => lines.filter((line) => line.split('|')[2] === kind).length
    const head = [
      `2|${registry}|20240310|${lines.length}|20120101|20240310|+0000`,
      ...['asn', 'ipv4', 'ipv6'].map((kind) => `${registry}|*|${kind}|*|${of(kind)}|summary`),
    ]
    const text = `${[...head, ...lines].join('\n')}\n`
    await writeFile(join(into, `${registry}-2024-03-10.txt.gz`), await gzipped(text, LEVEL))
  }
}

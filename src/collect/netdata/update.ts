import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { SourceId, UnixSeconds } from '../../model/brand.ts'
import { toRfc3339, utcDate } from '../../model/time.ts'
import { REGISTRIES, type Registry } from '../../netdata/networks/delegations.ts'
import { createClient, type Client, type Head } from '../http/client.ts'
import { createMeter } from '../http/meter.ts'
import { createRequestWindow } from '../http/window.ts'
import type { CollectContext } from '../source.ts'
import { decodeDelegated, type DecodedDelegated } from './delegated.ts'
import { datedFiles, datedName, readGzip, writeGzip, writeWhole } from './files.ts'
import { delegatedFolder } from './folder.ts'

/**
 * What became of one registry. `new`: a file was kept. `unchanged`: the registry says that nothing has changed, or gave
 * the file that is here already. `failed`: nothing was kept, and what was here stays: `keeps` says of which day.
 */
export type RegistryUpdate = {
  readonly registry: Registry
  readonly url: string
} & (
  | {
      readonly kind: 'new' | 'unchanged'
      readonly date: UnixSeconds
      /** For people: what the file itself or its check left open. */
      readonly remarks: readonly string[]
    }
  | { readonly kind: 'failed'; readonly reason: string; readonly keeps: UnixSeconds | null }
)

export interface UpdateOptions {
  /** `netdataFolder(dataFolder)`. */
  readonly folder: string
  readonly urls: Readonly<Record<Registry, string>>
  readonly userAgent: string
  readonly onDone: (update: RegistryUpdate) => void
}

export type UpdateContext = Pick<CollectContext, 'clock' | 'random' | 'fetch' | 'signal'>

const TIMEOUT_SECONDS = 60
/** The largest of them is some 30 MB. */
const LIMIT_BYTES = 256 * 1024 ** 2
/** Of the lines of a file, above which it is damaged or of a format that we do not know. */
const MOST_BROKEN = 0.01
/** A file and its MD5 are replaced one after the other: once a day, who comes in between finds two that do not fit. */
const TRIES = 2

/** What to ask with next time. */
const remembered = z.record(
  z.string(),
  z.object({ date: z.number(), etag: z.string().nullable(), lastModified: z.string().nullable() }),
)
type Remembered = z.infer<typeof remembered>

/**
 * Fetches what each registry has delegated by today, one after the other, and keeps each as
 * `delegated/<registry>-<its last day>.txt.gz`. A registry that fails is no failure of the others. Files are checked (MD5
 * where there is one, the file's own counts where there is none) before anything is written, and are there whole or not
 * at all.
 *
 * @throws Error of the file system when the folder cannot be written.
 */
export async function updateDelegated(
  options: UpdateOptions,
  context: UpdateContext,
): Promise<readonly RegistryUpdate[]> {
  const folder = delegatedFolder(options.folder)
  const memory = await recall(folder)
  const updates: RegistryUpdate[] = []
  for (const registry of REGISTRIES) {
    if (context.signal.aborted) break
    const update = await updateRegistry(registry, { ...options, folder, memory }, context)
    updates.push(update)
    options.onDone(update)
  }
  return updates
}

const memoryFile = (folder: string): string => join(folder, 'asked.json')

/** Without it everything is fetched in full: nothing depends on it. */
async function recall(folder: string): Promise<Remembered> {
  try {
    return remembered.parse(JSON.parse(await readFile(memoryFile(folder), 'utf8')))
  } catch {
    return {}
  }
}

interface Registered extends UpdateOptions {
  readonly memory: Remembered
}

async function updateRegistry(
  registry: Registry,
  options: Registered,
  context: UpdateContext,
): Promise<RegistryUpdate> {
  const { folder, memory, urls } = options
  const url = urls[registry]
  const kept = await datedFiles(folder, registry)
  const known = memory[registry]
  const asked = known !== undefined && kept.some(({ date }) => date === known.date) ? known : null
  const failed = (reason: string): RegistryUpdate => ({
    registry,
    url,
    kind: 'failed',
    reason,
    keeps: kept.at(-1)?.date ?? null,
  })
  const client = clientFor(registry, options, context)
  let reason = ''
  for (let left = TRIES; left > 0; left -= 1) {
    const fetched = await fetchFile(client, url, conditionOf(asked))
    if (fetched.kind === 'unchanged') {
      const date = asked?.date as UnixSeconds | undefined
      return date === undefined ? failed('it says that nothing changed, of a file that is not here') : unchanged(date)
    }
    if (fetched.kind === 'failed') return failed(fetched.reason)
    const checked = await check(client, url, registry, fetched.bytes)
    if (checked.kind === 'wrong-md5') {
      reason = checked.reason
      continue
    }
    if (checked.kind === 'failed') return failed(checked.reason)
    const { date, remarks } = checked
    const same = kept.find((each) => each.date === date)
    // A registry may mend the file of a day.
    const isNew =
      same === undefined ||
      !(await readGzip(same.path).then(
        (held) => held.equals(fetched.bytes),
        () => false,
      ))
    if (isNew) await writeGzip(join(folder, datedName(registry, date)), fetched.bytes)
    const { etag = null, 'last-modified': lastModified = null } = fetched.head.headers
    memory[registry] = { date, etag, lastModified }
    await writeWhole(memoryFile(folder), `${JSON.stringify(memory)}\n`)
    return { registry, url, kind: isNew ? 'new' : 'unchanged', date, remarks }
  }
  return failed(reason)

  function unchanged(date: UnixSeconds): RegistryUpdate {
    return { registry, url, kind: 'unchanged', date, remarks: [] }
  }
}

function clientFor(registry: Registry, options: UpdateOptions, context: UpdateContext): Client {
  return createClient(
    {
      source: registry as string as SourceId,
      userAgent: options.userAgent,
      timeoutSeconds: TIMEOUT_SECONDS,
      limitBytes: 1024 ** 2,
      window: createRequestWindow({ requests: 20, perSeconds: 3600, backfillShare: 0 }),
      meter: createMeter(),
    },
    { ...context, progress: { covered: () => [] }, focus: () => [] },
  )
}

function conditionOf(asked: Remembered[string] | null): Record<string, string> {
  const { etag = null, lastModified = null } = asked ?? {}
  return {
    ...(etag === null ? {} : { 'if-none-match': etag }),
    ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
  }
}

type Fetched =
  | { readonly kind: 'whole'; readonly bytes: Buffer; readonly head: Head }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'failed'; readonly reason: string }

class TooLarge extends Error {}

async function fetchFile(client: Client, url: string, headers: Record<string, string>): Promise<Fetched> {
  const chunks: Uint8Array[] = []
  let length = 0
  const sink = {
    headers,
    begin: async () => true,
    write: async (chunk: Uint8Array) => {
      length += chunk.length
      if (length > LIMIT_BYTES) throw new TooLarge()
      chunks.push(chunk)
    },
  }
  const tooLarge = { kind: 'failed', reason: `more than ${LIMIT_BYTES / 1024 ** 2} MiB` } as const
  const outcome = await client.download(url, 'live', sink).catch((error: unknown) => {
    if (error instanceof TooLarge) return tooLarge
    throw error
  })
  if (outcome === tooLarge) return tooLarge
  if (outcome.kind === 'stored') return { kind: 'whole', bytes: Buffer.concat(chunks), head: outcome.head }
  if (outcome.kind === 'failed' && 'answer' in outcome && outcome.answer?.status === 304) return { kind: 'unchanged' }
  return { kind: 'failed', reason: 'reason' in outcome ? outcome.reason : 'stopped' }
}

type Checked =
  | { readonly kind: 'good'; readonly date: UnixSeconds; readonly remarks: readonly string[] }
  | { readonly kind: 'wrong-md5'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }

async function check(client: Client, url: string, registry: Registry, bytes: Buffer): Promise<Checked> {
  // What it is comes first: an MD5 of a page that says "closed for repairs" helps nobody.
  const decoded = decodeDelegated(bytes)
  const wrong = whatIsWrong(decoded, registry)
  const md5 = await md5Beside(client, url)
  if (md5.kind === 'known' && md5.md5 !== createHash('md5').update(bytes).digest('hex')) {
    const reason = `the file does not fit the MD5 beside it${wrong === null ? '' : `; ${wrong}`}`
    return { kind: 'wrong-md5', reason }
  }
  if (decoded.kind === 'refused' || wrong !== null) return { kind: 'failed', reason: wrong ?? 'unreadable' }
  const { report, delegations } = decoded
  if (md5.kind === 'unknown' && report.mismatches.length > 0) {
    return { kind: 'failed', reason: `${md5.reason}, and ${report.mismatches.join(', ')}` }
  }
  const lost = brokenLines(decoded)
  const remarks = [
    ...(md5.kind === 'unknown' ? [`not checked against an MD5: ${md5.reason}`] : []),
    ...(lost === 0
      ? []
      : [`${lost} broken lines, such as line ${report.examples[0]?.line}: ${report.examples[0]?.text}`]),
    ...report.mismatches,
  ]
  return { kind: 'good', date: delegations.date, remarks }
}

function brokenLines(decoded: Extract<DecodedDelegated, { kind: 'delegations' }>): number {
  return Object.values(decoded.report.broken).reduce((sum, count) => sum + count, 0)
}

function whatIsWrong(decoded: DecodedDelegated, registry: Registry): string | null {
  if (decoded.kind === 'refused') return decoded.reason
  const { delegations, report } = decoded
  if (delegations.registry !== registry) return `it is of ${delegations.registry}`
  if (report.records === 0) return 'it holds no records'
  const lost = brokenLines(decoded)
  return lost > MOST_BROKEN * (lost + report.records)
    ? `${lost} of ${lost + report.records} lines cannot be read`
    : null
}

type Md5 = { readonly kind: 'known'; readonly md5: string } | { readonly kind: 'unknown'; readonly reason: string }

/** Both ways in which it is written: `MD5 (name) = 0123…`, and `0123…  name`. */
async function md5Beside(client: Client, url: string): Promise<Md5> {
  const outcome = await client.ask(`${url}.md5`, 'live')
  if (outcome.kind === 'stopped') return { kind: 'unknown', reason: 'stopped' }
  if (outcome.kind !== 'answer') return { kind: 'unknown', reason: outcome.reason }
  const md5 = /\b[0-9a-f]{32}\b/i.exec(Buffer.from(outcome.answer.body).toString('latin1'))?.[0]
  if (md5 === undefined) return { kind: 'unknown', reason: 'what lies there is no MD5' }
  return { kind: 'known', md5: md5.toLowerCase() }
}

/** One line for people. */
export function tellUpdate(update: RegistryUpdate): string {
  const { registry } = update
  if (update.kind === 'failed') {
    const keeps = update.keeps === null ? 'there is none here yet' : `the one of ${utcDate(update.keeps)} stays`
    return `${registry}: not fetched, ${keeps}: ${update.reason} (${update.url})`
  }
  const what = update.kind === 'new' ? 'new, until' : 'unchanged since'
  return `${registry}: ${what} ${toRfc3339(update.date).slice(0, 10)}${update.remarks.map((each) => `; ${each}`).join('')}`
}

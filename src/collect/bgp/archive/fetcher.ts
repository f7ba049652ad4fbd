import type { AnswerWithBody } from '../../../model/answer.ts'
import type { UnixSeconds } from '../../../model/brand.ts'
import type { BodySink, Client, Head } from '../../http/client.ts'
import type { Meter } from '../../http/meter.ts'
import type { Purpose } from '../../http/window.ts'
import type { CollectContext } from '../../source.ts'
import type { ArchiveDisk, StoredFile } from './disk.ts'
import type { ArchiveFile } from './layout.ts'

/**
 * What came of wanting a file.
 *
 * `there`: whole, verified, in the cache; `isNew`: the archive was asked for it just now. `empty`: the archive has it, and it holds no record: a collector that writes
 * and hears nothing. `absent`: the archive has none of that name. `unreadable`: it is not what it should be, and was let
 * go. `wrong-clock`: the clock of the server, or that of the collector, is not ours.
 */
export type Fetched =
  | { readonly kind: 'there'; readonly stored: StoredFile; readonly isNew: boolean }
  | { readonly kind: 'empty'; readonly url: string }
  | { readonly kind: 'absent'; readonly url: string }
  | {
      readonly kind: 'unreachable' | 'unreadable' | 'wrong-clock'
      readonly url: string
      readonly reason: string
      readonly answer: AnswerWithBody | null
    }
  | { readonly kind: 'stopped' }

/** Gets files of an archive: from the cache, or over HTTP into it. One at a time. */
export interface ArchiveFetcher {
  urlOf(file: ArchiveFile): string
  /** Whether no request is needed for it. */
  isHere(file: ArchiveFile): Promise<boolean>
  fetch(file: ArchiveFile, purpose: Purpose): Promise<Fetched>
  /** By the clock of the server when it answered last; `null` where it has not said. */
  readonly serverTime: UnixSeconds | null
}

export interface FetcherParts {
  readonly baseUrl: string
  readonly client: Client
  readonly meter: Meter
  readonly context: CollectContext
  readonly disk: ArchiveDisk
}

/** Clocks of the upstream and ours may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 300

/** Records of a file may lie so far outside of what its name says: it is begun and closed by hand of a scheduler. */
const NAME_TOLERANCE_SECONDS = 900

export function createArchiveFetcher(parts: FetcherParts): ArchiveFetcher {
  const { client, meter, context, disk } = parts
  const { clock } = context
  const base = parts.baseUrl.replace(/\/+$/, '')
  let serverTime: UnixSeconds | null = null

  const urlOf = (file: ArchiveFile): string => `${base}/${file.path}`

  /** A file in the cache whose time has not come was taken while a clock was wrong. */
  const find = async (file: ArchiveFile): Promise<StoredFile | null> => {
    const now = clock.now()
    const stored = await disk.find(file.path, now)
    if (stored === null || (file.until <= now && stored.fetchedAt <= now)) return stored
    await disk.drop(file.path)
    return null
  }

  const download = async (file: ArchiveFile, purpose: Purpose): Promise<Fetched> => {
    const url = urlOf(file)
    const part = await disk.part(file.path)
    const isOngoing = part?.validator !== null && part !== null
    let total: number | null = null
    let come = 0
    let clockOff: string | null = null
    let isAstray = false
    const sink: BodySink = {
      headers: isOngoing ? { range: `bytes=${part.bytes}-`, 'if-range': part.validator ?? '' } : {},
      async begin(head) {
        clockOff = judgeDate(head)
        if (clockOff !== null) return false
        const range = head.status === 206 ? rangeOf(head) : null
        isAstray = head.status === 206 && (range === null || range.from !== (isOngoing ? part.bytes : 0))
        if (isAstray) return false
        const goesOn = range !== null && isOngoing
        come = goesOn ? part.bytes : 0
        total = range === null ? lengthOf(head) : range.total
        await disk.begin(file.path, validatorOf(head), goesOn)
        return true
      },
      async write(chunk) {
        come += chunk.length
        await disk.append(file.path, chunk)
      },
    }
    const outcome = await client.download(url, purpose, sink)
    await disk.pause(file.path)
    if (clockOff !== null) return { kind: 'wrong-clock', url, reason: clockOff, answer: null }
    if (isAstray) {
      await disk.drop(file.path)
      return unreadable(url, 'a part of the file that was not asked for')
    }
    switch (outcome.kind) {
      case 'stopped':
        return outcome
      case 'refused':
        return { kind: 'unreachable', url, reason: outcome.reason, answer: outcome.answer }
      case 'too-large':
        return { kind: 'unreachable', url, reason: outcome.reason, answer: null }
      case 'failed': {
        const status = outcome.answer?.status
        // What we hold is longer than the file: it was written anew.
        if (status === 416) await disk.drop(file.path)
        if (status === 404 || status === 410) return { kind: 'absent', url }
        return { kind: 'unreachable', url, reason: outcome.reason, answer: outcome.answer }
      }
      case 'declined':
      case 'stored':
        break
      default:
        outcome satisfies never
    }
    if (total !== null && come !== total) {
      return { kind: 'unreachable', url, reason: `${come} of ${String(total)} bytes came`, answer: null }
    }
    return settle(file, url)
  }

  /** All that the server had is here: whether it is what it should be. */
  const settle = async (file: ArchiveFile, url: string): Promise<Fetched> => {
    const verified = await disk.verify(file.path)
    const problem = verified.kind === 'damaged' ? verified.reason : wrongIn(file, verified.facts)
    if (verified.kind === 'damaged' || problem !== null) {
      await disk.drop(file.path)
      return unreadable(url, problem ?? '')
    }
    const { bytes, sha256, facts } = verified
    if (facts.records === 0) {
      // It may be written anew: not kept.
      await disk.drop(file.path)
      return { kind: 'empty', url }
    }
    const { earliest, latest } = facts
    const now = clock.now()
    const ahead = latest === null ? 0 : latest - Math.min(now, file.until)
    const behind = earliest === null ? 0 : file.from - earliest
    const isElsewhere = (earliest ?? 0) > file.until + NAME_TOLERANCE_SECONDS
    const wasElsewhere = (latest ?? Infinity) < file.from - NAME_TOLERANCE_SECONDS
    if (isElsewhere || wasElsewhere || (latest ?? 0) > now + CLOCK_TOLERANCE_SECONDS) {
      await disk.drop(file.path)
      const reason = wasElsewhere
        ? `records ${behind} s before the file`
        : `records ${ahead} s after the file or ahead of now`
      return { kind: 'wrong-clock', url, reason, answer: null }
    }
    const stored: StoredFile = { path: file.path, url, bytes, sha256, fetchedAt: now, facts }
    await disk.commit(stored)
    return { kind: 'there', stored, isNew: true }
  }

  const unreadable = (url: string, reason: string): Fetched => {
    meter.wasUnreadable(clock.now(), reason)
    return { kind: 'unreadable', url, reason, answer: null }
  }

  const judgeDate = (head: Head): string | null => {
    const date = Date.parse(head.headers['date'] ?? '') / 1000
    if (Number.isNaN(date)) return null
    // A cache on the way says how long it has held the answer: RFC 9111, 5.1.
    const age = Number(head.headers['age'] ?? '0')
    serverTime = Math.floor(date + (Number.isFinite(age) ? age : 0)) as UnixSeconds
    const off = serverTime - clock.now()
    return Math.abs(off) > CLOCK_TOLERANCE_SECONDS ? `clock ${off > 0 ? '+' : ''}${off} s` : null
  }

  return {
    urlOf,
    get serverTime() {
      return serverTime
    },
    isHere: async (file) => (await find(file)) !== null,
    async fetch(file, purpose) {
      const stored = await find(file)
      if (stored !== null) return { kind: 'there', stored, isNew: false }
      return download(file, purpose)
    },
  }
}

/** Whether the records of a file are such as its name says; the reason where not. */
function wrongIn(file: ArchiveFile, facts: StoredFile['facts']): string | null {
  const { records, routes, ribs, otherType } = facts
  if (records === 0) return null
  if (routes === 0) return `no record that carries routes; the first is of type ${otherType}`
  if (file.kind === 'rib' && ribs === 0) return 'no record of a RIB'
  if (file.kind === 'updates' && ribs > 0) return 'a RIB where updates should be'
  return null
}

/** Of an answer with the whole file; `null` where the length is of something else, or is not said. */
function lengthOf(head: Head): number | null {
  if (head.headers['content-encoding'] !== undefined) return null
  const length = Number(head.headers['content-length'] ?? NaN)
  return Number.isSafeInteger(length) ? length : null
}

/** `bytes 100-199/200`: RFC 9110, 14.4. */
function rangeOf(head: Head): { readonly from: number; readonly total: number | null } | null {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(head.headers['content-range'] ?? '')
  if (match === null) return null
  return { from: Number(match[1]), total: match[2] === '*' ? null : Number(match[2]) }
}

/** What a later request can ask by whether it is still the same file: no weak ETag (RFC 9110, 13.1.5). */
function validatorOf(head: Head): string | null {
  if (head.headers['content-encoding'] !== undefined) return null
  const tag = head.headers['etag']
  if (tag !== undefined && tag.startsWith('"')) return tag
  return head.headers['last-modified'] ?? null
}

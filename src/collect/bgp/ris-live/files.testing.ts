import { gunzipSync } from 'node:zlib'
import type { UnixSeconds } from '../../../model/brand.ts'
import { plus } from '../../../model/time.ts'
import { createMrtWalk } from '../archive/walk.ts'
import type { ArchiveReader } from '../archive-reader.ts'
import { LAYOUTS } from '../archive/layout.ts'
import { createArchiveFollow, type FileGetter, type Got } from './archive-follow.ts'
import type { ArchiveParts } from './source.ts'

/** The archive by HTTP, each file in memory and nothing on disk: small worlds only. */
export function followInMemory(parts: ArchiveParts): ArchiveReader {
  const { collectors, context } = parts
  return createArchiveFollow({ layout: LAYOUTS.ris, collectors, files: getInMemory(parts), context })
}

function getInMemory({ baseUrl, client, context }: ArchiveParts): FileGetter {
  return {
    async get(file): Promise<Got> {
      const url = `${baseUrl}/${file.path}`
      const ready = client.readyAt('live')
      if (ready > context.clock.now()) return { kind: 'wait', retryAt: ready }
      const outcome = await client.ask(url, 'live')
      const retryAt = plus(client.waitingUntil() ?? context.clock.now(), 60)
      switch (outcome.kind) {
        case 'answer': {
          const { answer } = outcome
          const date = Date.parse(answer.responseHeaders['date'] ?? '')
          const serverTime = Number.isNaN(date) ? null : ((date / 1000) as UnixSeconds)
          const bytes = unpacked(answer.body)
          const walk = createMrtWalk()
          walk.push(bytes ?? new Uint8Array(1))
          const facts = walk.end()
          if (bytes === null || facts.broken !== null) {
            return { kind: 'unreadable', reason: `${file.path}: ${facts.broken}`, retryAt, answer }
          }
          const evidence = {
            ...file,
            url,
            bytes: answer.bytes,
            sha256: answer.sha256,
            fetchedAt: answer.fetchedAt,
            records: facts.records,
            broken: 0,
            state: 'read',
            detail: null,
          } as const
          return {
            kind: 'file',
            evidence,
            serverTime,
            async *open() {
              yield Uint8Array.from(bytes)
            },
          }
        }
        case 'failed':
          if (outcome.failure === 'status' && outcome.answer?.status === 404) return { kind: 'missing', serverTime: null }
          return { kind: 'unreachable', reason: outcome.reason, retryAt, answer: outcome.answer }
        case 'refused':
          return { kind: 'unreachable', reason: outcome.reason, retryAt, answer: outcome.answer }
        case 'too-large':
          return { kind: 'unreachable', reason: outcome.reason, retryAt, answer: null }
        case 'stopped':
          return outcome
        default:
          return outcome satisfies never
      }
    },
  }
}

function unpacked(body: Uint8Array): Uint8Array | null {
  try {
    return gunzipSync(body)
  } catch {
    return null
  }
}

import { plus } from '../../../model/time.ts'
import type { ArchiveReader } from '../archive-reader.ts'
import type { ArchiveDisk } from '../archive/disk.ts'
import { createArchiveFetcher } from '../archive/fetcher.ts'
import { LAYOUTS } from '../archive/layout.ts'
import { createArchiveFollow, type FileGetter, type Got } from './archive-follow.ts'
import type { ArchiveParts } from './source.ts'

/** A file that could not be read, or came from a server with another clock, may be another one by then. */
const ANOTHER_TRY_SECONDS = 60

/** RIS' archive by HTTP, followed step by step; files are kept on disk as long as there is room for them. */
export function followRisArchive(parts: ArchiveParts, disk: ArchiveDisk): ArchiveReader {
  const { collectors, context } = parts
  return createArchiveFollow({ layout: LAYOUTS.ris, collectors, files: fetchedFiles(parts, disk), context })
}

function fetchedFiles({ baseUrl, client, meter, context }: ArchiveParts, disk: ArchiveDisk): FileGetter {
  const { clock } = context
  const fetcher = createArchiveFetcher({ baseUrl, client, meter, context, disk })
  return {
    async get(file): Promise<Got> {
      const ready = client.readyAt('live')
      if (ready > clock.now() && !(await fetcher.isHere(file))) return { kind: 'wait', retryAt: ready }
      const fetched = await fetcher.fetch(file, 'live')
      switch (fetched.kind) {
        case 'there': {
          const { url, bytes, sha256, fetchedAt, facts, path } = fetched.stored
          const { collector, kind, from, until } = file
          const named = { url, kind, collector, from, until, bytes, sha256, fetchedAt, records: facts.records }
          const evidence = { ...named, broken: 0, state: 'read', detail: null } as const
          await disk.keep(path)
          return { kind: 'file', evidence, open: () => disk.read(path), release: () => disk.release(path) }
        }
        case 'empty':
        case 'absent':
          return { kind: 'missing' }
        case 'unreachable':
        case 'unreadable':
        case 'wrong-clock': {
          const retryAt = client.waitingUntil() ?? plus(clock.now(), ANOTHER_TRY_SECONDS)
          return { kind: fetched.kind, reason: `${file.path}: ${fetched.reason}`, retryAt, answer: fetched.answer }
        }
        case 'stopped':
          return fetched
        default:
          return fetched satisfies never
      }
    },
  }
}

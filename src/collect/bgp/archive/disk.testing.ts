import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { ArchiveDisk, PartFile, StoredFile, Verified } from './disk.ts'
import { createMrtWalk } from './walk.ts'

/** A cache in memory, for files packed with gzip: a simulated month of small files waits for no disk. Lets go of nothing. */
export function createMemoryDisk(): ArchiveDisk {
  const whole = new Map<string, { readonly file: StoredFile; readonly body: Uint8Array }>()
  const parts = new Map<string, { validator: string | null; body: Uint8Array }>()
  return {
    find: async (path) => whole.get(path)?.file ?? null,
    async part(path): Promise<PartFile | null> {
      const part = parts.get(path)
      return part === undefined || part.body.length === 0
        ? null
        : { bytes: part.body.length, validator: part.validator }
    },
    async begin(path, validator, goesOn) {
      if (!goesOn) parts.set(path, { validator, body: new Uint8Array(0) })
    },
    async append(path, chunk) {
      const part = parts.get(path)
      if (part === undefined) throw new TypeError(`nothing was begun: ${path}`)
      part.body = Buffer.concat([part.body, chunk])
    },
    pause: async () => undefined,
    async verify(path): Promise<Verified> {
      const { body } = parts.get(path) ?? { body: new Uint8Array(0) }
      const walk = createMrtWalk()
      try {
        walk.push(body[0] === 0x1f ? gunzipSync(body) : body)
      } catch (error) {
        return { kind: 'damaged', reason: error instanceof Error ? error.message : 'damaged' }
      }
      const facts = walk.end()
      if (facts.broken !== null) return { kind: 'damaged', reason: facts.broken }
      return { kind: 'whole', bytes: body.length, sha256: createHash('sha256').update(body).digest('hex'), facts }
    },
    async commit(file) {
      whole.set(file.path, { file, body: parts.get(file.path)?.body ?? new Uint8Array(0) })
      parts.delete(file.path)
    },
    async drop(path) {
      whole.delete(path)
      parts.delete(path)
    },
    async *read(path) {
      const body = whole.get(path)?.body
      if (body === undefined) throw new Error(`not there: ${path}`)
      yield gunzipSync(body)
    },
    keep: async () => undefined,
    release: async () => undefined,
    list: async () => [...whole.values()].map(({ file }) => file),
  }
}

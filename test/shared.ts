import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Data that are not ours to pass on lie beside the project, or where TOCSIN_SHARED says. */
const folder = process.env.TOCSIN_SHARED ?? resolve(root, '..', 'shared')

/** Absolute path of something in the shared folder, there or not: `shared('cases/iran-2026')`. */
export function shared(path: string): string {
  return join(folder, path)
}

/**
 * `describe` for tests that read the shared folder: skipped, and named as such in the run's summary, where one of
 * `paths` is missing. The body is run either way to name its tests: read files inside `it` and `beforeAll` only.
 */
export function describeShared(paths: readonly string[], name: string, body: () => void): void {
  const missing = paths.filter((path) => !existsSync(shared(path)))
  if (missing.length === 0) describe(name, body)
  else describe.skip(`${name} [needs ../shared/${missing.join(', ../shared/')}]`, body)
}

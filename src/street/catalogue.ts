import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TocsinError } from '../model/errors.ts'
import type { ParsedCase } from './case.ts'
import { parseCase, replayEntry } from './case.ts'
import type { ReplayEntry } from './view.ts'

/** Where the package lies: two folders above this file, in `src` as in `dist`. */
const PACKAGE = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** A case that a list of replays can offer. */
export interface Listed {
  readonly entry: ReplayEntry
  readonly parsed: ParsedCase
}

/** Folders whose case files are offered: the reconstructions that are shipped, the cases whose data lie elsewhere. */
export function shippedFolders(): readonly string[] {
  return [join(PACKAGE, 'data/reconstructions'), join(PACKAGE, 'fixtures/cases')]
}

/**
 * Reads the case files of some folders and single files. One that is not sound is told and left out; its neighbours stay.
 *
 * @param paths folders or files. @param complain told of each file that cannot be offered, in words.
 */
export function listCases(paths: readonly string[], complain: (message: string) => void): readonly Listed[] {
  const listed: Listed[] = []
  for (const file of paths.flatMap((path) => (path.endsWith('.toml') ? [path] : tomlFiles(path, complain)))) {
    try {
      const parsed = parseCase(file)
      if (listed.some((each) => each.entry.id === parsed.file.id))
        complain(`${file}: another case has the id ${parsed.file.id}; this one is left out`)
      else listed.push({ parsed, entry: replayEntry(parsed, missingData(parsed)) })
    } catch (error) {
      if (!(error instanceof TocsinError)) throw error
      complain(error.message)
    }
  }
  return listed
}

function tomlFiles(folder: string, complain: (message: string) => void): readonly string[] {
  let names: readonly string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    // Of the shipped folders some are not part of every package; a folder that somebody named is meant to be there.
    if (!shippedFolders().includes(folder)) complain(`${folder} is ${whatIsWrong(error)}`)
    return []
  }
  return names
    .filter((name) => name.endsWith('.toml'))
    .toSorted()
    .map((name) => join(folder, name))
}

function whatIsWrong(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'not there; name a case file or a folder of them'
  if (code === 'ENOTDIR') return 'neither a folder nor a case file, whose name ends in .toml'
  return `a folder that cannot be read (${code ?? String(error)})`
}

/** The first data file of the case that is not there; `null` when all are. */
function missingData(parsed: ParsedCase): string | null {
  if (parsed.kind === 'reconstruction') return null
  const missing = parsed.file.files.find((each) => !existsSync(resolve(dirname(parsed.path), each.path)))
  return missing === undefined ? null : missing.path
}

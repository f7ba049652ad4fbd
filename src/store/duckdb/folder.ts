import { access, constants, mkdir, realpath } from 'node:fs/promises'

import { BusyError, StoreError } from '../../model/errors.ts'

/** @returns the folder's real path. @throws StoreError when it cannot be made, or written in. */
export async function prepareFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return await realpath(folder)
  } catch (cause) {
    throw new StoreError(`${folder} cannot be used as a data folder: ${adviceFor(cause)}`, { cause })
  }
}

function adviceFor(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'no right to write there; give it to the user that runs Tocsin (chown), or set another data folder'
    case 'EROFS':
      return 'the file system is read-only; mount it for writing, or set another data folder'
    case 'ENOSPC':
      return 'no space is left; free some'
    case 'EEXIST':
    case 'ENOTDIR':
      return 'there is a file in its place; set another data folder'
    default:
      return `${code ?? String(cause)}; set another data folder`
  }
}

/**
 * Folders that this process holds. State of the module, for it mirrors state of the process: DuckDB's lock is the
 * process's, so it does not stop one process from opening a folder twice and destroying it.
 */
const held = new Set<string>()

/** @returns what gives the folder free again. @throws BusyError when this process has it open. */
export function holdFolder(folder: string): () => void {
  if (held.has(folder))
    throw new BusyError(`${folder} is open in this very process (${process.pid}); use that store, or close it first`)
  held.add(folder)
  return () => void held.delete(folder)
}

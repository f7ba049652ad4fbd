import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Daemons lie where only root's PATH leads. */
const USUAL = ['/usr/local/sbin', '/usr/sbin', '/usr/bin']

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Path of the first of `names` that is on PATH or in the system's folders; `null` where none is installed. */
export function findProgram(...names: readonly string[]): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...USUAL].filter((folder) => folder !== '')
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name)
      if (isExecutable(path)) return path
    }
  }
  return null
}

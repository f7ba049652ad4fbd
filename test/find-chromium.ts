import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** TOCSIN_CHROMIUM, else the first of the usual names on PATH or in /usr/bin; `null` when there is none. */
export function findChromium(): string | null {
  const named = process.env.TOCSIN_CHROMIUM
  if (named !== undefined && named !== '') return isExecutable(named) ? named : null
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'].filter((folder) => folder !== '')
  for (const name of NAMES) {
    for (const folder of folders) {
      const path = join(folder, name)
      if (isExecutable(path)) return path
    }
  }
  return null
}

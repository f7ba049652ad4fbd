import { accessSync, constants } from 'node:fs'
import { findProgram } from './find-program.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** TOCSIN_CHROMIUM, else the first of the usual names on PATH or in /usr/bin; `null` when there is none. */
export function findChromium(): string | null {
  const named = process.env.TOCSIN_CHROMIUM
  if (named === undefined || named === '') return findProgram(...NAMES)
  try {
    accessSync(named, constants.X_OK)
    return named
  } catch {
    return null
  }
}

import { chromium, type Browser } from 'playwright-core'
import { describe } from 'vitest'
import { findChromium } from './find-chromium.ts'

const path = findChromium()

/** Quiet: no update, no experiment, no call home; and only TCP, so that a test's proxy sees all there is. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** @throws Error where there is no Chromium: use it inside `describeBrowser` only. */
export async function launchChromium(): Promise<Browser> {
  if (path === null) throw new Error('no Chromium found; set TOCSIN_CHROMIUM to its path')
  return await chromium.launch({ executablePath: path, args: FLAGS })
}

/** `describe` for tests in a real browser: skipped, and named as such in the run's summary, where there is none. */
export function describeBrowser(name: string, body: () => void): void {
  if (path !== null) describe(name, body)
  else describe.skip(`${name} [needs Chromium]`, body)
}

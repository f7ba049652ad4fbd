import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWeb, serveApp } from '../src/api/browser.testing.ts'
import { fakeObservatory } from '../src/api/observatory.testing.ts'
import type { BuiltWeb } from '../src/api/renderer.ts'
import { darkView } from '../src/api/routing.testing.ts'
import { describeBrowser, launchChromium } from './chromium.ts'

const LOOKS = [
  { width: 1280, theme: 'light' },
  { width: 1280, theme: 'dark' },
  { width: 360, theme: 'light' },
] as const

const PAGES = [
  ['incident', '/en/incident/KZ-2022-01-05-a'],
  ['operator', '/operator/KZ.kcell'],
  ['AS', '/AS9198'],
] as const

describeBrowser('the order of going dark as it looks', () => {
  let browser: Browser
  let web: BuiltWeb
  let remove: () => Promise<void>
  let site: Awaited<ReturnType<typeof serveApp>>
  beforeAll(async () => {
    ;({ web, remove } = await buildWeb())
    site = await serveApp(fakeObservatory(darkView({})), web)
    browser = await launchChromium()
  })
  afterAll(async () => {
    expect(site.errors).toEqual([])
    await browser.close()
    await site.close()
    await remove()
  })

  async function visit(
    path: string,
    look: { readonly width: number; readonly theme: 'light' | 'dark' },
    see: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({
      viewport: { width: look.width, height: 900 },
      colorScheme: look.theme,
      reducedMotion: 'reduce',
    })
    try {
      const page = await context.newPage()
      await page.goto(`${site.url}${path}`)
      await see(page)
    } finally {
      await context.close()
    }
  }

  describe.each(PAGES)('on the page of an %s', (_, path) => {
    it.each(LOOKS)(
      'at $width, $theme: in order, drawn, without a finding, and never wider than the page',
      async (look) => {
        await visit(path, look, async (page) => {
          const section = page.locator('section.going-dark')
          await section.scrollIntoViewIfNeeded()
          expect(await section.textContent()).toContain('Routes that stand do not mean that packets pass.')
          const lines = await section.locator('ol.order > li').allTextContents()
          expect(lines[0]).toMatch(/^Kazakhtelecom \(AS9198\) went first, at 10:00:00 UTC on 5 January 2022;/)
          expect(lines[1]).toMatch(
            /^Kcell \(AS29355\) followed at 10:31:07 UTC, 31 minutes later; within 4 minutes 9 of 10 of its IPv4 address blocks were gone\. 9 of 10 of them were back at 17:30:56 UTC\./,
          )
          const [whole = 0, shown = 0] = await page.evaluate<number[]>(
            `(() => { const box = document.querySelector('.scrolls'); return [box.scrollWidth, box.clientWidth] })()`,
          )
          expect(whole > shown).toBe(look.width < 640)
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(look.width)
          await section.locator('details.prefixes summary').click()
          expect(await section.locator('details.prefixes tbody tr').count()).toBeGreaterThan(8)
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(look.width)
          const found = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
          expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
        })
      },
    )
  })
})

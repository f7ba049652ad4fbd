import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { describeBrowser, launchChromium } from '../../test/chromium.ts'
import { loadApiPage } from './api-page.ts'
import { fakeApp, problemAt, serveFake } from './app.testing.ts'
import { liveView } from './observatory.testing.ts'

const PACKAGE = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

describe('the page of the interface', () => {
  it('is served with its files, under a policy that lets nothing of others in', async () => {
    const app = fakeApp(liveView({}), { apiPage: await loadApiPage(PACKAGE) })
    const page = await app.request('/api/docs')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none';/)
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    const html = await page.text()
    const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] ?? '')
    expect(files).toHaveLength(4)
    for (const file of files) expect([file, (await app.request(file)).status]).toEqual([file, 200])
    expect((await app.request('/api/docs/package.json')).status).toBe(404)
  })

  it('is not there where it was not built, and says what describes the interface instead', async () => {
    expect(await loadApiPage(`${PACKAGE}/nowhere`)).toBeNull()
    const app = fakeApp(liveView({}), { apiPage: null })
    expect((await problemAt(app, '/api/docs', 503)).detail).toContain('/api/v1/openapi.json')
  })
})

describeBrowser('the page of the interface in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
  })

  it('lists every route, tries one out, and neither calls anybody nor breaks its policy', async () => {
    const app = fakeApp(liveView({}), { apiPage: await loadApiPage(PACKAGE) })
    const served = await serveFake(app)
    try {
      const page = await browser.newPage()
      const [wrong, hosts]: [string[], Set<string>] = [[], new Set()]
      page.on('console', (message) => {
        if (message.type() === 'error') wrong.push(message.text())
      })
      page.on('pageerror', (error) => wrong.push(error.message))
      page.on('request', (request) => hosts.add(new URL(request.url()).host))
      await page.goto(`${served.url}/api/docs`)
      await page.waitForSelector('.opblock')
      const { paths } = (await (await app.request('/api/v1/openapi.json')).json()) as { paths: object }
      expect(await page.locator('.opblock').count()).toBe(Object.keys(paths).length)
      await page.click('#operations-Health-get_healthz .opblock-summary-control')
      await page.click('.try-out__btn')
      await page.click('.execute')
      await page.waitForSelector('.live-responses-table .response-col_status')
      expect(await page.textContent('.live-responses-table')).toContain('newestDataAgeSeconds')
      expect(wrong).toEqual([])
      expect([...hosts].filter((host) => host !== '')).toEqual([new URL(served.url).host])
      await page.close()
    } finally {
      await served.close()
    }
  })
})

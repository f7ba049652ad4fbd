import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeBrowser, launchChromium } from '../../test/chromium.ts'
import type { EntityId, IncidentId, UnixSeconds } from '../model/brand.ts'
import type { HealthCondition } from '../model/health.ts'
import type { Incident } from '../model/incident.ts'
import type { View } from '../street/view.ts'
import { at, iran } from '../words/samples.testing.ts'
import { createApp } from './app.ts'
import { buildWeb, serveApp } from './browser.testing.ts'
import { ANSWER, blindness } from './live.testing.ts'
import {
  emptyView,
  fakeObservatory,
  IRAN_UNVERIFIED,
  iranView,
  liveView,
  reconstructionView,
} from './observatory.testing.ts'
import type { BuiltWeb } from './renderer.ts'

const STALE_NOW = (Date.UTC(2026, 5, 1) / 1000) as UnixSeconds

/** Which live view, which path, and the sentence that must stand first. */
function inKazakhstan(incident: Incident): Incident {
  return { ...incident, id: 'KZ-2026-01-08-a' as IncidentId, entity: 'country:KZ' as EntityId }
}

function onNetwork(asn: number): Incident {
  return { ...iran({}), id: `AS${asn}-2026-01-08-a` as IncidentId, entity: `as:${asn}` as EntityId }
}

const PAGES: readonly (readonly [string, () => View, string, RegExp])[] = [
  ['empty world', emptyView, '/en/', /^No live data yet\.$/],
  [
    'world',
    () => liveView({}),
    '/en/',
    /^Iran has been almost entirely offline since 8 January 2026, 16:30 UTC \(20:00 in Tehran\)\.$/,
  ],
  [
    'world with several incidents',
    () =>
      liveView({
        incidents: [iran({}), inKazakhstan(iran({}))],
      }),
    '/en/',
    /^2 incidents now\.$/,
  ],
  [
    'blind world with several incidents',
    () => liveView({ incidents: [iran({}), inKazakhstan(iran({}))], now: STALE_NOW }),
    '/en/',
    /^Our newest usable data are from 15 January 2026, 12:00 UTC; what happened since we cannot see\.$/,
  ],
  [
    'world with an incident and one that is back',
    () => liveView({ incidents: [iran({}), inKazakhstan(IRAN_UNVERIFIED)] }),
    '/en/',
    /^Iran has been almost entirely offline since 8 January 2026/,
  ],
  [
    'world with an incident and two networks of it',
    () => liveView({ incidents: [iran({}), onNetwork(9198), onNetwork(12880)] }),
    '/en/',
    /^Iran has been almost entirely offline since 8 January 2026/,
  ],
  [
    'world with two networks alone',
    () => liveView({ incidents: [onNetwork(9198), onNetwork(12880)] }),
    '/en/',
    /^2 incidents now\.$/,
  ],
  [
    'world with nothing but what is back',
    () => liveView({ incidents: [IRAN_UNVERIFIED, inKazakhstan(IRAN_UNVERIFIED)] }),
    '/en/',
    /^In 2 places networks answer again after a cut; whether people have access is not verified\.$/,
  ],
  ['quiet world', () => liveView({ incidents: [] }), '/en/', /^Nothing unusual in 2 of 3 countries watched\.$/],
  [
    'blind world',
    () => liveView({ incidents: [], now: STALE_NOW }),
    '/en/',
    /^Our newest usable data are from 15 January 2026, 12:00 UTC; what happened since we cannot see\.$/,
  ],
  [
    'blind world with an incident',
    () => liveView({ now: STALE_NOW }),
    '/en/',
    /^Iran was almost entirely offline from .* to the end of our data, on 15 January 2026\.$/,
  ],
  ['country', () => liveView({}), '/en/country/IR', /^Iran has been almost entirely offline since/],
  ['quiet country', () => liveView({}), '/en/country/KZ', /^Nothing unusual in Kazakhstan\.$/],
  [
    'blind country',
    () => liveView({ now: STALE_NOW }),
    '/en/country/KZ',
    /^We cannot see now what happens in Kazakhstan\.$/,
  ],
  [
    'country with too little data',
    () => liveView({}),
    '/en/country/TM',
    /^We cannot say yet whether anything is unusual in Turkmenistan/,
  ],
  [
    'country that is not watched',
    () => liveView({}),
    '/en/country/US',
    /^We do not watch the United States: no signal of ours covers it\.$/,
  ],
  [
    'replay',
    () => liveView({}),
    '/en/replay/iran-2026/',
    /^Networks in Iran answer again\. Whether people have access is not verified\.$/,
  ],
  [
    'place',
    () => liveView({}),
    '/en/replay/iran-2026/entity/place:IR-11.zanjan',
    /^Networks in Zanjan \(Iran\) answer again/,
  ],
  ['incident', () => liveView({}), '/en/replay/iran-2026/incident/IR-2026-01-08-a', /^Networks in Iran answer again/],
  [
    'part of an incident',
    () => liveView({}),
    '/en/replay/iran-2026/incident/IR-11.zanjan-2026-01-08-a',
    /^Networks in Zanjan \(Iran\) answer again/,
  ],
  [
    'retracted incident',
    () => liveView({ incidents: [iran({ state: 'retracted' })] }),
    '/en/incident/IR-2026-01-08-a',
    /^Retracted: we no longer hold/,
  ],
  ['reconstruction', () => liveView({}), '/en/replay/kazakhstan-2022/', /^Networks in Kazakhstan answer again/],
  [
    'reconstructed incident',
    () => liveView({}),
    '/en/replay/kazakhstan-2022/incident/KZ-2022-01-05-a',
    /^Networks in Kazakhstan answer again/,
  ],
  [
    'reconstructed country',
    () => liveView({}),
    '/en/replay/kazakhstan-2022/country/KZ',
    /^Networks in Kazakhstan answer again/,
  ],
  ['replays', () => liveView({}), '/en/replays', /^Replays of past shutdowns$/],
  ['sources', () => liveView({ health: [blindness({})] }), '/en/sources', /^Our sources$/],
  ['no sources', () => liveView({ sources: [] }), '/en/sources', /^Our sources$/],
  ['world with every strip', () => liveView({}), '/en/?all=1&what=end', /^Iran has been almost entirely offline since/],
  ['last day', () => liveView({}), '/en/country/KZ?from=-24h', /^Nothing unusual in Kazakhstan\.$/],
  ['method', () => liveView({}), '/en/method', /^How we know$/],
  ['problem', () => liveView({}), '/en/incident/XX-1', /^There is no incident called ‘XX-1’ here\.$/],
]

/** One of each kind, for the browser: those left out differ by their words alone. */
const IN_BROWSER = PAGES.filter(
  ([name]) =>
    ![
      'world',
      'quiet world',
      'blind world',
      'blind country',
      'country with too little data',
      'no sources',
      'last day',
      'place',
      'part of an incident',
      'reconstructed country',
    ].includes(name),
)

let web: BuiltWeb
let remove: () => Promise<void>

beforeAll(async () => {
  ;({ web, remove } = await buildWeb())
})

afterAll(async () => {
  await remove()
})

async function htmlOf(live: View, path: string): Promise<string> {
  const errors: Error[] = []
  const app = createApp({ observatory: fakeObservatory(live), web, onError: (error) => errors.push(error) })
  const html = await (await app.request(path)).text()
  expect(errors).toEqual([])
  return html
}

function quietApp(): ReturnType<typeof createApp> {
  return createApp({
    observatory: fakeObservatory(liveView({})),
    web,
    onError: (error) => expect.unreachable(error.message),
  })
}

/** Text of an element as a reader sees it: no tags, no entities, spaces as spaces. */
function textOf(html: string): string {
  return html
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Without the two scripts of ours, by address, and the page as data, of which nothing can break out. */
function withoutOwnScripts(html: string): string {
  return html
    .replaceAll(/<script (?:type="module" )?src="\/assets\/[\w.-]+\.js"><\/script>/g, '')
    .replaceAll(/<script type="application\/json" id="page">[^<]*<\/script>/g, '')
}

function firstSentence(html: string): string {
  return textOf(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? '')
}

describe('each page as it is sent', () => {
  it.each(PAGES)('%s begins with its sentence and needs nothing to run', async (_, live, path, sentence) => {
    const html = await htmlOf(live(), path)
    expect(firstSentence(html)).toMatch(sentence)
    expect(html.match(/<h1/g)).toHaveLength(1)
    expect(html).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr"/)
    expect(html).toMatch(/<title>[^<]+ · Tocsin<\/title>/)
    expect(withoutOwnScripts(html)).not.toMatch(
      /<script|<style|\sstyle=|\son[a-z]+=|javascript:|undefined|NaN|\[object/,
    )
    expect(html.match(/(?:href|src|action)="(?!\/|#|data:,|https:\/\/)[^"]*"/g)).toBeNull()
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])
    expect(ids).toEqual([...new Set(ids)])
  })

  it('marks a reconstruction in words, in attributes and in the pictures, and nothing else', async () => {
    for (const path of ['', 'country/KZ', 'incident/KZ-2022-01-05-a']) {
      const html = await htmlOf(liveView({}), `/en/replay/kazakhstan-2022/${path}`)
      expect(textOf(html)).toContain('Reconstruction from published facts — not a measurement')
      expect(html).toContain('data-view="reconstructed"')
      expect(html).toMatch(/<figure[^>]*data-origin="reconstructed"/)
      expect(html).toMatch(/class="watermark"[^>]*>Reconstruction</)
      expect(html).toMatch(/class="line"[^>]*stroke-dasharray/)
    }
    const measured = await htmlOf(liveView({}), '/en/replay/iran-2026/incident/IR-2026-01-08-a')
    expect(measured).not.toMatch(/class="watermark"|stroke-dasharray|Reconstruction/)
  })

  it.each([
    ['/en/search?q=IR', '/en/country/IR'],
    ['/en/search?q=%20IR-2026-01-08-a', '/en/incident/IR-2026-01-08-a'],
    ['/en/country/IR/?tz=local', '/en/country/IR?tz=local'],
    ['/en/sources/', '/en/sources'],
    ['/en/replay/iran-2026/country/IR/', '/en/replay/iran-2026/country/IR'],
  ])('leads from %s to %s', async (from, to) => {
    const answer = await quietApp().request(from)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, to])
    expect((await quietApp().request(to)).status).toBe(200)
  })

  it.each(['//evil.example/', '///evil.example//', '/%2Fevil.example/', '/\\evil.example/'])(
    'leads from %s to nobody else',
    async (path) => {
      const location = (await quietApp().request(`http://here.example${path}`)).headers.get('location')
      expect(new URL(location ?? '/', 'http://here.example').host).toBe('here.example')
    },
  )

  it('keeps every observer’s own time, with its source', async () => {
    const html = await htmlOf(liveView({}), '/en/replay/kazakhstan-2022/')
    for (const time of ['10:30 UTC', '10:45 UTC', '11:15 UTC']) expect(textOf(html)).toContain(time)
    expect(html).toMatch(
      /<a href="https:\/\/example\.org\/report" rel="external noreferrer">Cloudflare, January 2022<\/a>/,
    )
  })

  it('tells contradictions, gaps, uncertainty, revisions and what is not seen', async () => {
    const text = textOf(await htmlOf(liveView({}), '/en/replay/iran-2026/incident/IR-2026-01-08-a'))
    for (const part of [
      'Google search was back in Iran while its networks did not answer.',
      'the source leaves zeros out, so they may be zero or silence',
      'It lies between 16:00 and 17:00 UTC on 8 January 2026.',
      'The end was dated: 27 Jan, 10:00 (UTC).',
      'A cut of mobile networks alone would not show here.',
      'Licence of the data shown: not stated by their giver.',
      'Usual is what the same hour of the same weekday had',
    ]) {
      expect(text).toContain(part)
    }
  })

  it('says with every all-clear what would have shown and what would not', async () => {
    const text = textOf(await htmlOf(liveView({}), '/en/country/KZ'))
    expect(text).toContain(
      'Nothing unusual in Kazakhstan. A cut of a quarter of the country that lasted an hour would have shown; one of mobile networks alone would not show here.',
    )
  })

  it.each<[HealthCondition, RegExp]>([
    ['unreachable', /Our feed is late: IODA has not answered since 15 January 2026, 11:00 UTC \(HTTP 503\)/],
    ['unreadable', /Our feed is broken: the answers of IODA cannot be read since/],
    ['stale', /Our feed is late: IODA has given nothing new of active probing since/],
    ['frozen', /IODA has repeated the same values of active probing since .* nothing is judged from them/],
    ['wrong-clock', /Our clock or that of IODA is wrong since/],
    ['common-dip', /Many unrelated countries have fallen at once in active probing of IODA since/],
  ])('tells %s as our blindness on country, world and sources, and never as theirs', async (condition, notice) => {
    const live = liveView({ health: [blindness({ condition })] })
    for (const path of ['/en/country/KZ', '/en/', '/en/sources']) {
      expect(textOf(await htmlOf(live, path)), path).toMatch(notice)
    }
    // It rests on that one signal.
    const html = await htmlOf(live, '/en/country/KZ')
    expect(firstSentence(html)).toBe('We cannot see now what happens in Kazakhstan.')
    expect(textOf(html)).toContain('That is a fault of ours or of our sources, not of the place.')
    expect(textOf(html)).not.toContain('Nothing unusual')
  })

  it('says why there is a gap, where that is known', async () => {
    const view = liveView({})
    const from = at('2026-01-14T03:00:00Z')
    const broken: View = {
      ...view,
      health: () => Promise.resolve([blindness({ from, until: at('2026-01-14T05:00:00Z') })]),
      trace: async (...asked) => {
        const trace = await view.trace(...asked)
        const inside = (bin: number): boolean => bin >= from && bin < from + 7200
        return {
          ...trace,
          values: trace.values.map((value, row) => (inside(trace.bins[row] ?? 0) ? Number.NaN : value)),
          shares: trace.shares.map((value, row) => (inside(trace.bins[row] ?? 0) ? Number.NaN : value)),
          readings: trace.readings.map((reading, row) => (inside(trace.bins[row] ?? 0) ? 'gap' : reading)),
        }
      },
    }
    const html = await htmlOf(broken, '/en/country/KZ')
    const why = 'No value on 14 January 2026 from 03:00 to 05:00 UTC: IODA did not answer (HTTP 503). This is not zero.'
    expect(textOf(html)).toContain(why)
    expect(html).toContain(`<title>${why}</title>`)
    expect(textOf(html)).toContain('Active probing, on 14 January 2026 from 03:00 to 05:00 UTC: IODA did not answer')
  })

  it('leads from a number to the answer that it was read from', async () => {
    const html = await htmlOf(liveView({}), '/en/incident/IR-2026-01-08-a')
    expect(html).toContain(`href="/api/v1/answers/${ANSWER.sha256}/body"`)
    expect(html).toContain(`<code>${ANSWER.sha256}</code>`)
    expect(textOf(html)).toContain('IODA answered on 15 January 2026, 12:05 UTC (HTTP 200,')
    const letGo = await htmlOf(liveView({ letGo: true }), '/en/incident/IR-2026-01-08-a')
    expect(letGo).not.toContain('/body"')
    expect(textOf(letGo)).toContain('The bytes are kept no longer; their hash is.')
  })

  it('keeps the links of a page to what the reader chose', async () => {
    const html = await htmlOf(liveView({}), '/en/country/KZ?from=-7d')
    expect(html).toMatch(/<a href="\/en\/country\/KZ\?from=-7d#signals" aria-current="true">7 days<\/a>/)
    expect(html).toMatch(/href="\/en\/country\/KZ\?from=2026-01-08T12%3A20%3A00Z&amp;until=2026-01-15T12%3A20%3A00Z"/)
  })

  it('serves the map as a picture in either theme', async () => {
    const app = createApp({
      observatory: fakeObservatory(liveView({})),
      web,
      onError: (error) => expect(error).toBeNull(),
    })
    for (const theme of ['light', 'dark']) {
      const answer = await app.request(`/en/map.svg?theme=${theme}`)
      expect(answer.headers.get('content-type')).toBe('image/svg+xml')
      expect(await answer.text()).toMatch(/^<svg [^>]*class="map"/)
    }
  })

  it('strikes through what was retracted', async () => {
    const html = await htmlOf(liveView({ incidents: [iran({ state: 'retracted' })] }), '/en/incident/IR-2026-01-08-a')
    expect(html).toMatch(/<s>[^<]*Iran has been almost entirely offline[^<]*<\/s>/)
  })

  it('never says that nothing is unusual where it is blind', async () => {
    for (const path of ['/en/', '/en/country/KZ', '/en/country/TM']) {
      expect(textOf(await htmlOf(liveView({ now: STALE_NOW }), path))).not.toContain('Nothing unusual')
    }
  })

  it('escapes whatever a source, a case or a reader writes', async () => {
    const hostile = `</h1><script>alert(1)</script><img src=x onerror=alert(2)>"'&`
    const named = { 'country:IR': hostile, 'place:IR-11.zanjan': hostile, 'country:KZ': hostile }
    const relabelled = iranView({ names: named, title: hostile })
    const view: View = {
      ...relabelled,
      id: 'live',
      specs: async () =>
        (await relabelled.specs()).map((spec) => ({ ...spec, label: hostile, citation: hostile, unit: hostile })),
      trace: async (...asked) => {
        const trace = await relabelled.trace(...asked)
        return { ...trace, spec: { ...trace.spec, signal: 'unknown.signal' as never, label: hostile, unit: hostile } }
      },
      incident: () =>
        Promise.resolve({
          ...IRAN_UNVERIFIED,
          evidence: IRAN_UNVERIFIED.evidence.map((one) => ({ ...one, label: hostile })),
        }),
    }
    for (const path of [
      '/en/',
      '/en/country/IR',
      '/en/incident/IR-2026-01-08-a',
      '/en/method',
      `/en/country/${encodeURIComponent(hostile)}`,
    ]) {
      const html = await htmlOf(view, path)
      expect(withoutOwnScripts(html), path).not.toMatch(/<script|<img src=x/)
      expect(html, path).toMatch(/&lt;script/)
    }
  })
})

describeBrowser('each page in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
  })

  async function inBrowser(
    live: View,
    options: Parameters<Browser['newContext']>[0],
    look: (context: BrowserContext, url: string) => Promise<void>,
  ): Promise<void> {
    const served = await serveApp(fakeObservatory(live), web)
    const context = await browser.newContext(options)
    try {
      await look(context, served.url)
      expect(served.errors).toEqual([])
    } finally {
      await context.close()
      await served.close()
    }
  }

  /** Least contrast of any text inside a picture against the page: axe looks at HTML only. */
  const PICTURE_CONTRAST = `(() => {
    const channels = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number)
    const light = (colour) => {
      const [r, g, b] = channels(colour).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const paper = light(getComputedStyle(document.documentElement).backgroundColor)
    const texts = [...document.querySelectorAll('svg.chart text:not(.watermark)')]
    return Math.min(99, ...texts.map((text) => {
      const ink = light(getComputedStyle(text).fill)
      return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)
    }))
  })()`

  it.each(IN_BROWSER.flatMap((page) => [[...page, 'light', 360] as const, [...page, 'dark', 1280] as const]))(
    '%s is accessible, fits and calls nobody',
    async (name, live, path, _, colorScheme, width) => {
      await inBrowser(live(), { colorScheme, viewport: { width, height: 800 } }, async (context, url) => {
        const page = await context.newPage()
        const complaints: string[] = []
        const requests: string[] = []
        page.on('console', (message) => complaints.push(message.text()))
        page.on('pageerror', (error) => complaints.push(error.message))
        page.on('request', (request) => requests.push(request.url()))
        await page.goto(`${url}${path}`)
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        expect(requests.filter((request) => !request.startsWith(`${url}/`) && request !== 'data:,')).toEqual([])
        expect(complaints.filter((text) => !(name === 'problem' && text.includes('404')))).toEqual([])
        expect(await page.evaluate(PICTURE_CONTRAST)).toBeGreaterThan(4.5)
        // There are no frames in our pages, and the other mode opens a page of its own for each run.
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
        expect(violations.map((violation) => [violation.id, violation.nodes.map((node) => node.html)])).toEqual([])
        await page.emulateMedia({ colorScheme: colorScheme === 'light' ? 'dark' : 'light' })
        const other = await new AxeBuilder({ page }).setLegacyMode(true).withRules(['color-contrast']).analyze()
        expect(other.violations.flatMap((violation) => violation.nodes.map((node) => node.html))).toEqual([])
        expect(await page.evaluate(PICTURE_CONTRAST)).toBeGreaterThan(4.5)
      })
    },
  )

  it('shows one variant of each chart, the narrow one on a phone', async () => {
    const path = '/en/replay/iran-2026/incident/IR-2026-01-08-a'
    for (const [width, shown, hidden] of [
      [1280, '.wide', '.narrow'],
      [360, '.narrow', '.wide'],
    ] as const) {
      await inBrowser(liveView({}), { viewport: { width, height: 800 } }, async (context, url) => {
        const page = await context.newPage()
        await page.goto(`${url}${path}`)
        expect(await page.locator(`${shown} svg`).first().isVisible()).toBe(true)
        expect(await page.locator(`${hidden} svg`).first().isVisible()).toBe(false)
        const size: unknown = await page.evaluate(
          `(() => { const svg = document.querySelector('${shown} svg'); return 12 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width })()`,
        )
        expect(size).toBeGreaterThan(11)
      })
    }
  })

  it('says all without scripts, follows its links and its form', async () => {
    await inBrowser(liveView({}), { javaScriptEnabled: false }, async (context, url) => {
      const page = await context.newPage()
      await page.goto(`${url}/`)
      await page.getByRole('link', { name: 'Evidence, charts and revisions of this incident' }).click()
      expect(page.url()).toBe(`${url}/en/incident/IR-2026-01-08-a`)
      await page.getByRole('link', { name: 'Iran', exact: true }).click()
      expect(page.url()).toBe(`${url}/en/country/IR`)
      await page.getByLabel('From (UTC)').fill('2026-01-08')
      await page.getByRole('button', { name: 'Show' }).click()
      expect(page.url()).toContain('/en/country/IR?from=2026-01-08')
      expect(await page.locator('main').textContent()).toContain('Shown: 8 January 2026, 00:00 UTC to')
    })
  })

  it('is reached by keyboard, the content first', async () => {
    await inBrowser(liveView({}), {}, async (context, url) => {
      const page = await context.newPage()
      await page.goto(`${url}/en/`)
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe('#content')
    })
  })
})

describe('a reconstruction', () => {
  it('is never among live incidents', async () => {
    const view = reconstructionView()
    expect(view.origin).toBe('reconstructed')
    expect(textOf(await htmlOf(liveView({}), '/en/'))).not.toContain('KZ-2022')
    expect(firstSentence(await htmlOf(emptyView(), '/en/'))).toBe('No live data yet.')
  })
})

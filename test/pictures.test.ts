import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Locator, Page } from 'playwright-core'
import { buildWeb, serveApp } from '../src/api/browser.testing.ts'
import { fakeObservatory, liveView } from '../src/api/observatory.testing.ts'
import type { BuiltWeb } from '../src/api/renderer.ts'
import { lineChart, type LineChart } from '../src/chart/line.ts'
import { worldMap } from '../src/chart/map.ts'
import { dayStrip } from '../src/chart/strip.ts'
import type { UnixSeconds } from '../src/model/brand.ts'
import type { IncidentKind } from '../src/model/incident.ts'
import type { BinReading } from '../src/model/page.ts'
import { DAY, HOUR, plus } from '../src/model/time.ts'
import { worldGeometry } from '../src/netdata/map.ts'
import { openMemoryStore } from '../src/store/memory.ts'
import { parseCase, replayEntry } from '../src/street/case.ts'
import { createObservatory } from '../src/street/observatory.ts'
import { describeBrowser, launchChromium } from './chromium.ts'
import { caseFile } from './replays.ts'
import { describeShared } from './shared.ts'

const START = 1_768_000_000 as UnixSeconds

/** Two days in half-hours: usual, a cut with a gap and a blind stretch in it, a return. Made up. */
function syntheticChart(): LineChart {
  const bins = Array.from({ length: 96 }, (_, index) => plus(START, index * 1800))
  const level = (index: number): number | null =>
    index >= 50 && index < 56 ? null : index >= 40 && index < 72 ? 0.08 : 1 + 0.04 * Math.sin(index * 1.7)
  const reading = (index: number): BinReading =>
    index >= 50 && index < 56
      ? 'gap'
      : index >= 80 && index < 84
        ? 'blind'
        : index >= 40 && index < 72
          ? 'span'
          : 'quiet'
  const stretch = (from: number, until: number): { from: UnixSeconds; until: UnixSeconds } => ({
    from: plus(START, from * 1800),
    until: plus(START, until * 1800),
  })
  return {
    id: 'synthetic',
    title: 'A made-up signal',
    description: 'Two days with a cut',
    range: { from: START, until: plus(START, 2 * DAY) },
    columns: {
      bins,
      values: bins.map((_, index) => level(index)),
      expected: bins.map(() => 1),
      spread: bins.map(() => 0.05),
      shares: bins.map((_, index) => level(index)),
      readings: bins.map((_, index) => reading(index)),
    },
    gaps: [
      { ...stretch(50, 56), reading: 'unknown', why: { condition: 'unreachable', source: 'IODA', detail: 'HTTP 503' } },
      { ...stretch(80, 84), reading: 'blind', why: { condition: 'frozen', source: 'IODA', detail: '' } },
    ],
    spans: [{ onset: plus(START, 40 * 1800), end: plus(START, 72 * 1800) }],
    measure: 'share',
    texts: {
      usual: 'usual',
      axis: '% of usual',
      last: '100 %',
      above: (share) => `${share}`,
      share: (share) => `${share * 100} %`,
      raw: String,
      instant: (at) => `onset ${at % DAY}`,
      day: (at) => `day ${Math.floor(at / DAY)}`,
      time: (at) => `${Math.floor((at % DAY) / HOUR)}:00`,
      gap: (gap) => `${gap.reading}: ${gap.why?.condition ?? 'nobody knows'}`,
      gaps: (count) => `${count} gaps`,
      watermark: null,
    },
  }
}

const COUNTRIES: readonly (readonly [string, number | null, IncidentKind | null])[] = [
  ['KZ', 0.02, 'blackout'],
  ['IR', 0.4, 'partial'],
  ['UA', 0.6, null],
  ['BR', 0.8, null],
  ['FR', 1, null],
  ['XK', 0.15, 'blocking'],
  ['SG', null, null],
  ['TM', null, 'throttling'],
]

describe('pictures drawn from made-up data', () => {
  it.each(['light', 'dark'] as const)('the map, %s', async (theme) => {
    const svg = worldMap(
      {
        title: 'World',
        description: 'Made up',
        countries: COUNTRIES.map(([code, share, kind]) => ({ code, share, kind, title: code, href: `/en/${code}` })),
        disputed: (name) => name,
      },
      worldGeometry(),
      theme,
    )
    await expect(svg.replaceAll('><', '>\n<')).toMatchFileSnapshot(`pictures/map-${theme}.svg`)
  })

  it('the strip of days', async () => {
    const svg = dayStrip({
      id: 'strip',
      summary: 'Made up',
      cells: Array.from({ length: 30 }, (_, day) =>
        day < 4
          ? { status: 'no-data', share: null, incident: null }
          : day > 20 && day < 26
            ? { status: 'incident', share: (day - 20) / 6, incident: 0 }
            : { status: 'quiet', share: null, incident: null },
      ),
      title: (index) => `day ${index}`,
      stretch: (from, to) => `days ${from} to ${to}`,
      hrefs: ['/en/incident/A'],
    })
    await expect(svg.replaceAll('><', '>\n<')).toMatchFileSnapshot('pictures/strip.svg')
  })

  it.each([
    ['wide', { width: 720, height: 236 }],
    ['narrow', { width: 340, height: 216 }],
  ] as const)('the chart, %s', async (name, size) => {
    await expect(lineChart(syntheticChart(), size).replaceAll('><', '>\n<')).toMatchFileSnapshot(
      `pictures/chart-${name}.svg`,
    )
  })
})

/** Pixels of an element as it is on the screen: how many there are in all, and of each colour. */
interface Ink {
  readonly total: number
  readonly colours: ReadonlyMap<string, number>
}

/** Given a PNG in base64: its pixels counted by colour. Runs in the browser, which knows how to decode it. */
const COUNT_COLOURS = `async (data) => {
  const image = new Image()
  image.src = 'data:image/png;base64,' + data
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.width
  canvas.height = image.height
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  const pixels = context.getImageData(0, 0, image.width, image.height).data
  const counts = new Map()
  for (let at = 0; at < pixels.length; at += 4) {
    const colour = pixels[at] + ',' + pixels[at + 1] + ',' + pixels[at + 2]
    counts.set(colour, (counts.get(colour) || 0) + 1)
  }
  return [...counts]
}`

/** On a page of its own: ours lets no picture in from elsewhere. */
async function inkOf(browser: Browser, element: Locator): Promise<Ink> {
  const png = (await element.screenshot()).toString('base64')
  const page = await browser.newPage()
  try {
    const counted = await page.evaluate<[string, number][]>(`(${COUNT_COLOURS})(${JSON.stringify(png)})`)
    return { total: counted.reduce((sum, [, count]) => sum + count, 0), colours: new Map(counted) }
  } finally {
    await page.close()
  }
}

/** Share of the pixels that are of this colour, give or take a rounding. */
function shareOf(ink: Ink, colour: string): number {
  const wanted = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  let found = 0
  for (const [text, count] of ink.colours) {
    if (text.split(',').every((channel, index) => Math.abs(Number(channel) - (wanted[index] ?? 0)) <= 2)) found += count
  }
  return found / ink.total
}

const PAPER = { light: '#fbfaf7', dark: '#141413' } as const
const BAND = { light: '#e3e6e0', dark: '#2a2d29' } as const
const WORST = { light: '#4a0d17', dark: '#ffd9cf' } as const

interface PlacedText {
  readonly said: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The boxes of a drawing and of its texts, without the paper-coloured rim that a locator's box includes. */
const BOXES = `(svg) => [svg, ...svg.querySelectorAll('text:not(.watermark)')].map((one) => {
  const { left, right, top, bottom } = one.getBoundingClientRect()
  return { said: one === svg ? '' : one.textContent, left, right, top, bottom }
})`

/** In all charts shown, by their selector: texts that lie over each other, and those that run out of their drawing. */
async function clashes(page: Page, charts: string): Promise<readonly string[]> {
  const drawn = await page.evaluate<PlacedText[][]>(`[...document.querySelectorAll('${charts}')].map(${BOXES})`)
  return drawn.flatMap(clashesOf)
}

function clashesOf([frame, ...texts]: readonly PlacedText[]): readonly string[] {
  if (frame === undefined) return ['it is not on the page']
  const out = texts.filter((one) => one.left < frame.left - 8 || one.right > frame.right + 14)
  const over = texts.flatMap((one, index) =>
    texts.slice(index + 1).flatMap((other) => {
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left)
      const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
      return wide > 1 && high > 3 ? [`‘${one.said}’ over ‘${other.said}’`] : []
    }),
  )
  return [...out.map(({ said }) => `‘${said}’ runs out`), ...over]
}

interface Site {
  readonly url: string
  readonly close: () => Promise<void>
  readonly errors: readonly Error[]
}

async function visit(
  browser: Browser,
  url: string,
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
    await page.goto(url)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(look.width)
    await see(page)
  } finally {
    await context.close()
  }
}

const LOOKS = [
  { width: 1280, theme: 'light' },
  { width: 1280, theme: 'dark' },
  { width: 360, theme: 'light' },
] as const

describeBrowser('pages as they look', () => {
  let browser: Browser
  let web: BuiltWeb
  let remove: () => Promise<void>
  beforeAll(async () => {
    ;({ web, remove } = await buildWeb())
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    await remove()
  })

  /** The chart that is shown at this width. */
  const chartOf = (page: Page, width: number): Locator => page.locator(`${width < 640 ? '.narrow' : '.wide'} svg.chart`)

  describe('the front page of live', () => {
    it.each(LOOKS)('at $width, $theme: a map with ink, in its place before it is there', async (look) => {
      const site = await serveApp(fakeObservatory(liveView({})), web)
      try {
        await visit(browser, `${site.url}/en/`, look, async (page) => {
          const box = page.locator('.map-box')
          const before = await box.boundingBox()
          expect((before?.height ?? 0) / (before?.width ?? 1)).toBeCloseTo(866 / 2000, 1)
          await box.scrollIntoViewIfNeeded()
          await page.locator('.map-box svg.map a[data-code="IR"]').waitFor()
          expect((await box.boundingBox())?.height).toBeCloseTo(before?.height ?? 0, 0)
          const ink = await inkOf(browser, box)
          expect(shareOf(ink, PAPER[look.theme])).toBeGreaterThan(0.3)
          expect(shareOf(ink, WORST[look.theme])).toBeGreaterThan(0.001)
          await box.locator('a[data-code="IR"]').focus()
          await page.keyboard.press('ArrowRight')
          expect(await page.evaluate('document.activeElement.getAttribute("data-code")')).not.toBe('IR')
          const strip = await inkOf(browser, page.locator('.strips svg.strip').first())
          expect(shareOf(strip, WORST[look.theme])).toBeGreaterThan(0.04)
        })
        expect(site.errors).toEqual([])
      } finally {
        await site.close()
      }
    })

    it('is a picture with a summary where no script runs', async () => {
      const site = await serveApp(fakeObservatory(liveView({})), web)
      const context = await browser.newContext({ javaScriptEnabled: false })
      try {
        const page = await context.newPage()
        await page.goto(`${site.url}/en/`)
        const picture = page.locator('.map-box img')
        expect(await picture.getAttribute('alt')).toMatch(
          /^Map of the world on 15 January 2026, 12:20 UTC; 3 countries/,
        )
        expect(shareOf(await inkOf(browser, picture), WORST.light)).toBeGreaterThan(0.002)
      } finally {
        await context.close()
        await site.close()
      }
    })
  })

  describeShared(['cases/iran-2026'], 'Iran, January 2026, run from its data', () => {
    let site: Site
    beforeAll(async () => {
      const parsed = parseCase(caseFile('iran-2026'))
      const observatory = await createObservatory({
        store: openMemoryStore(),
        cases: [{ parsed, entry: replayEntry(parsed, null) }],
        now: () => START,
        live: null,
      })
      site = await serveApp(observatory, web)
    })
    afterAll(async () => {
      expect(site.errors).toEqual([])
      await site.close()
    })

    const pages = [
      ['world', '/en/replay/iran-2026/'],
      ['country', '/en/replay/iran-2026/country/IR'],
      ['incident', '/en/replay/iran-2026/incident/IR-2026-01-08-a'],
    ] as const

    it.each(pages.flatMap(([name, path]) => LOOKS.map((look) => ({ name, path, ...look }))))(
      '$name at $width, $theme: sentence, band, onset and where it comes from',
      async ({ path, ...look }) => {
        await visit(browser, `${site.url}${path}`, look, async (page) => {
          const first = page.locator('h1')
          expect(await first.textContent()).toMatch(/^Networks in Iran answer again\./)
          const place = await first.boundingBox()
          expect((place?.y ?? 0) + (place?.height ?? 900)).toBeLessThan(900)
          expect((place?.x ?? -1) >= 0 && (place?.x ?? 0) + (place?.width ?? 0) <= look.width).toBe(true)

          const chart = chartOf(page, look.width).first()
          await chart.scrollIntoViewIfNeeded()
          const ink = await inkOf(browser, chart)
          expect(shareOf(ink, PAPER[look.theme])).toBeGreaterThan(0.2)
          expect(ink.colours.size).toBeGreaterThan(20)
          const charts = await chartOf(page, look.width).all()
          // Routes hardly move, and their band is as thin as a line: the widest of all must be seen.
          const bands = []
          for (const one of charts) bands.push(shareOf(await inkOf(browser, one), BAND[look.theme]))
          expect(Math.max(...bands)).toBeGreaterThan(0.01)
          expect(await clashes(page, `${look.width < 640 ? '.narrow' : '.wide'} svg.chart`)).toEqual([])

          const from = page.locator('details.provenance').first()
          await from.locator('summary').click()
          expect(await from.locator('p').first().isVisible()).toBe(true)
          expect(await page.locator('footer').textContent()).toContain('Data: ')
        })
      },
    )

    it.each(LOOKS)('incident at $width, $theme: gaps hatched, with ink; contradictions in sight', async (look) => {
      await visit(browser, `${site.url}/en/replay/iran-2026/incident/IR-2026-01-08-a`, look, async (page) => {
        const variant = look.width < 640 ? '.narrow' : '.wide'
        const hatched = page.locator(`${variant} svg.chart path.gap`)
        expect(await hatched.count()).toBeGreaterThan(0)
        const gap = hatched.first()
        expect(await gap.locator('title').textContent()).toMatch(/This is not zero|may be zero or silence/)
        await gap.scrollIntoViewIfNeeded()
        const ink = await inkOf(browser, gap)
        expect(ink.colours.size).toBeGreaterThan(3)
        const frame = await page.locator(`.spread ${variant} svg.chart`).boundingBox()
        for (const bar of await page.locator(`.spread ${variant} path.off-span`).all()) {
          const box = await bar.boundingBox()
          expect(box?.x ?? -1).toBeGreaterThanOrEqual(frame?.x ?? 0)
          expect((box?.x ?? 0) + (box?.width ?? 9999)).toBeLessThanOrEqual((frame?.x ?? 0) + (frame?.width ?? 0) + 1)
        }
        const contradiction = page.locator('.contradictions li').first()
        expect(await contradiction.textContent()).toMatch(/Google search was back in Iran/)
        expect(await contradiction.isVisible()).toBe(true)
        const onset = page.locator(`${variant} svg.chart text.mark`).first()
        expect(await onset.textContent()).toMatch(/^8 Jan, 1[67]:\d\d$/)
      })
    })
  })
})

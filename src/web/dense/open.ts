import type { LocalClock, Panel } from '../../model/page.ts'
import { denseWords } from '../../words/dense.ts'
import { readColumns, type DenseColumns } from './columns.ts'
import { createPlot, type Plot } from './plot.ts'
import { surfaceKeys } from './surface-keys.ts'
import { button, createTable } from './table.ts'
import { addressOf, bringIntoView, nearest, zoomed, type Stretch } from './zoom.ts'
import type { Explored, Exploring } from './exploring.ts'

/** As many as the interface gives: more than a screen can show apart. */
const MOST_POINTS = 10_000
const SAID_AFTER_MS = 200
const FINER_AFTER_MS = 400

/**
 * A chart that can be worked, in place of the picture of a signal: pointed at, zoomed, read with keys or as a table. All
 * open charts of a page show the same stretch and the same instant.
 *
 * @throws Error when its data cannot be had: the picture stays.
 */
export async function open(figure: HTMLElement, panel: Panel, exploring: Exploring): Promise<Explored> {
  const words = denseWords(exploring.page().frame.language)
  const title = figure.querySelector('.title')?.textContent ?? panel.label
  const document = figure.ownerDocument
  let current = panel
  const whole: Stretch = panel.range
  let shown: Stretch = exploring.shown() ?? whole
  const coarse = await ask(panel, whole)
  let columns = coarse
  let index = columns.at.length - 1

  const host = figure.querySelector<HTMLElement>('.dense') ?? figure.appendChild(document.createElement('div'))
  const surface = document.createElement('div')
  surface.className = 'dense-surface'
  surface.tabIndex = 0
  surface.setAttribute('role', 'application')
  surface.setAttribute('aria-label', words.surface(title))
  const hint = document.createElement('p')
  hint.className = 'hint'
  hint.id = `dense-hint-${panel.seriesId}`
  hint.textContent = words.hint
  surface.setAttribute('aria-describedby', hint.id)
  const value = document.createElement('output')
  value.className = 'dense-value'
  value.setAttribute('aria-live', 'polite')
  const range = document.createElement('p')
  range.className = 'hint'
  const table = createTable(document, title, panel.unit, words)
  table.root.hidden = true
  const bar = document.createElement('p')
  bar.className = 'dense-bar'
  const [zoomIn, zoomOut, all, asTable, close] = [
    words.zoomIn,
    words.zoomOut,
    words.whole,
    words.asTable,
    words.close,
  ].map((text) => button(document, text)) as [
    HTMLButtonElement,
    HTMLButtonElement,
    HTMLButtonElement,
    HTMLButtonElement,
    HTMLButtonElement,
  ]
  bar.append(zoomIn, zoomOut, all, asTable, close)
  host.replaceChildren(surface, value, bar, range, hint, table.root)
  figure.dataset['explored'] = ''

  const clock = (): LocalClock | null => exploring.clock()
  const plot: Plot = createPlot(surface, whole, factsOf(), words, clock, {
    group: 'signals',
    zoomed: (stretch) => exploring.show(stretch),
    pointed: (at) => {
      index = nearest(columns.at, at)
      say()
    },
  })

  function factsOf(): Parameters<Plot['setFacts']>[0] {
    const { standpoint } = exploring.page().frame
    return {
      columns,
      gaps: current.gaps,
      spans: current.spans.map((span) => ({ onset: span.onset.at, end: span.end?.at ?? null })),
      dashed: current.origin !== 'measured',
      now: standpoint.kind === 'live' ? standpoint.now : null,
    }
  }

  let saying: ReturnType<typeof setTimeout> | undefined
  function say(): void {
    clearTimeout(saying)
    saying = setTimeout(() => {
      const at = columns.at[index]
      if (at === undefined) return
      value.textContent = words.point(
        {
          at,
          value: columns.values[index] ?? null,
          unit: current.unit,
          share: columns.shares[index] ?? null,
          reading: columns.readings[index] ?? 'gap',
        },
        clock(),
      )
    }, SAID_AFTER_MS)
  }

  function drawTable(): void {
    if (!table.root.hidden) table.show(columns, index, clock())
  }

  function showRange(stretch: Stretch): void {
    shown = stretch
    plot.show(stretch)
    range.textContent = words.range(stretch.from, stretch.until, clock())
    void finer(stretch)
  }

  let wanted = 0
  /** Looks closer where bins were left out, once the reader has come to rest. */
  async function finer(stretch: Stretch): Promise<void> {
    wanted += 1
    const own = wanted
    const isWhole = stretch.from === whole.from && stretch.until === whole.until
    if (!coarse.sampled) return
    await new Promise((resolve) => {
      setTimeout(resolve, FINER_AFTER_MS)
    })
    if (own !== wanted) return
    const next = isWhole ? coarse : await ask(current, stretch).catch(() => null)
    if (own !== wanted || next === null) return
    const at = columns.at[index] ?? stretch.until
    columns = next
    index = nearest(columns.at, at)
    plot.setFacts(factsOf())
    plot.show(stretch)
    drawTable()
  }

  function pointAt(next: number): void {
    index = Math.min(columns.at.length - 1, Math.max(0, next))
    const at = columns.at[index]
    if (at === undefined) return
    const inView = bringIntoView(shown, whole, at)
    if (inView !== shown) exploring.show(inView)
    exploring.point(at)
    say()
  }

  function zoom(factor: number): void {
    exploring.show(zoomed(shown, whole, columns.at[index] ?? shown.until, factor, current.step))
  }

  const firstInView = (): number => nearest(columns.at, shown.from)
  const lastInView = (): number => nearest(columns.at, shown.until)
  const read = surfaceKeys({
    step: (by) => pointAt(index + by),
    first: () => pointAt(firstInView()),
    last: () => pointAt(lastInView()),
    zoom,
    whole: () => exploring.show(whole),
  })
  surface.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !read(event.key, event.shiftKey)) return
    event.preventDefault()
  })
  surface.addEventListener('focus', () => say())
  zoomIn.addEventListener('click', () => zoom(0.5))
  zoomOut.addEventListener('click', () => zoom(2))
  all.addEventListener('click', () => exploring.show(whole))
  asTable.addEventListener('click', () => {
    table.root.hidden = !table.root.hidden
    surface.hidden = !table.root.hidden
    asTable.textContent = table.root.hidden ? words.asTable : words.asChart
    drawTable()
  })

  const explored: Explored = {
    show: showRange,
    point: (at) => {
      index = nearest(columns.at, at)
      plot.point(at)
    },
    async renew(next) {
      if (next === null) return explored.close()
      current = next
      const grown = await ask(next, { from: whole.from, until: next.range.until }).catch(() => null)
      if (grown !== null && !coarse.sampled) columns = grown
      plot.setFacts(factsOf())
      plot.show(shown)
      showRange(shown)
      drawTable()
    },
    close() {
      clearTimeout(saying)
      plot.destroy()
      host.replaceChildren()
      delete figure.dataset['explored']
      exploring.closed(explored)
      figure.querySelector<HTMLElement>('[data-explore]')?.focus()
    },
  }
  close.addEventListener('click', () => explored.close())
  showRange(shown)
  say()
  return explored
}

async function ask(panel: Panel, stretch: Stretch): Promise<DenseColumns> {
  const url = new URL(panel.json, location.href)
  const response = await fetch(addressOf(url.href, stretch) + `&points=${MOST_POINTS}`, {
    headers: { accept: 'application/json' },
  })
  const columns = response.ok ? readColumns(await response.json()) : null
  if (columns === null || columns.at.length === 0) throw new Error(`${panel.json} gave no series (${response.status})`)
  return columns
}

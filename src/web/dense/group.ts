import type { LocalClock, Page } from '../../model/page.ts'
import { denseWords } from '../../words/dense.ts'
import { panelsOf } from '../panels-of.ts'
import type { Explored, Exploring } from './exploring.ts'
import { open } from './open.ts'
import { addressOf, type Stretch } from './zoom.ts'

export interface Group {
  /** Opens the charts of all signals of the page, the chosen one first, and gives it the keyboard. */
  open(seriesId: number): Promise<void>
  /** The page, or the clock that it is read by, has changed. */
  renew(): Promise<void>
}

export interface GroupWorld {
  readonly page: () => Page
  readonly clock: () => LocalClock | null
  /** Writes an address without leaving the page. */
  readonly setAddress: (address: string) => void
  readonly address: () => string
  /** The address as it was before anybody zoomed. */
  readonly home: () => string
}

/** All charts of a page that are open: one stretch, one instant, one address. */
export function createGroup(document: Document, world: GroupWorld): Group {
  const charts = new Map<number, Explored>()
  let shown: Stretch | null = null

  const exploring: Exploring = {
    page: world.page,
    clock: world.clock,
    shown: () => shown,
    show(stretch) {
      const [panel] = panelsOf(world.page())
      const isWhole = panel !== undefined && stretch.from <= panel.range.from && stretch.until >= panel.range.until
      shown = isWhole ? null : stretch
      world.setAddress(isWhole ? world.home() : addressOf(world.address(), stretch))
      for (const chart of charts.values()) chart.show(stretch)
    },
    point(at) {
      for (const chart of charts.values()) chart.point(at)
    },
    closed(explored) {
      for (const [id, chart] of charts) if (chart === explored) charts.delete(id)
    },
  }

  async function openOne(seriesId: number): Promise<void> {
    const panel = panelsOf(world.page()).find((one) => one.seriesId === seriesId)
    const figure = document.getElementById(`signal-${seriesId}`)
    if (panel === undefined || figure === null || charts.has(seriesId)) return
    const note = figure.querySelector('.dense')
    try {
      charts.set(seriesId, await open(figure, panel, exploring))
    } catch {
      if (note !== null) note.textContent = denseWords(world.page().frame.language).failed
    }
  }

  return {
    async open(seriesId) {
      await openOne(seriesId)
      const figure = document.getElementById(`signal-${seriesId}`)
      figure?.querySelector<HTMLElement>('.dense-surface')?.focus()
      for (const panel of panelsOf(world.page())) await openOne(panel.seriesId)
    },
    async renew() {
      const panels = panelsOf(world.page())
      for (const [id, chart] of charts) await chart.renew(panels.find((panel) => panel.seriesId === id) ?? null)
    },
  }
}

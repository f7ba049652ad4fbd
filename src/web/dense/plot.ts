import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { timeTicks } from '../../chart/ticks.ts'
import type { UnixSeconds } from '../../model/brand.ts'
import type { GapStretch, LocalClock } from '../../model/page.ts'
import { offsetAt } from '../../words/clock.ts'
import type { DenseWords } from '../../words/dense.ts'
import { drawBand } from './band.ts'
import type { DenseColumns } from './columns.ts'
import { drawGaps, drawLatest, drawOnsets, drawSpans, type Marks } from './marks.ts'
import { within, type Stretch } from './zoom.ts'

/** As on the pictures: surges above this share are cut off, or the trough could not be seen. */
const MOST_SHARE = 2
const HEIGHT_PX = 260
const PIXELS_PER_TICK = 70
const RIGHT_PX = 96

export interface PlotFacts {
  readonly columns: DenseColumns
  readonly gaps: readonly GapStretch[]
  readonly spans: Marks['spans']
  /** Dashed line: the data are not measured. */
  readonly dashed: boolean
  /** Age of the newest bin is told against it; `null` on pages that do not speak of now. */
  readonly now: UnixSeconds | null
}

export interface Plot {
  show(stretch: Stretch): void
  setFacts(facts: PlotFacts): void
  /** Puts the cursor of all panels on an instant. */
  point(at: number): void
  redraw(): void
  destroy(): void
}

export interface PlotEvents {
  /** Of all panels whose cursors move together. */
  readonly group: string
  readonly zoomed: (stretch: Stretch) => void
  readonly pointed: (at: number) => void
}

/** The one place that knows uPlot. Everything that a reader reads or presses is around it. */
export function createPlot(
  target: HTMLElement,
  whole: Stretch,
  first: PlotFacts,
  words: DenseWords,
  clock: () => LocalClock | null,
  events: PlotEvents,
): Plot {
  let facts = first
  let shown: Stretch = whole
  let silent = false
  const ink = (name: string): string => getComputedStyle(target).getPropertyValue(name).trim()
  const marks = (): Marks => ({ ...facts, words, clock: clock(), ink })
  const axis = { stroke: () => ink('--muted'), font: '12px system-ui, sans-serif', grid: { show: false } }

  const u = new uPlot(
    {
      width: widthOf(target),
      height: HEIGHT_PX,
      padding: [26, RIGHT_PX, 0, 0],
      legend: { show: false },
      cursor: {
        // A line across would look like a threshold.
        y: false,
        sync: { key: events.group, scales: ['x', null] },
        drag: { x: true, y: false, dist: 6 },
        points: { size: 7 },
      },
      scales: {
        x: { time: false, range: () => [shown.from, shown.until] },
        y: { auto: false, range: () => [0, topOf(facts.columns)] },
      },
      axes: [
        {
          ...axis,
          splits: (self, _, from, until) => ticksOf(self, from, until, clock()).map((tick) => tick.at),
          values: (self, splits) => {
            const days = new Set<number>()
            for (const tick of ticksOf(self, shown.from, shown.until, clock())) if (tick.isDay) days.add(tick.at)
            return splits.map((at) => words.tick(at as UnixSeconds, days.has(at), clock()))
          },
          ticks: { stroke: () => ink('--rule'), size: 4 },
        },
        {
          ...axis,
          size: 54,
          grid: { show: true, stroke: () => ink('--rule'), width: 1 },
          ticks: { show: false },
          values: (_, splits) =>
            splits.map((value) => (facts.columns.measure === 'share' ? words.percent(value) : String(value))),
        },
      ],
      series: [
        {},
        {
          stroke: () => ink('--ink'),
          width: 1.5,
          ...(first.dashed ? { dash: [5, 3] } : {}),
          points: { show: false },
        },
      ],
      hooks: {
        drawClear: [
          (self) => {
            drawSpans(self, marks())
            drawBand(self, marks())
          },
        ],
        draw: [
          (self) => {
            drawGaps(self, marks())
            drawOnsets(self, marks())
            drawLatest(self, marks())
          },
        ],
        setSelect: [
          (self) => {
            const [from, until] = [
              self.posToVal(self.select.left, 'x'),
              self.posToVal(self.select.left + self.select.width, 'x'),
            ]
            if (self.select.width > 0) events.zoomed(within(from, Math.max(60, until - from), whole))
          },
        ],
        setCursor: [
          (self) => {
            const { idx } = self.cursor
            if (!silent && idx !== null && idx !== undefined) events.pointed(facts.columns.at[idx] ?? 0)
          },
        ],
      },
    },
    dataOf(first.columns),
    target,
  )
  u.over.addEventListener('dblclick', () => events.zoomed(whole))
  const resized = new ResizeObserver(() => u.setSize({ width: widthOf(target), height: HEIGHT_PX }))
  resized.observe(target)

  return {
    show(stretch) {
      shown = stretch
      u.setScale('x', { min: stretch.from, max: stretch.until })
    },
    setFacts(next) {
      facts = next
      u.setData(dataOf(next.columns), true)
    },
    point(at) {
      silent = true
      u.setCursor({ left: u.valToPos(at, 'x'), top: u.over.clientHeight / 2 })
      silent = false
    },
    redraw: () => u.redraw(false, true),
    destroy() {
      resized.disconnect()
      u.destroy()
    },
  }
}

function dataOf({ at, drawn }: DenseColumns): uPlot.AlignedData {
  // uPlot changes none of them.
  return [at, drawn] as unknown as uPlot.AlignedData
}

function widthOf(target: HTMLElement): number {
  return Math.max(280, target.clientWidth)
}

/** Asked for at every drawing, and the same for as long as the columns are. */
const tops = new WeakMap<DenseColumns, number>()

function topOf(columns: DenseColumns): number {
  const known = tops.get(columns)
  if (known !== undefined) return known
  const top = findTop(columns)
  tops.set(columns, top)
  return top
}

function findTop(columns: DenseColumns): number {
  const { drawn, high } = columns
  let greatest = columns.measure === 'share' ? 1 : 0
  for (let index = 0; index < drawn.length; index += 1)
    greatest = Math.max(greatest, drawn[index] ?? 0, high[index] ?? 0)
  if (columns.measure === 'raw') return greatest > 0 ? greatest * 1.05 : 1
  return Math.min(MOST_SHARE, greatest * 1.03)
}

function ticksOf(u: uPlot, from: number, until: number, clock: LocalClock | null): ReturnType<typeof timeTicks> {
  const most = Math.max(2, Math.floor((u.over.clientWidth || u.width) / PIXELS_PER_TICK))
  return timeTicks(from, until, most, clock === null ? 0 : offsetAt(clock, until as UnixSeconds))
}

import { scaleLinear } from 'd3-scale'
import type { UnixSeconds } from '../model/brand.ts'
import type { ChartSize, ChartSpan } from './line.ts'
import { element, type Named, picture, tenth, textElement, titleElement } from './svg.ts'
import { timeTicks } from './ticks.ts'

const ROW = { height: 40, text: 15, bar: 21, thick: 10 } as const
/** From this many rows on they stand closer. */
const MANY_ROWS = 13
const CLOSE_ROW = { height: 28, text: 12, bar: 17, thick: 6 } as const
const BOTTOM = 24
const SIDE = 4
const PIXELS_PER_TICK = 62

/** Bold letters of the label's size are about so wide, and so much room the times at the right take. */
const LETTER = 7.4
const TIMES_WIDTH = 176

/** A label that would run into the times is cut; its bars name it in full. */
function shortened(label: string, width: number): string {
  const most = Math.floor((width - TIMES_WIDTH) / LETTER)
  return label.length <= most ? label : `${label.slice(0, most - 1).trimEnd()}…`
}

export interface SpreadRow {
  readonly label: string
  /** First onset and last end, as written at the right of the row. */
  readonly times: string
  readonly spans: readonly (ChartSpan & { readonly title: string })[]
}

export interface SpreadChart extends Named {
  readonly range: { readonly from: UnixSeconds; readonly until: UnixSeconds }
  /** Of the clock that the axis is read by, in seconds east of UTC. Absent: UTC. */
  readonly offset?: number
  /** Drawn in this order: put the first to go dark first. */
  readonly rows: readonly SpreadRow[]
  readonly day: (at: UnixSeconds) => string
  readonly time: (at: UnixSeconds) => string
  readonly watermark: string | null
}

/** One row a signal, bars where it was off its usual, one time axis: the order of going dark and of coming back. */
export function spreadChart(chart: SpreadChart, width: number): string {
  const row = chart.rows.length < MANY_ROWS ? ROW : CLOSE_ROW
  const size: ChartSize = { width, height: chart.rows.length * row.height + BOTTOM }
  const { range } = chart
  const x = scaleLinear([range.from, range.until], [SIDE, width - SIDE]).clamp(true)
  const bottom = size.height - BOTTOM
  const ticks = timeTicks(range.from, range.until, Math.max(2, Math.floor(width / PIXELS_PER_TICK)), chart.offset ?? 0)
  const dashed: Record<string, string> = chart.watermark === null ? {} : { 'stroke-dasharray': '4 2' }
  return picture(
    chart,
    size,
    ...ticks.flatMap((tick) => [
      element('path', { class: 'grid', d: `M${tenth(x(tick.at))} 0V${bottom + 4}`, stroke: 'currentColor' }),
      textElement(
        {
          class: 'axis',
          x: x(tick.at),
          y: bottom + 17,
          'text-anchor': x(tick.at) < 20 ? 'start' : x(tick.at) > width - 24 ? 'end' : 'middle',
        },
        tick.isDay ? chart.day(tick.at) : chart.time(tick.at),
      ),
    ]),
    ...chart.rows.flatMap(({ label, times, spans }, index) => {
      const top = index * row.height
      return [
        textElement({ class: 'row', x: SIDE, y: top + row.text, 'text-anchor': 'start' }, shortened(label, width)),
        textElement({ class: 'axis', x: width - SIDE, y: top + row.text, 'text-anchor': 'end' }, times),
        element('path', {
          class: 'track',
          d: `M${SIDE} ${tenth(top + row.bar + row.thick / 2)}H${width - SIDE}`,
          stroke: 'currentColor',
        }),
        ...spans.map((span) => bar(span, { top: top + row.bar, thick: row.thick }, x, width, dashed)),
      ]
    }),
    ...(chart.watermark === null
      ? []
      : [
          textElement(
            { class: 'watermark', x: width / 2, y: size.height / 2 + 10, 'text-anchor': 'middle' },
            chart.watermark,
          ),
        ]),
  )
}

/** A bar that has not ended runs to the edge as an arrow. */
function bar(
  span: SpreadRow['spans'][number],
  { top, thick }: { readonly top: number; readonly thick: number },
  x: (at: number) => number,
  width: number,
  dashed: Readonly<Record<string, string>>,
): string {
  const from = x(span.onset)
  const until = span.end === null ? width - SIDE : Math.max(from + 2, x(span.end))
  const shape =
    span.end === null
      ? `M${tenth(from)} ${top}H${tenth(until - 6)}L${tenth(until)} ${top + thick / 2}L${tenth(until - 6)} ${top + thick}H${tenth(from)}Z`
      : `M${tenth(from)} ${top}H${tenth(until)}V${top + thick}H${tenth(from)}Z`
  return element('path', { class: 'off-span', d: shape, ...dashed }, titleElement(span.title))
}

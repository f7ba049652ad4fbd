import { scaleLinear } from 'd3-scale'
import type { UnixSeconds } from '../model/brand.ts'
import type { ChartSize, ChartSpan } from './line.ts'
import { element, type Named, picture, tenth, textElement, titleElement } from './svg.ts'
import { timeTicks } from './ticks.ts'

const ROW_HEIGHT = 40
const BAR_HEIGHT = 10
const BOTTOM = 24
const SIDE = 4
const PIXELS_PER_TICK = 62

export interface SpreadRow {
  readonly label: string
  /** First onset and last end, as written at the right of the row. */
  readonly times: string
  readonly spans: readonly (ChartSpan & { readonly title: string })[]
}

export interface SpreadChart extends Named {
  readonly range: { readonly from: UnixSeconds; readonly until: UnixSeconds }
  /** Drawn in this order: put the first to go dark first. */
  readonly rows: readonly SpreadRow[]
  readonly day: (at: UnixSeconds) => string
  readonly time: (at: UnixSeconds) => string
  readonly watermark: string | null
}

/** One row a signal, bars where it was off its usual, one time axis: the order of going dark and of coming back. */
export function spreadChart(chart: SpreadChart, width: number): string {
  const size: ChartSize = { width, height: chart.rows.length * ROW_HEIGHT + BOTTOM }
  const { range } = chart
  const x = scaleLinear([range.from, range.until], [SIDE, width - SIDE]).clamp(true)
  const bottom = size.height - BOTTOM
  const ticks = timeTicks(range.from, range.until, Math.max(2, Math.floor(width / PIXELS_PER_TICK)))
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
    ...chart.rows.flatMap((row, index) => {
      const top = index * ROW_HEIGHT
      return [
        textElement({ class: 'row', x: SIDE, y: top + 15, 'text-anchor': 'start' }, row.label),
        textElement({ class: 'axis', x: width - SIDE, y: top + 15, 'text-anchor': 'end' }, row.times),
        element('path', { class: 'track', d: `M${SIDE} ${top + 26}H${width - SIDE}`, stroke: 'currentColor' }),
        ...row.spans.map((span) => bar(span, top + 21, x, width, dashed)),
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
  top: number,
  x: (at: number) => number,
  width: number,
  dashed: Readonly<Record<string, string>>,
): string {
  const from = x(span.onset)
  const until = span.end === null ? width - SIDE : Math.max(from + 2, x(span.end))
  const shape =
    span.end === null
      ? `M${tenth(from)} ${top}H${tenth(until - 6)}L${tenth(until)} ${top + BAR_HEIGHT / 2}L${tenth(until - 6)} ${top + BAR_HEIGHT}H${tenth(from)}Z`
      : `M${tenth(from)} ${top}H${tenth(until)}V${top + BAR_HEIGHT}H${tenth(from)}Z`
  return element('path', { class: 'bar', d: shape, ...dashed }, titleElement(span.title))
}

import { scaleLinear } from 'd3-scale'
import type { UnixSeconds } from '../model/brand.ts'
import type { GapStretch, TraceColumns } from '../model/page.ts'
import { bandPath, linePath } from './path.ts'
import { element, type Named, picture, tenth, textElement, titleElement } from './svg.ts'
import { timeTicks } from './ticks.ts'

/** The band is this many robust standard deviations to each side: what nineteen of twenty quiet bins stay within. */
const BAND_SPREADS = 2

/** Surges above this share are cut off at the frame, or the trough below usual could not be seen beside them. */
const MOST_SHARE = 2

const MARGIN = { top: 24, right: 52, bottom: 26, left: 48 } as const
const PIXELS_PER_TICK = 62
const LABEL_HEIGHT = 14
const AXIS_NAME_WIDTH = 76
const END_LABEL_REACH = 48
/** More stretches than this are drawn as one shape: hundreds of them weigh more than the line. */
const MOST_STRETCHES = 12

export interface ChartSize {
  readonly width: number
  readonly height: number
}

export interface ChartSpan {
  readonly onset: UnixSeconds
  /** `null` while it lasts. */
  readonly end: UnixSeconds | null
}

/** Words for a chart, made by whoever knows the language. */
export interface LineTexts {
  readonly usual: string
  readonly axis: string
  /** At the line's end. */
  readonly last: string
  /** What was cut off at the upper frame; `null` where nothing was. */
  readonly above: (greatestShare: number) => string
  readonly share: (share: number) => string
  readonly raw: (value: number) => string
  readonly instant: (at: UnixSeconds) => string
  readonly day: (at: UnixSeconds) => string
  readonly time: (at: UnixSeconds) => string
  readonly gap: (gap: GapStretch) => string
  /** Of many, where each by itself would be too small to be asked. */
  readonly gaps: (count: number, from: UnixSeconds, until: UnixSeconds, reading: GapStretch['reading']) => string
  /** Over the whole picture, where the data are not measured; else `null`. */
  readonly watermark: string | null
}

export interface LineChart extends Named {
  readonly range: { readonly from: UnixSeconds; readonly until: UnixSeconds }
  /** Of the clock that the axis is read by, in seconds east of UTC. Absent: UTC. */
  readonly offset?: number
  readonly columns: TraceColumns
  readonly gaps: readonly GapStretch[]
  readonly spans: readonly ChartSpan[]
  /** `share`: of usual, with its band. `raw`: the source's own values, while nothing is known of what is usual. */
  readonly measure: 'share' | 'raw'
  readonly texts: LineTexts
}

interface Row {
  readonly at: number
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
}

/**
 * The observed line over the pale band of what is usual. Colours are classes of the page's style sheet, with
 * `currentColor` where there is none. Line breaks at gaps; gaps are hatched and say why.
 */
export function lineChart(chart: LineChart, size: ChartSize): string {
  const { range, texts } = chart
  const rows = withBreaks(rowsOf(chart), chart.gaps)
  const top = chart.measure === 'share' ? topShare(rows) : topRaw(rows)
  const x = scaleLinear([range.from, range.until], [MARGIN.left, size.width - MARGIN.right])
  const y = scaleLinear([0, top], [size.height - MARGIN.bottom, MARGIN.top])
  const clamped = (value: number): number => y(Math.min(value, top))
  const inside = (at: number): number => x(Math.min(Math.max(at, range.from), range.until))
  const { bottom, right } = { bottom: size.height - MARGIN.bottom, right: size.width - MARGIN.right }

  const observed = linePath(rows.map(({ at, value }) => (value === null ? null : [x(at), clamped(value)])))
  const band = bandPath(
    rows.map(({ at, low, high }) => (low === null || high === null ? null : [x(at), clamped(low), clamped(high)])),
  )

  const last = rows.findLast((row) => row.value !== null)
  const dashed: Record<string, string> = texts.watermark === null ? {} : { 'stroke-dasharray': '5 3' }
  return picture(
    chart,
    size,
    element('defs', {}, hatch(`${chart.id}-gap`), dots(`${chart.id}-ambiguous`)),
    ...chart.spans.map((span) => spanTint(span, inside, bottom)),
    element('path', { class: 'band', d: band }),
    ...yAxis(chart, y, top, right),
    ...xAxis(chart, x, size, bottom),
    ...(['unknown', 'ambiguous', 'blind'] as const).map((reading) => gapShapes(chart, reading, inside, bottom)),
    ...spanTicks(chart, inside, bottom, right),
    element('path', { class: 'line', d: observed, fill: 'none', stroke: 'currentColor', ...dashed }),
    ...(chart.measure === 'share' ? aboveFrame(rows, top, x, texts) : []),
    ...(last === undefined ? [] : endLabels(chart, { at: last.at, value: last.value ?? 0 }, x, clamped, right)),
    ...(texts.watermark === null ? [] : [watermark(texts.watermark, size)]),
  )
}

function rowsOf(chart: LineChart): readonly Row[] {
  const { columns } = chart
  return columns.bins.map((at, index) => {
    const expected = columns.expected[index] ?? null
    const spread = columns.spread[index] ?? null
    const known = chart.measure === 'share' && expected !== null && expected > 0 && spread !== null
    const reach = known ? (BAND_SPREADS * spread) / expected : 0
    // What is not judged is not drawn: nobody would see that it says nothing.
    const isBlind = columns.readings[index] === 'blind'
    return {
      at,
      value: isBlind ? null : ((chart.measure === 'share' ? columns.shares[index] : columns.values[index]) ?? null),
      low: known ? Math.max(0, 1 - reach) : null,
      high: known ? 1 + reach : null,
    }
  })
}

/** A gap between two rows that were kept breaks the line, even where its own rows were left out. */
function withBreaks(rows: readonly Row[], gaps: readonly GapStretch[]): readonly Row[] {
  const broken: Row[] = []
  let next = 0
  for (const row of rows) {
    while (next < gaps.length && (gaps[next]?.from ?? 0) < row.at) {
      const previous = broken.at(-1)
      const at = gaps[next]?.from ?? 0
      if (previous !== undefined && previous.at < at)
        broken.push({ at, value: null, low: previous.low, high: previous.high })
      next += 1
    }
    broken.push(row)
  }
  return broken
}

function topShare(rows: readonly Row[]): number {
  const greatest = Math.max(1, ...rows.map((row) => Math.max(row.value ?? 0, row.high ?? 0)))
  return Math.min(MOST_SHARE, greatest * 1.03)
}

function topRaw(rows: readonly Row[]): number {
  const greatest = Math.max(0, ...rows.map((row) => row.value ?? 0))
  return greatest > 0 ? greatest * 1.05 : 1
}

function gapShapes(
  chart: LineChart,
  reading: GapStretch['reading'],
  inside: (at: number) => number,
  bottom: number,
): string {
  const { range, texts } = chart
  const gaps = chart.gaps.filter((gap) => gap.reading === reading && gap.until > range.from && gap.from < range.until)
  const shape = (gap: GapStretch): string => {
    const from = inside(gap.from)
    return `M${tenth(from)} ${MARGIN.top}H${tenth(Math.max(from + 1, inside(gap.until)))}V${bottom}H${tenth(from)}z`
  }
  const draw = (d: string, title: string): string =>
    element(
      'path',
      { class: `gap ${reading}`, d, fill: `url(#${chart.id}-${reading === 'ambiguous' ? 'ambiguous' : 'gap'})` },
      titleElement(title),
    )
  const [first, last] = [gaps[0], gaps.at(-1)]
  if (first === undefined || last === undefined) return ''
  if (gaps.length <= MOST_STRETCHES) return gaps.map((gap) => draw(shape(gap), texts.gap(gap))).join('')
  return draw(gaps.map(shape).join(''), texts.gaps(gaps.length, first.from, last.until, reading))
}

function hatch(id: string): string {
  return element(
    'pattern',
    { id, width: '6', height: '6', patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    element('path', { class: 'hatch', d: 'M0 0V6', stroke: 'currentColor', 'stroke-width': '2' }),
  )
}

function dots(id: string): string {
  return element(
    'pattern',
    { id, width: '5', height: '5', patternUnits: 'userSpaceOnUse' },
    element('circle', { class: 'dot', cx: '2.5', cy: '2.5', r: '1', fill: 'currentColor' }),
  )
}

/** A swatch of a gap's hatching, for the key beside a chart. */
export function gapSwatch(id: string, reading: GapStretch['reading']): string {
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: '0 0 24 14', class: 'swatch', 'aria-hidden': 'true' },
    element('defs', {}, reading === 'ambiguous' ? dots(`${id}-key`) : hatch(`${id}-key`)),
    element('rect', { class: `gap ${reading}`, width: '24', height: '14', fill: `url(#${id}-key)` }),
  )
}

function spanTint(span: ChartSpan, inside: (at: number) => number, bottom: number): string {
  const from = inside(span.onset)
  const until = span.end === null ? inside(Number.MAX_SAFE_INTEGER) : inside(span.end)
  return element('rect', {
    class: 'span',
    x: from,
    y: MARGIN.top,
    width: Math.max(1, until - from),
    height: bottom - MARGIN.top,
  })
}

/** Onset and end as ticks; of many spans only the first onset and the last end have a label, so that none overlap. */
function spanTicks(chart: LineChart, inside: (at: number) => number, bottom: number, right: number): readonly string[] {
  const { range, spans, texts } = chart
  const inView = (at: number): boolean => at >= range.from && at < range.until
  const onsets = spans.map((span) => span.onset).filter(inView)
  const ends = spans
    .map((span) => span.end)
    .filter((end) => end !== null)
    .filter(inView)
  const ticks = [...onsets, ...ends].map((at) =>
    element('path', { class: 'tick', d: `M${tenth(inside(at))} ${MARGIN.top - 4}V${bottom}`, stroke: 'currentColor' }),
  )
  const first = onsets[0]
  const last = ends.at(-1)
  const width = 84
  if (first !== undefined) {
    const at = inside(first)
    const anchor = at + width > right ? 'end' : 'start'
    // The name of the axis stands at the left.
    ticks.push(
      textElement(
        {
          class: 'mark',
          x: anchor === 'start' ? Math.max(at, AXIS_NAME_WIDTH) : at,
          y: MARGIN.top - 9,
          'text-anchor': anchor,
        },
        texts.instant(first),
      ),
    )
    if (last !== undefined && inside(last) - at > 2 * width && anchor === 'start') {
      ticks.push(
        textElement({ class: 'mark', x: inside(last), y: MARGIN.top - 9, 'text-anchor': 'end' }, texts.instant(last)),
      )
    }
  }
  return ticks
}

function yAxis(chart: LineChart, y: (value: number) => number, top: number, right: number): readonly string[] {
  const { texts } = chart
  const values =
    chart.measure === 'share'
      ? [0, 0.5, 1, 1.5, 2].filter((value) => value <= top)
      : scaleLinear([0, top], [0, 1]).ticks(3)
  return [
    textElement({ class: 'axis', x: 0, y: MARGIN.top - 9, 'text-anchor': 'start' }, texts.axis),
    ...values.flatMap((value) => [
      element('path', {
        class: value === 1 && chart.measure === 'share' ? 'median' : 'grid',
        d: `M${MARGIN.left} ${tenth(y(value))}H${tenth(right)}`,
        stroke: 'currentColor',
      }),
      textElement(
        { class: 'axis', x: MARGIN.left - 6, y: y(value) + 4, 'text-anchor': 'end' },
        chart.measure === 'share' ? texts.share(value) : texts.raw(value),
      ),
    ]),
  ]
}

function xAxis(chart: LineChart, x: (at: number) => number, size: ChartSize, bottom: number): readonly string[] {
  const { range, texts } = chart
  const width = size.width - MARGIN.left - MARGIN.right
  return timeTicks(
    range.from,
    range.until,
    Math.max(2, Math.floor(width / PIXELS_PER_TICK)),
    chart.offset ?? 0,
  ).flatMap((tick) => [
    element('path', { class: 'grid', d: `M${tenth(x(tick.at))} ${bottom}v4`, stroke: 'currentColor' }),
    textElement(
      {
        class: 'axis',
        x: x(tick.at),
        y: bottom + 17,
        'text-anchor': x(tick.at) < MARGIN.left + 16 ? 'start' : 'middle',
      },
      tick.isDay ? texts.day(tick.at) : texts.time(tick.at),
    ),
  ])
}

/** Says how far a surge went that the frame cuts off. */
function aboveFrame(rows: readonly Row[], top: number, x: (at: number) => number, texts: LineTexts): readonly string[] {
  const peak = rows.reduce<Row | null>((best, row) => ((row.value ?? 0) > (best?.value ?? top) ? row : best), null)
  if (peak === null) return []
  const at = x(peak.at)
  return [
    element('path', { class: 'above', d: `M${tenth(at - 4)} ${MARGIN.top + 5}l4 -6l4 6z` }),
    textElement({ class: 'axis', x: at + 8, y: MARGIN.top + 8, 'text-anchor': 'start' }, texts.above(peak.value ?? 0)),
  ]
}

function endLabels(
  chart: LineChart,
  last: { readonly at: number; readonly value: number },
  x: (at: number) => number,
  y: (value: number) => number,
  right: number,
): readonly string[] {
  const { texts } = chart
  const lastY = y(last.value)
  const usualY = chart.measure === 'share' ? y(1) : null
  // Where the line ends long before the edge, its label stays with it.
  const beside = right - x(last.at) > END_LABEL_REACH
  const clear = usualY !== null && Math.abs(usualY - lastY) >= LABEL_HEIGHT
  return [
    element('circle', { class: 'end', cx: x(last.at), cy: lastY, r: 2.5, fill: 'currentColor' }),
    textElement(
      { class: 'end', x: (beside ? x(last.at) : right) + 6, y: lastY + (beside ? -6 : 4), 'text-anchor': 'start' },
      texts.last,
    ),
    ...(usualY === null
      ? []
      : [
          textElement(
            {
              class: 'axis',
              x: right + 6,
              y: clear || beside ? usualY + 4 : lastY + 4 + LABEL_HEIGHT,
              'text-anchor': 'start',
            },
            texts.usual,
          ),
        ]),
  ]
}

function watermark(word: string, size: ChartSize): string {
  const centre = `${tenth(size.width / 2)} ${tenth(size.height / 2)}`
  return textElement(
    {
      class: 'watermark',
      x: size.width / 2,
      y: size.height / 2 + 10,
      'text-anchor': 'middle',
      transform: `rotate(-8 ${centre})`,
    },
    word,
  )
}

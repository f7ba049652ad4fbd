import { scaleLinear } from 'd3-scale'
import type { UnixSeconds } from '../model/brand.ts'
import { element, type Named, picture, tenth, textElement, titleElement } from './svg.ts'
import { timeTicks } from './ticks.ts'

const ROW = 14
const BAR = 10
const GROUP = 22
const BOTTOM = 24
/** Room for the longest prefix that is common; longer ones are cut, and named in full by their row. */
const LABEL = 148
const MOST_LETTERS = 21
const RIGHT = 8
const LEAST_COLUMN = 3
const PIXELS_PER_TICK = 62

export interface MatrixRow {
  readonly label: string
  /** One letter a column: `v` visible, `l` lost, `u` unknown. */
  readonly cells: string
  /** All of it in words, for who points at the row. */
  readonly title: string
}

export interface MatrixGroup {
  readonly label: string
  readonly rows: readonly MatrixRow[]
  /** `and 12 more`; `null` where all are drawn. */
  readonly more: string | null
}

export interface MatrixChart extends Named {
  readonly from: UnixSeconds
  /** Seconds of a column. */
  readonly step: number
  readonly columns: number
  /** Of the clock that the axis is read by, in seconds east of UTC. Absent: UTC. */
  readonly offset?: number
  readonly groups: readonly MatrixGroup[]
  readonly day: (at: UnixSeconds) => string
  readonly time: (at: UnixSeconds) => string
  readonly watermark: string | null
}

/**
 * Prefixes by time: a dark bar where a prefix was out of sight, a thin line where it stood, hatched where nobody can
 * say, so that the three differ without colour. It is as wide as its columns need.
 *
 * @param width that it fills where its columns need less.
 */
export function matrixChart(chart: MatrixChart, width: number): string {
  const column = Math.max(LEAST_COLUMN, (width - LABEL - RIGHT) / chart.columns)
  const size = { width: Math.ceil(LABEL + column * chart.columns + RIGHT), height: heightOf(chart.groups) + BOTTOM }
  const bottom = size.height - BOTTOM
  const until = chart.from + chart.columns * chart.step
  const edge = (index: number): number => LABEL + index * column
  const x = scaleLinear([chart.from, until], [edge(0), edge(chart.columns)])
  const most = Math.max(2, Math.floor((size.width - LABEL) / PIXELS_PER_TICK))
  const parts: string[] = []
  let top = 0
  for (const group of chart.groups) {
    parts.push(textElement({ class: 'row', x: 0, y: top + 15, 'text-anchor': 'start' }, group.label))
    if (group.more !== null) {
      parts.push(textElement({ class: 'axis', x: size.width - RIGHT, y: top + 15, 'text-anchor': 'end' }, group.more))
    }
    top += GROUP
    for (const row of group.rows) {
      parts.push(drawRow(row, top, edge, chart.id))
      top += ROW
    }
  }
  return picture(
    chart,
    size,
    element('defs', {}, hatch(`${chart.id}-unknown`)),
    ...timeTicks(chart.from, until, most, chart.offset ?? 0).flatMap((tick) => [
      element('path', { class: 'grid', d: `M${tenth(x(tick.at))} 0V${bottom + 4}`, stroke: 'currentColor' }),
      textElement(
        {
          class: 'axis',
          x: x(tick.at),
          y: bottom + 17,
          'text-anchor': x(tick.at) > size.width - 24 ? 'end' : 'middle',
        },
        tick.isDay ? chart.day(tick.at) : chart.time(tick.at),
      ),
    ]),
    ...parts,
    ...(chart.watermark === null
      ? []
      : [
          textElement(
            { class: 'watermark', x: size.width / 2, y: size.height / 2 + 10, 'text-anchor': 'middle' },
            chart.watermark,
          ),
        ]),
  )
}

function heightOf(groups: readonly MatrixGroup[]): number {
  return groups.reduce((sum, { rows }) => sum + GROUP + rows.length * ROW, 0)
}

function drawRow({ label, cells, title }: MatrixRow, top: number, edge: (index: number) => number, id: string): string {
  const bar = (from: number, until: number): string =>
    `M${tenth(edge(from))} ${tenth(top + 2)}H${tenth(edge(until))}V${tenth(top + 2 + BAR)}H${tenth(edge(from))}z`
  const line = (from: number, until: number): string =>
    `M${tenth(edge(from))} ${tenth(top + 2 + BAR / 2)}H${tenth(edge(until))}`
  const shape = (letter: string, draw: (from: number, until: number) => string): string =>
    runs(cells, letter)
      .map(([from, until]) => draw(from, until))
      .join('')
  const [standing, gone, unknown] = [shape('v', line), shape('l', bar), shape('u', bar)]
  const short = label.length <= MOST_LETTERS ? label : `${label.slice(0, MOST_LETTERS - 1)}…`
  return element(
    'g',
    { class: 'prefix' },
    titleElement(title),
    textElement({ class: 'cell', x: LABEL - 8, y: top + 11, 'text-anchor': 'end' }, short),
    standing === '' ? '' : element('path', { class: 'stands', d: standing, fill: 'none', stroke: 'currentColor' }),
    gone === '' ? '' : element('path', { class: 'gone', d: gone, fill: 'currentColor' }),
    unknown === '' ? '' : element('path', { class: 'unknown', d: unknown, fill: `url(#${id}-unknown)` }),
  )
}

/** Stretches of one letter, as `[from, until)` in columns. */
function runs(cells: string, letter: string): readonly (readonly [number, number])[] {
  const found: [number, number][] = []
  for (let at = 0; at < cells.length; at += 1) {
    if (cells[at] !== letter) continue
    const last = found.at(-1)
    if (last !== undefined && last[1] === at) last[1] = at + 1
    else found.push([at, at + 1])
  }
  return found
}

function hatch(id: string): string {
  return element(
    'pattern',
    { id, width: '6', height: '6', patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    element('path', { class: 'hatch', d: 'M0 0V6', stroke: 'currentColor', 'stroke-width': '2' }),
  )
}

/** A swatch of one of the three, for the key beside the matrix. */
export function matrixSwatch(id: string, letter: 'v' | 'l' | 'u'): string {
  const bar = 'M2 2H22V12H2z'
  const shape = {
    v: element('path', { class: 'stands', d: 'M2 7H22', fill: 'none', stroke: 'currentColor' }),
    l: element('path', { class: 'gone', d: bar, fill: 'currentColor' }),
    u: element('defs', {}, hatch(id)) + element('path', { class: 'unknown', d: bar, fill: `url(#${id})` }),
  }[letter]
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: '0 0 24 14', class: 'swatch chart', 'aria-hidden': 'true' },
    shape,
  )
}

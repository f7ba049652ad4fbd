import { gapSwatch, lineChart, type LineChart } from '../chart/line.ts'
import { keptRows } from '../chart/sample.ts'
import { sparkline } from '../chart/sparkline.ts'
import { spreadChart, type SpreadRow } from '../chart/spread.ts'
import type { Evidence } from '../model/incident.ts'
import type { GapStretch, IncidentLine, IncidentPage, Panel, TraceColumns } from '../model/page.ts'
import type { Origin } from '../model/series.ts'
import type { Catalogue } from '../words/catalogue.ts'
import { seenUntilOf } from '../words/scales.ts'

/** A drawing for wide and for narrow places; the style sheet shows one of them. */
export interface Drawing {
  readonly wide: string
  readonly narrow: string
}

const WIDE = { width: 720, height: 236 } as const
const NARROW = { width: 340, height: 216 } as const
const NARROW_POINTS = 240

export function signalTitle(words: Catalogue, key: string, label: string): string {
  return (words.signals as Readonly<Record<string, { readonly name: string }>>)[key]?.name ?? label
}

export function signalAbout(words: Catalogue, panel: Pick<Panel, 'key' | 'plane'>): string {
  const known = (words.signals as Readonly<Record<string, { readonly about: string }>>)[panel.key]
  return known?.about ?? words.signalOfPlane[panel.plane]
}

/** With the family of addresses, where the series counts one of them. */
export function panelTitle(words: Catalogue, panel: Pick<Panel, 'key' | 'label' | 'facet'>): string {
  return words.routing.facet(signalTitle(words, panel.key, panel.label), panel.facet)
}

/** Whether the panel can be drawn as a share of usual; else its raw values are, and it says so. */
export function hasUsual(panel: Panel): boolean {
  return panel.baseline !== null && panel.columns.shares.some((share) => share !== null)
}

export function isEmpty(panel: Panel): boolean {
  return panel.columns.values.every((value) => value === null)
}

export function drawPanel(words: Catalogue, panel: Panel): Drawing {
  const chart = chartOf(words, panel)
  return {
    wide: lineChart({ ...chart, id: `wide-${panel.seriesId}` }, WIDE),
    narrow: lineChart(
      { ...chart, id: `narrow-${panel.seriesId}`, columns: fewer(panel.columns, chart.measure) },
      NARROW,
    ),
  }
}

function chartOf(words: Catalogue, panel: Panel): Omit<LineChart, 'id'> {
  const measure = hasUsual(panel) ? 'share' : 'raw'
  const { columns } = panel
  const shares = columns.bins.flatMap((at, index) => {
    const share = columns.shares[index] ?? null
    return share === null || measure === 'raw' ? [] : [{ at, share }]
  })
  const last = shares.at(-1) ?? null
  const lastRaw = columns.values.findLast((value) => value !== null) ?? null
  const title = panelTitle(words, panel)
  return {
    title: words.chart.title(title, panel.entity),
    description: words.chart.description({
      label: title,
      entity: panel.entity,
      from: panel.range.from,
      until: panel.range.until,
      least: shares.reduce<(typeof shares)[number] | null>(
        (best, one) => (best === null || one.share < best.share ? one : best),
        null,
      ),
      last,
      gaps: panel.gaps.length,
      spans: panel.spans.length,
    }),
    range: panel.range,
    offset: words.offset(panel.range.until),
    columns,
    gaps: panel.gaps,
    spans: panel.spans.map((span) => ({ onset: span.onset.at, end: seenUntilOf(span) })),
    measure,
    texts: {
      usual: words.chart.usual,
      axis: measure === 'share' ? words.chart.axisShare : words.chart.axisRaw(panel.unit),
      last:
        measure === 'share' && last !== null
          ? words.chart.lastValue(last.share)
          : words.chart.lastRaw(String(lastRaw ?? '')),
      above: (share) => words.shareShort(share),
      share: (share) => words.chart.axisPercent(share),
      raw: (value) => String(value),
      instant: (at) => words.chart.onset(at),
      day: (at) => words.dayShort(at),
      time: (at) => words.timeShort(at),
      gap: (gap) => gapText(words, gap),
      gaps: words.chart.gaps,
      watermark: watermark(words, panel.origin),
    },
  }
}

function gapText(words: Catalogue, gap: GapStretch): string {
  return words.sight.gap(gap)
}

function watermark(words: Catalogue, origin: Origin): string | null {
  return origin === 'measured' ? null : words.origins[origin].watermark
}

function fewer(columns: TraceColumns, measure: 'share' | 'raw'): TraceColumns {
  const rows = keptRows(measure === 'share' ? columns.shares : columns.values, NARROW_POINTS)
  const pick = <T>(column: readonly T[]): T[] => rows.flatMap((row) => column.slice(row, row + 1))
  return {
    bins: pick(columns.bins),
    values: pick(columns.values),
    expected: pick(columns.expected),
    spread: pick(columns.spread),
    shares: pick(columns.shares),
    readings: pick(columns.readings),
  }
}

export function drawSwatch(panel: Panel, reading: GapStretch['reading']): string {
  return gapSwatch(`swatch-${panel.seriesId}-${reading}`, reading)
}

export function drawSpark(words: Catalogue, line: IncidentLine): string | null {
  const { spark } = line
  if (spark === null || spark.shares.every((share) => share === null)) return null
  return sparkline({
    ...spark,
    title: words.chart.sparkline(spark.label, spark.range.from, spark.range.until),
    dashed: line.incident.origin !== 'measured',
  })
}

/** First to go dark first. A signal that did not fall has no row. */
export function byOnset(evidence: readonly Evidence[]): readonly Evidence[] {
  const onset = (one: Evidence): number => one.spans[0]?.onset.at ?? Number.POSITIVE_INFINITY
  return [...evidence].sort((a, b) => onset(a) - onset(b))
}

export function drawSpread(words: Catalogue, page: IncidentPage): Drawing | null {
  const { incident, entity, range } = page
  const fallen = byOnset(incident.evidence).filter((one) => one.spans.length > 0)
  if (fallen.length < 2) return null
  const rows = fallen.map((one): SpreadRow => {
    const part = page.parts.find((each) => each.id === one.entity)
    // Parts of a roll-up are told apart by their names: their signal is the same.
    const label = part?.name ?? panelTitle(words, { ...one, key: `${one.source}/${one.signal}` })
    const first = one.spans[0]
    const last = one.spans.at(-1)
    return {
      label,
      times:
        first === undefined || last === undefined ? '' : words.incident.spreadTimes(first.onset.at, seenUntilOf(last)),
      spans: one.spans.map((span) => ({
        onset: span.onset.at,
        end: seenUntilOf(span),
        title: words.chart.spanBar(label, span.onset.at, seenUntilOf(span), span.troughShare),
      })),
    }
  })
  const draw = (width: number, id: string): string =>
    spreadChart(
      {
        id,
        title: words.chart.title(words.incident.spreadTitle, entity),
        description: words.incident.spreadSummary(rows.length, range.from, range.until),
        range,
        offset: words.offset(range.until),
        rows,
        day: (at) => words.dayShort(at),
        time: (at) => words.timeShort(at),
        watermark: watermark(words, incident.origin),
      },
      width,
    )
  return { wide: draw(WIDE.width, 'spread-wide'), narrow: draw(NARROW.width, 'spread-narrow') }
}

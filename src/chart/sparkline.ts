import { scaleLinear } from 'd3-scale'
import type { UnixSeconds } from '../model/brand.ts'
import { linePath } from './path.ts'
import { attributes, element, escapeText, tenth } from './svg.ts'

const SIZE = { width: 120, height: 28 } as const
const MOST_SHARE = 1.5

export interface Sparkline {
  readonly range: { readonly from: UnixSeconds; readonly until: UnixSeconds }
  readonly bins: readonly UnixSeconds[]
  /** Of usual; `null` = none, and the line breaks. */
  readonly shares: readonly (number | null)[]
  readonly title: string
  /** Measured data are drawn solid, all others dashed. */
  readonly dashed: boolean
}

/** A line without axes, for lists: from 0 to one and a half times usual, with a hair at usual. */
export function sparkline(spark: Sparkline): string {
  const x = scaleLinear([spark.range.from, spark.range.until], [1, SIZE.width - 1])
  const y = scaleLinear([0, MOST_SHARE], [SIZE.height - 1, 1]).clamp(true)
  const path = linePath(
    spark.bins.map((at, index) => {
      const share = spark.shares[index] ?? null
      return share === null ? null : [x(at), y(share)]
    }),
  )
  const dashes: Record<string, string> = spark.dashed ? { 'stroke-dasharray': '3 2' } : {}
  return [
    `<svg${attributes({
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${SIZE.width} ${SIZE.height}`,
      class: 'sparkline',
      role: 'img',
      'aria-label': spark.title,
    })}>`,
    `<title>${escapeText(spark.title)}</title>`,
    element('path', { class: 'median', d: `M1 ${tenth(y(1))}H${SIZE.width - 1}`, stroke: 'currentColor' }),
    element('path', {
      class: 'line',
      d: path,
      fill: 'none',
      stroke: 'currentColor',
      'vector-effect': 'non-scaling-stroke',
      ...dashes,
    }),
    '</svg>',
  ].join('')
}

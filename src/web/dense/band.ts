import type uPlot from 'uplot'
import type { DenseColumns } from './columns.ts'
import type { Marks } from './marks.ts'

/** Part of the band without a gap: one entry a pixel that holds any bin, from left to right. */
export interface BandStretch {
  /** Pixels from the left edge. */
  readonly at: number[]
  readonly low: number[]
  readonly high: number[]
}

/**
 * What is usual over `[from, until]`, on so many pixels: of the bins that share a pixel the least low and the greatest
 * high. A year has a hundred times as many bins as a screen has pixels, and a path through all of them costs the most.
 *
 * @internal
 */
export function bandStretches(
  { at, low, high }: Pick<DenseColumns, 'at' | 'low' | 'high'>,
  from: number,
  until: number,
  pixels: number,
): readonly BandStretch[] {
  const stretches: BandStretch[] = []
  const perSecond = pixels / (until - from)
  let stretch: BandStretch | null = null
  // One bin beyond each edge: the band goes on there.
  const first = Math.max(0, firstFrom(at, from) - 1)
  for (let index = first; index < at.length; index += 1) {
    const [bottom, top] = [low[index] ?? null, high[index] ?? null]
    if (bottom === null || top === null) {
      stretch = null
    } else {
      const x = Math.round(((at[index] ?? 0) - from) * perSecond)
      if (stretch === null) {
        stretch = { at: [x], low: [bottom], high: [top] }
        stretches.push(stretch)
      } else {
        const last = stretch.at.length - 1
        if (stretch.at[last] === x) {
          stretch.low[last] = Math.min(stretch.low[last] ?? bottom, bottom)
          stretch.high[last] = Math.max(stretch.high[last] ?? top, top)
        } else {
          stretch.at.push(x)
          stretch.low.push(bottom)
          stretch.high.push(top)
        }
      }
    }
    if ((at[index] ?? 0) > until) break
  }
  return stretches
}

export function drawBand(u: uPlot, { columns, ink }: Marks): void {
  const { ctx, bbox } = u
  const [from, until, greatest] = [u.scales['x']?.min ?? 0, u.scales['x']?.max ?? 0, u.scales['y']?.max ?? 0]
  if (until <= from || greatest <= 0) return
  const y = (share: number): number => bbox.top + bbox.height * (1 - share / greatest)
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.fillStyle = ink('--band')
  for (const { at, low, high } of bandStretches(columns, from, until, bbox.width)) {
    ctx.beginPath()
    for (let index = 0; index < at.length; index += 1) ctx.lineTo(bbox.left + (at[index] ?? 0), y(high[index] ?? 0))
    for (let index = at.length - 1; index >= 0; index -= 1) ctx.lineTo(bbox.left + (at[index] ?? 0), y(low[index] ?? 0))
    ctx.fill()
  }
  ctx.restore()
}

/** Index of the first that is not before `from`. */
function firstFrom(at: readonly number[], from: number): number {
  let [low, high] = [0, at.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((at[middle] ?? 0) < from) low = middle + 1
    else high = middle
  }
  return low
}

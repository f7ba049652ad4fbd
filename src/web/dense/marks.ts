import type uPlot from 'uplot'
import type { UnixSeconds } from '../../model/brand.ts'
import type { GapStretch, LocalClock } from '../../model/page.ts'
import type { DenseWords } from '../../words/dense.ts'
import type { DenseColumns } from './columns.ts'

/** What stands on a chart beside its lines. */
export interface Marks {
  readonly columns: DenseColumns
  readonly gaps: readonly GapStretch[]
  readonly spans: readonly { readonly onset: UnixSeconds; readonly end: UnixSeconds | null }[]
  readonly now: UnixSeconds | null
  readonly words: DenseWords
  readonly clock: LocalClock | null
  /** A colour of the style sheet by its name. */
  readonly ink: (name: string) => string
}

const FONT = '12px system-ui, sans-serif'
const HATCH_PX = 6
/** A stretch narrower than this could not be seen. */
const LEAST_PX = 1
/** A label needs so much; narrower gaps have only their hatching, and say why in the list below the chart. */
const LABEL_PX = 150

/** The time of each incident, as a faint tint. */
export function drawSpans(u: uPlot, marks: Marks): void {
  u.ctx.save()
  u.ctx.fillStyle = marks.ink('--tint')
  for (const { onset, end } of marks.spans) {
    const place = placeOf(u, onset, end ?? Number.POSITIVE_INFINITY)
    if (place !== null) u.ctx.fillRect(place.left, u.bbox.top, place.width, u.bbox.height)
  }
  u.ctx.restore()
}

/** Where nothing is known, hatched: lines for no value, dots for zero or silence, crossed lines for what is not judged. */
export function drawGaps(u: uPlot, marks: Marks): void {
  const { ctx } = u
  ctx.save()
  ctx.strokeStyle = marks.ink('--muted')
  ctx.fillStyle = marks.ink('--muted')
  ctx.lineWidth = devicePixelRatio
  for (const gap of marks.gaps) {
    const place = placeOf(u, gap.from, gap.until)
    if (place === null) continue
    ctx.save()
    ctx.beginPath()
    ctx.rect(place.left, u.bbox.top, place.width, u.bbox.height)
    ctx.clip()
    ctx.globalAlpha = 0.5
    if (gap.reading === 'ambiguous') dots(ctx, place, u.bbox)
    else hatch(ctx, place, u.bbox, 1)
    if (gap.reading === 'blind') hatch(ctx, place, u.bbox, -1)
    ctx.globalAlpha = 1
    if (place.width > LABEL_PX * devicePixelRatio) writeInside(ctx, marks.words.gap(gap), place, u.bbox, marks)
    ctx.restore()
  }
  ctx.restore()
}

/** The first onset in view as a labelled tick, the others as ticks alone, so that no label lies on another. */
export function drawOnsets(u: uPlot, marks: Marks): void {
  const { ctx, bbox } = u
  ctx.save()
  ctx.font = scaled(FONT)
  ctx.fillStyle = marks.ink('--alarm')
  ctx.strokeStyle = marks.ink('--alarm')
  ctx.lineWidth = devicePixelRatio
  let labelled = false
  for (const { onset, end } of marks.spans) {
    for (const at of end === null ? [onset] : [onset, end]) {
      const x = u.valToPos(at, 'x', true)
      if (x < bbox.left || x > bbox.left + bbox.width) continue
      ctx.beginPath()
      ctx.moveTo(x, bbox.top - 4 * devicePixelRatio)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
      if (labelled || at !== onset) continue
      labelled = true
      const text = marks.words.onset(at, marks.clock)
      const isLate = x + ctx.measureText(text).width > bbox.left + bbox.width
      ctx.textAlign = isLate ? 'right' : 'left'
      ctx.fillText(text, x, bbox.top - 9 * devicePixelRatio)
    }
  }
  ctx.restore()
}

/** The newest value with its age, at the right edge. */
export function drawLatest(u: uPlot, marks: Marks): void {
  const { columns, words, now } = marks
  const index = columns.drawn.findLastIndex((value) => value !== null)
  const [at, value] = [columns.at[index], columns.drawn[index]]
  if (at === undefined || value === undefined || value === null) return
  const x = u.valToPos(at, 'x', true)
  const { ctx, bbox } = u
  if (x < bbox.left || x > bbox.left + bbox.width) return
  const y = Math.max(bbox.top, u.valToPos(value, 'y', true))
  ctx.save()
  ctx.font = scaled(`600 ${FONT}`)
  ctx.fillStyle = marks.ink('--ink')
  ctx.beginPath()
  ctx.arc(x, y, 2.5 * devicePixelRatio, 0, 2 * Math.PI)
  ctx.fill()
  ctx.textAlign = 'left'
  const text = columns.measure === 'share' ? words.share(value) : String(value)
  ctx.fillText(text, bbox.left + bbox.width + 8 * devicePixelRatio, y + 4 * devicePixelRatio)
  if (now !== null) {
    ctx.font = scaled(FONT)
    ctx.fillStyle = marks.ink('--muted')
    const age = words.age(Math.max(0, now - at - columns.step))
    ctx.fillText(age, bbox.left + bbox.width + 8 * devicePixelRatio, y + 20 * devicePixelRatio)
  }
  ctx.restore()
}

interface Place {
  readonly left: number
  readonly width: number
}

function placeOf(u: uPlot, from: number, until: number): Place | null {
  const { left, width } = u.bbox
  const [min, max] = [u.scales['x']?.min ?? 0, u.scales['x']?.max ?? 0]
  if (until <= min || from >= max) return null
  const begin = Math.max(left, u.valToPos(Math.max(from, min), 'x', true))
  const end = Math.min(left + width, u.valToPos(Math.min(until, max), 'x', true))
  return { left: begin, width: Math.max(LEAST_PX * devicePixelRatio, end - begin) }
}

function hatch(ctx: CanvasRenderingContext2D, place: Place, box: uPlot.BBox, slope: 1 | -1): void {
  const step = HATCH_PX * devicePixelRatio
  ctx.beginPath()
  for (let x = place.left - box.height; x < place.left + place.width + box.height; x += step) {
    ctx.moveTo(x, slope === 1 ? box.top + box.height : box.top)
    ctx.lineTo(x + box.height, slope === 1 ? box.top : box.top + box.height)
  }
  ctx.stroke()
}

function dots(ctx: CanvasRenderingContext2D, place: Place, box: uPlot.BBox): void {
  const step = (HATCH_PX - 1) * devicePixelRatio
  for (let x = place.left; x < place.left + place.width; x += step) {
    for (let y = box.top; y < box.top + box.height; y += step) ctx.fillRect(x, y, devicePixelRatio, devicePixelRatio)
  }
}

/** A sentence in a wide gap, broken into lines, on paper so that it can be read over the hatching. */
function writeInside(ctx: CanvasRenderingContext2D, text: string, place: Place, box: uPlot.BBox, marks: Marks): void {
  ctx.font = scaled(FONT)
  const room = place.width - 16 * devicePixelRatio
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim()
    if (lines.length > 0 && ctx.measureText(longer).width <= room) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  const height = 16 * devicePixelRatio
  const [left, top] = [place.left + 8 * devicePixelRatio, box.top + 8 * devicePixelRatio]
  ctx.fillStyle = marks.ink('--paper')
  ctx.fillRect(left - 3 * devicePixelRatio, top, room, lines.length * height + 4 * devicePixelRatio)
  ctx.fillStyle = marks.ink('--ink')
  lines.forEach((line, index) => ctx.fillText(line, left, top + (index + 1) * height - 4 * devicePixelRatio))
}

function scaled(font: string): string {
  return font.replace(/(\d+)px/, (_, size: string) => `${Number(size) * devicePixelRatio}px`)
}

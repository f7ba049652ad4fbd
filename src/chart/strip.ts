import type { StripCell } from '../model/page.ts'
import { type ShareStep, shareStep } from './share-scale.ts'
import { attributes, element, escapeText, titleElement } from './svg.ts'

const CELL = 8
const HEIGHT = 20
/** Between cells, so that days can be counted. */
const GAP = 1
const HATCH_SIZE = 5

export interface Strip {
  /** Unique on its page; letters, digits and hyphens. */
  readonly id: string
  /** The whole strip in words. */
  readonly summary: string
  readonly cells: readonly StripCell[]
  /** Of one cell. */
  readonly title: (index: number) => string
  /** Of a stretch of days of one incident, the last one included. */
  readonly stretch: (from: number, to: number) => string
  /** Addresses of the incidents that cells point to. */
  readonly hrefs: readonly string[]
}

/**
 * One square a day. Quiet days are drawn as one line of squares, days without data hatched, days of an incident in the
 * colour of their worst share, each stretch of one incident as one link.
 */
export function dayStrip(strip: Strip): string {
  const width = strip.cells.length * CELL
  const indices = strip.cells.map((_, index) => index)
  const quiet = indices.filter((index) => strip.cells[index]?.status === 'quiet')
  const unknown = indices.filter((index) => strip.cells[index]?.status === 'no-data')
  const hatchId = `${strip.id}-hatch`
  return [
    `<svg${attributes({
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      class: 'strip',
      role: 'group',
      'aria-label': strip.summary,
    })}>`,
    ...(unknown.length === 0 ? [] : [element('defs', {}, hatch(hatchId))]),
    ...(quiet.length === 0 ? [] : [quietDays(quiet)]),
    ...(unknown.length === 0
      ? []
      : [element('path', { class: 'day none', d: squares(unknown), fill: `url(#${hatchId})` })]),
    ...stretches(strip.cells).map((stretch) => link(strip, stretch)),
    '</svg>',
  ].join('')
}

/** All in one dashed line: hundreds of quiet days must not weigh more than the days that matter. */
function quietDays(indices: readonly number[]): string {
  const runs: { from: number; to: number }[] = []
  for (const index of indices) {
    const last = runs.at(-1)
    if (last !== undefined && last.to === index - 1) last.to = index
    else runs.push({ from: index, to: index })
  }
  return element('path', {
    class: 'day quiet',
    d: runs.map(({ from, to }) => `M${from * CELL} ${HEIGHT / 2}H${(to + 1) * CELL - GAP}`).join(''),
    stroke: 'currentColor',
    'stroke-width': HEIGHT,
    'stroke-dasharray': `${CELL - GAP} ${GAP}`,
  })
}

interface Stretch {
  readonly from: number
  readonly to: number
  readonly incident: number | null
}

function stretches(cells: readonly StripCell[]): readonly Stretch[] {
  const found: Stretch[] = []
  for (const [index, cell] of cells.entries()) {
    if (cell.status !== 'incident') continue
    const last = found.at(-1)
    if (last !== undefined && last.to === index - 1 && last.incident === cell.incident) {
      found[found.length - 1] = { ...last, to: index }
    } else {
      found.push({ from: index, to: index, incident: cell.incident })
    }
  }
  return found
}

function link(strip: Strip, stretch: Stretch): string {
  const days = strip.cells.slice(stretch.from, stretch.to + 1).map((cell, offset) => {
    const index = stretch.from + offset
    return element('path', { class: `day step-${stepOf(cell)}`, d: squares([index]) }, titleElement(strip.title(index)))
  })
  const href = stretch.incident === null ? undefined : strip.hrefs[stretch.incident]
  if (href === undefined) return days.join('')
  return `<a href="${escapeText(href)}" aria-label="${escapeText(strip.stretch(stretch.from, stretch.to))}">${days.join('')}</a>`
}

/** An incident whose depth nobody can say is drawn as a middling one, never as nothing. */
function stepOf(cell: StripCell): ShareStep {
  if (cell.share === null) return 3
  const step = shareStep(cell.share)
  return step === 0 ? 1 : step
}

/** Neighbours are drawn apart; consecutive ones with one command each. */
function squares(indices: readonly number[]): string {
  return indices.map((index) => `M${index * CELL} 0h${CELL - GAP}v${HEIGHT}h${GAP - CELL}z`).join('')
}

function hatch(id: string): string {
  return element(
    'pattern',
    {
      id,
      width: HATCH_SIZE,
      height: HATCH_SIZE,
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    },
    element('path', { class: 'hatch', d: `M0 0V${HATCH_SIZE}`, stroke: 'currentColor', 'stroke-width': 2 }),
  )
}

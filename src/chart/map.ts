import type { IncidentKind } from '../model/incident.ts'
import type { MapGeometry } from '../model/map.ts'
import { KIND_SHAPES, MARK_SIZE } from './marks.ts'
import { SHARE_COLOURS, shareStep } from './share-scale.ts'
import { attributes, element, escapeText, titleElement } from './svg.ts'
import { type ThemeName, THEMES } from './theme.ts'

/** A country as the map shows it. */
export interface MapCountry {
  /** ISO 3166-1 alpha-2, or XK. */
  readonly code: string
  /** Share of usual; `null` = it cannot be said (not watched, too little data, we are blind): hatched. */
  readonly share: number | null
  /** Of its open incident; `null` for none. */
  readonly kind: IncidentKind | null
  /** Name, share and what is wrong, in a sentence. */
  readonly title: string
  readonly href: string
}

export interface WorldMap {
  readonly title: string
  readonly description: string
  readonly countries: readonly MapCountry[]
  /** Of a shape that is nobody's, by its name. */
  readonly disputed: (name: string) => string
}

const DOT_RADIUS = 7
/** Marks are drawn this many times their own size. */
const MARK_SCALE = 1.9
const HATCH = 'map-hatch'
const HATCH_SIZE = 12

/**
 * The world, each country in the colour of its share of usual and with the mark of what is wrong. A picture that
 * stands alone in one theme; classes and `data-` attributes let a page style and steer it once it is part of one.
 */
export function worldMap(map: WorldMap, geometry: MapGeometry, themeName: ThemeName): string {
  const theme = THEMES[themeName]
  const marked = map.countries.filter((country) => country.kind !== null)
  return [
    `<svg${attributes({
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${geometry.width} ${geometry.height}`,
      width: geometry.width,
      height: geometry.height,
      class: 'map',
      role: 'group',
      'aria-label': map.title,
    })}>`,
    `<desc>${escapeText(map.description)}</desc>`,
    element('defs', {}, hatch(theme.muted, theme.paper)),
    `<g${attributes({ class: 'countries', stroke: theme.muted, 'stroke-width': 0.9, 'stroke-linejoin': 'round' })}>`,
    ...map.countries.map((country) => countryShape(country, geometry, themeName)),
    '</g>',
    `<g${attributes({ class: 'disputed', fill: `url(#${HATCH})`, stroke: theme.muted, 'stroke-dasharray': '4 4' })}>`,
    ...geometry.disputed.map((area) => element('path', { d: area.path }, titleElement(map.disputed(area.name)))),
    '</g>',
    `<g${attributes({ class: 'marks', stroke: theme.paper, 'pointer-events': 'none' })}>`,
    ...marked.map((country) => mark(country, geometry, theme.ink)),
    '</g>',
    '</svg>',
  ].join('')
}

function countryShape(country: MapCountry, geometry: MapGeometry, theme: ThemeName): string {
  const shape = geometry.shapes[country.code]
  const dot = geometry.dots[country.code]
  if (shape === undefined && dot === undefined) return ''
  const step = country.share === null ? null : shareStep(country.share)
  const fill = step === null ? `url(#${HATCH})` : SHARE_COLOURS[theme][step]
  return element(
    'a',
    {
      href: country.href,
      id: `map-${country.code}`,
      class: `country step-${step ?? 'none'}`,
      'data-code': country.code,
      ...(country.kind === null ? {} : { 'data-kind': country.kind }),
      fill,
    },
    titleElement(country.title),
    ...(shape === undefined ? [] : [element('path', { d: shape })]),
    ...(dot === undefined ? [] : [circle(dot, THEMES[theme].muted)]),
  )
}

function circle([cx, cy]: readonly [number, number], stroke: string): string {
  return element('circle', { cx, cy, r: DOT_RADIUS, stroke })
}

function mark(country: MapCountry, geometry: MapGeometry, ink: string): string {
  const at = geometry.marks[country.code] ?? geometry.dots[country.code]
  if (at === undefined || country.kind === null) return ''
  const [x, y] = at
  const half = (MARK_SIZE * MARK_SCALE) / 2
  const { path, isLine } = KIND_SHAPES[country.kind]
  const transform = `translate(${x - half} ${y - half}) scale(${MARK_SCALE})`
  return element(
    'g',
    { class: `map-mark ${country.kind}`, 'data-code': country.code, transform, 'stroke-linejoin': 'round' },
    element('path', { d: path, 'stroke-width': isLine ? 6 : 3.5, fill: isLine ? 'none' : ink }),
    isLine
      ? element('path', { class: 'line', d: path, 'stroke-width': 2.5, fill: 'none', stroke: ink })
      : element('path', { d: path, fill: ink, 'fill-rule': 'evenodd', stroke: 'none' }),
  )
}

function hatch(line: string, ground: string): string {
  return element(
    'pattern',
    {
      id: HATCH,
      width: HATCH_SIZE,
      height: HATCH_SIZE,
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    },
    element('path', { class: 'ground', d: `M0 0h${HATCH_SIZE}v${HATCH_SIZE}H0z`, fill: ground, stroke: 'none' }),
    element('path', {
      class: 'hatch',
      d: `M3 0v${HATCH_SIZE}`,
      stroke: line,
      'stroke-width': 3,
      'stroke-opacity': 0.55,
    }),
  )
}

/*
 * Makes data/map/world.json, once: country shapes in equal-earth projection, as compact paths. What is drawn how, and
 * why these boundaries, is docs/MAP.md.
 *
 *   npm pack plotly.js@3.7.0 && tar xzf plotly.js-3.7.0.tgz package/dist/plotly-geo-assets.js
 *   node scripts/map.mjs package/dist/plotly-geo-assets.js
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { iso31661 } from 'iso-3166'

const WIDTH = 2000
/** South of it lies Antarctica, which nobody lives in. */
const SOUTH = -56.5
const NORTH = 83.7
/** Twice the area, in units of the drawing, of a corner that nobody misses. */
const LEAST_CORNER = 5
/** A country that is drawn smaller than this, in units squared, gets a dot besides. */
const LEAST_AREA = 70
/** Islets further than this from their country's others are kept only where they are this large. */
const LEAST_ISLET = 14

/** Parts that more than one state claims, or none (Bir Tawil): shapes of their own, nobody's. */
const DISPUTED = {
  XJK: 'Jammu and Kashmir',
  XAC: 'Aksai Chin',
  XAP: 'Arunachal Pradesh',
  XBT: 'Bir Tawil',
  XHT: 'Hala’ib Triangle',
  XIT: 'Ilemi Triangle',
}

/** Without a shape of their own in the source: longitude and latitude of the place that stands for them. */
const ADDED_DOTS = { XK: [20.9, 42.6], IO: [72.42, -7.31], SM: [12.46, 43.94], VA: [12.45, 41.9], WF: [-176.2, -13.3] }

const [, , file] = process.argv
if (file === undefined) {
  console.error('usage: node scripts/map.mjs path/to/plotly-geo-assets.js')
  process.exit(2)
}
const window = {}
runInNewContext(readFileSync(file, 'utf8'), { window, self: window })
const { topojson } = window.Plotly
const coarse = topojson.world_110m
const fine = topojson.world_50m

const codes = new Map(iso31661.map((entry) => [entry.alpha3, entry.alpha2]))

/** Equal Earth, Šavrič, Patterson and Jenny 2018. Degrees to a plane of about ±2.7 × ±1.3. */
function project([longitude, latitude]) {
  const [a1, a2, a3, a4] = [1.340264, -0.081106, 0.000893, 0.003796]
  const root3 = Math.sqrt(3)
  const theta = Math.asin((root3 / 2) * Math.sin((latitude * Math.PI) / 180))
  const t2 = theta * theta
  const t6 = t2 * t2 * t2
  const lambda = (longitude * Math.PI) / 180
  return [
    (2 * root3 * lambda * Math.cos(theta)) / (3 * (a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2))),
    theta * (a1 + a2 * t2 + t6 * (a3 + a4 * t2)),
  ]
}

const [east] = project([180, 0])
const [, top] = project([0, NORTH])
const [, bottom] = project([0, SOUTH])
const scale = WIDTH / (2 * east)
const HEIGHT = Math.round((top - bottom) * scale)

function place(point) {
  const [x, y] = project(point)
  return [Math.round((x + east) * scale), Math.round((top - y) * scale)]
}

/** Each arc is simplified once, so that neighbours keep one border. */
function arcsOf(topology) {
  const { scale: [sx, sy], translate: [tx, ty] } = topology.transform // prettier-ignore
  return topology.arcs.map((arc) => {
    let [x, y] = [0, 0]
    const points = arc.map(([dx, dy]) => {
      x += dx
      y += dy
      return place([x * sx + tx, Math.max(y * sy + ty, SOUTH)])
    })
    return simplified(points)
  })
}

/** Visvalingam: takes the corner with the smallest triangle away until none is smaller than the least. */
function simplified(points) {
  const kept = points.filter(([x, y], index) => index === 0 || x !== points[index - 1][0] || y !== points[index - 1][1])
  for (;;) {
    let least = LEAST_CORNER
    let at = -1
    for (let index = 1; index < kept.length - 1; index += 1) {
      const area = Math.abs(twiceArea(kept[index - 1], kept[index], kept[index + 1]))
      if (area < least) {
        least = area
        at = index
      }
    }
    if (at === -1) return kept
    kept.splice(at, 1)
  }
}

function twiceArea([ax, ay], [bx, by], [cx, cy]) {
  return (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
}

function ringArea(ring) {
  let sum = 0
  for (let index = 0; index < ring.length; index += 1) {
    const [ax, ay] = ring[index]
    const [bx, by] = ring[(index + 1) % ring.length]
    sum += ax * by - bx * ay
  }
  return Math.abs(sum) / 2
}

function ringsOf(geometry, arcs) {
  const polygons = geometry.type === 'Polygon' ? [geometry.arcs] : geometry.arcs
  return polygons.flatMap((polygon) =>
    polygon.flatMap((ring) =>
      cutAtAntimeridian(
        ring.flatMap((number, index) => {
          const arc = number < 0 ? [...arcs[~number]].reverse() : arcs[number]
          return index === 0 ? arc : arc.slice(1)
        }),
      ),
    ),
  )
}

/** A ring that leaves the drawing at one side and comes in at the other is two rings, or a line crosses the world. */
function cutAtAntimeridian(ring) {
  const pieces = [[]]
  for (const [index, point] of ring.entries()) {
    if (index > 0 && Math.abs(point[0] - ring[index - 1][0]) > WIDTH / 2) pieces.push([])
    pieces.at(-1).push(point)
  }
  if (pieces.length === 1) return [ring]
  const [first, ...rest] = pieces
  const last = rest.pop()
  return [...rest, [...last, ...first.slice(1)]].map((piece) => [...piece, piece[0]])
}

function path(rings) {
  return rings
    .map((ring) => {
      let [x, y] = ring[0]
      const steps = ring.slice(1, -1).map(([toX, toY]) => {
        const step = [toX - x, toY - y]
        ;[x, y] = [toX, toY]
        return step
      })
      const text = steps.flat().reduce((line, value) => `${line}${value < 0 || line === '' ? '' : ' '}${value}`, '')
      return `M${ring[0][0]} ${ring[0][1]}l${text}z`
    })
    .join('')
}

const arcs = arcsOf(coarse)
const byId = new Map()
for (const geometry of coarse.objects.countries.geometries) {
  const rings = byId.get(geometry.id) ?? []
  byId.set(geometry.id, [...rings, ...ringsOf(geometry, arcs)])
}

const centres = new Map()
for (const geometry of fine.objects.countries.geometries) {
  if (!centres.has(geometry.id)) centres.set(geometry.id, geometry.properties.ct)
}

const shapes = {}
const dots = {}
const disputed = []
for (const [id, all] of byId) {
  if (id === 'ATA') continue
  const whole = all.filter((ring) => ring.length > 3)
  const largest = Math.max(0, ...whole.map(ringArea))
  const rings = whole.filter((ring) => ringArea(ring) >= Math.min(LEAST_ISLET, largest))
  if (DISPUTED[id] !== undefined) {
    disputed.push({ id, name: DISPUTED[id], path: path(rings) })
    continue
  }
  const code = codes.get(id)
  if (code === undefined) throw new Error(`no country code for ${id}`)
  if (rings.length > 0) shapes[code] = path(rings)
  if (rings.reduce((sum, ring) => sum + ringArea(ring), 0) < LEAST_AREA) dots[code] = place(centres.get(id))
}
for (const [id, centre] of centres) {
  const code = codes.get(id)
  if (code !== undefined && code !== 'AQ' && shapes[code] === undefined) dots[code] = place(centre)
}
for (const [code, centre] of Object.entries(ADDED_DOTS)) dots[code] = place(centre)

/** Where the mark of an incident stands. */
const marks = {}
for (const code of Object.keys(shapes)) {
  const [id] = [...codes].find(([, alpha2]) => alpha2 === code)
  marks[code] = place(centres.get(id))
}

const sorted = (record) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
const world = {
  source: 'plotly.js 3.7.0, dist/plotly-geo-assets.js (world_110m; centres of small states from world_50m)',
  attribution: 'Boundaries: plotly.js (MIT licence), after maps of the United Nations',
  policy: 'docs/MAP.md',
  projection: 'Equal Earth',
  width: WIDTH,
  height: HEIGHT,
  disputed: disputed.sort((a, b) => (a.id < b.id ? -1 : 1)),
  dots: sorted(dots),
  marks: sorted(marks),
  shapes: sorted(shapes),
}
writeFileSync(
  new URL('../data/map/world.json', import.meta.url),
  `${JSON.stringify(world, null, 1).replace(/\[\s+(-?\d+),\s+(-?\d+)\s+\]/g, '[$1, $2]')}\n`,
)
const drawn = new Set([...Object.keys(shapes), ...Object.keys(dots)])
console.log(`${Object.keys(shapes).length} shapes, ${Object.keys(dots).length} dots, height ${HEIGHT}`)
console.log(
  `not drawn: ${[...codes.values()]
    .filter((code) => !drawn.has(code))
    .sort()
    .join(' ')}`,
)

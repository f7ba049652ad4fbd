import { describe, expect, it } from 'vitest'
import { countryCodes } from './iso.ts'
import { worldGeometry } from './map.ts'

const world = worldGeometry()

/** Rings of a path of `M`, relative `l` and `z`, which is all that the file holds. */
function rings(path: string): readonly (readonly (readonly [number, number])[])[] {
  return [...path.matchAll(/M([^l]+)l([^z]*)z/g)].map(([, start = '', steps = '']) => {
    const numbers = (text: string): number[] => (text.match(/-?\d+/g) ?? []).map(Number)
    let [x = 0, y = 0] = numbers(start)
    const points: [number, number][] = [[x, y]]
    const deltas = numbers(steps)
    for (let index = 0; index + 1 < deltas.length; index += 2) {
      x += deltas[index] ?? 0
      y += deltas[index + 1] ?? 0
      points.push([x, y])
    }
    return points
  })
}

/** Even-odd, as a path is filled. */
function contains(path: string, [px, py]: readonly [number, number]): boolean {
  let inside = false
  for (const ring of rings(path)) {
    for (let index = 0; index < ring.length; index += 1) {
      const [ax, ay] = ring[index] ?? [0, 0]
      const [bx, by] = ring[(index + 1) % ring.length] ?? [0, 0]
      if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside
    }
  }
  return inside
}

/** Equal Earth, by its published polynomial, into the drawing. */
function place(longitude: number, latitude: number): readonly [number, number] {
  const project = (lon: number, lat: number): readonly [number, number] => {
    const theta = Math.asin((Math.sqrt(3) / 2) * Math.sin((lat * Math.PI) / 180))
    const t2 = theta ** 2
    const t6 = theta ** 6
    const lambda = (lon * Math.PI) / 180
    return [
      (2 * Math.sqrt(3) * lambda * Math.cos(theta)) /
        (3 * (1.340264 - 3 * 0.081106 * t2 + t6 * (7 * 0.000893 + 9 * 0.003796 * t2))),
      theta * (1.340264 - 0.081106 * t2 + t6 * (0.000893 + 0.003796 * t2)),
    ]
  }
  const [east] = project(180, 0)
  const [, top] = project(0, 83.7)
  const scale = world.width / (2 * east)
  const [x, y] = project(longitude, latitude)
  return [(x + east) * scale, (top - y) * scale]
}

function countryAt(longitude: number, latitude: number): readonly string[] {
  const point = place(longitude, latitude)
  return Object.entries(world.shapes)
    .filter(([, path]) => contains(path, point))
    .map(([code]) => code)
}

describe('the shapes of the world', () => {
  it.each([
    ['Simferopol', 34.1, 45.1, 'UA'],
    ['Kyiv', 30.5, 50.4, 'UA'],
    ['Moscow', 37.6, 55.8, 'RU'],
    ['Smara in Western Sahara', -11.7, 26.7, 'EH'],
    ['Taichung', 120.9, 24.1, 'TW'],
    ['Tehran', 51.4, 35.7, 'IR'],
    ['Astana', 71.4, 51.1, 'KZ'],
    ['Brasília', -47.9, -15.8, 'BR'],
    ['Alice Springs', 133.9, -23.7, 'AU'],
    ['Anadyr, beyond which the drawing is cut', 177.5, 66, 'RU'],
    ['Chukotka on the other side of the cut', -175, 66.8, 'RU'],
  ])('draw %s in one country', (_, longitude, latitude, code) => {
    expect(countryAt(longitude, latitude)).toEqual([code])
  })

  it('colour disputed areas as nobody’s', () => {
    expect(countryAt(75.5, 34.5)).toEqual([])
    const point = place(75.5, 34.5)
    expect(world.disputed.filter((area) => contains(area.path, point)).map((area) => area.name)).toEqual([
      'Jammu and Kashmir',
    ])
  })

  it('give Kosovo a dot of its own', () => {
    const [x, y] = world.dots['XK'] ?? [0, 0]
    const [px, py] = place(20.9, 42.6)
    expect(Math.hypot(x - px, y - py)).toBeLessThan(2)
    expect(world.shapes['XK']).toBeUndefined()
  })

  it('leave out nobody but Antarctica and outlying islands', () => {
    const missing = countryCodes().filter((code) => world.shapes[code] === undefined && world.dots[code] === undefined)
    expect(missing.sort()).toEqual(['AQ', 'UM'])
  })

  it('have a place for the mark of every country', () => {
    const unmarked = Object.keys(world.shapes).filter((code) => world.marks[code] === undefined)
    expect(unmarked).toEqual([])
    for (const [x, y] of [...Object.values(world.marks), ...Object.values(world.dots)]) {
      expect(x >= 0 && x <= world.width && y >= 0 && y <= world.height).toBe(true)
    }
  })

  it('have no line across the world: none leaves the drawing on one side and comes in on the other', () => {
    const long = Object.entries(world.shapes).filter(([, path]) =>
      rings(path).some((ring) =>
        ring.some((point, index) => Math.abs(point[0] - (ring[index - 1] ?? point)[0]) > world.width / 2),
      ),
    )
    expect(long.map(([code]) => code)).toEqual([])
  })
})

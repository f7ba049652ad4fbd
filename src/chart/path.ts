import { tenth } from './svg.ts'

/** A point of a picture, or `null` where a line breaks. */
export type Place = readonly [x: number, y: number] | null

/** A line through the points, broken where there is none; a point by itself is closed, so that it shows. */
export function linePath(places: readonly Place[]): string {
  let path = ''
  let run = 0
  for (const place of places) {
    if (place === null) {
      if (run === 1) path += 'Z'
      run = 0
      continue
    }
    path += `${run === 0 ? 'M' : 'L'}${tenth(place[0])},${tenth(place[1])}`
    run += 1
  }
  return run === 1 ? `${path}Z` : path
}

/** Where a band reaches at one place, from `low` to `high`; `null` where it breaks. */
export type Reach = readonly [x: number, low: number, high: number] | null

/** A closed shape for each unbroken part of a band: along its upper edge, and back along the lower one. */
export function bandPath(reaches: readonly Reach[]): string {
  let path = ''
  let back = ''
  for (const reach of reaches) {
    if (reach === null) {
      if (back !== '') path += `${back}Z`
      back = ''
      continue
    }
    const x = tenth(reach[0])
    path += `${back === '' ? 'M' : 'L'}${x},${tenth(reach[2])}`
    back = `L${x},${tenth(reach[1])}${back}`
  }
  return back === '' ? path : `${path}${back}Z`
}

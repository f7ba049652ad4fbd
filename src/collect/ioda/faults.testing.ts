import { HOUR, MINUTE } from '../../model/time.ts'

/**
 * What can go wrong with an upstream.
 *
 * `unreachable`: connections are cut. `hangs`: no answer ever. `refuses`: 429 with `Retry-After`; `refuses-silently`:
 * without. `unavailable`: 503. `errs`: 500. `half-body`: the connection breaks inside the JSON. `no-json`: a page in
 * HTML with status 200. `changed-field`: `values` is called `data`. `empty`: an empty list. `frozen`: no bin after the
 * fault began. `stuck`: bins come, each with the value of the bin in which the fault began. `sagging`: for two thirds of
 * the entities bins since the fault began hold 30 % of their count, or as much more latency and loss. `wrong-clock`: the clock is off
 * by `offsetSeconds`, with `shiftsBins` the bins too. `half-missing`: every other entity is left out. `half-null`: every
 * other entity has `null` only. `down-samples`: spans longer than `longestSeconds` come in coarser steps. `lists-refused`:
 * 400 for more than one entity. `lists-ignored`: only the first entity of a list is answered.
 */
export type FaultKind = (typeof FAULT_KINDS)[number]

export const FAULT_KINDS = [
  'unreachable',
  'hangs',
  'refuses',
  'refuses-silently',
  'unavailable',
  'errs',
  'half-body',
  'no-json',
  'changed-field',
  'empty',
  'frozen',
  'stuck',
  'sagging',
  'wrong-clock',
  'half-missing',
  'half-null',
  'down-samples',
  'lists-refused',
  'lists-ignored',
] as const

/** A fault lasts from `from` up to and without `until`, for requests that come then. */
export interface Fault {
  readonly kind: FaultKind
  readonly from: number
  readonly until: number
  /** Only this data source; absent: all, and the lists of entities too. */
  readonly dataSource?: string
  /** `refuses`: how long `Retry-After` says. */
  readonly retryAfterSeconds?: number
  readonly offsetSeconds?: number
  readonly shiftsBins?: boolean
  readonly longestSeconds?: number
}

/** Those that a source can notice by itself and come back from with nothing lost: what looks like data is not among them. */
export const NOTICEABLE: readonly FaultKind[] = FAULT_KINDS.filter((kind) => kind !== 'stuck' && kind !== 'sagging')

/**
 * One fault of each kind after another in random order, again and again, each lasting from 10 minutes to 3 hours, with
 * pauses of 1 to 6 hours between them.
 *
 * @param random 0 ≤ x < 1; the same numbers give the same plan.
 */
export function faultPlan(
  random: () => number,
  kinds: readonly FaultKind[],
  from: number,
  until: number,
): readonly Fault[] {
  const plan: Fault[] = []
  let at = from + Math.floor(random() * HOUR)
  let bag: FaultKind[] = []
  while (at < until) {
    if (bag.length === 0) bag = [...kinds]
    const [kind] = bag.splice(Math.floor(random() * bag.length), 1)
    if (kind === undefined) break
    const end = at + 10 * MINUTE + Math.floor(random() * 170 * MINUTE)
    const back = random() < 0.5 ? -1 : 1
    plan.push({
      kind,
      from: at,
      until: Math.min(end, until),
      retryAfterSeconds: 60 + Math.floor(random() * 1740),
      offsetSeconds: back * (2 + Math.floor(random() * 10)) * 30 * MINUTE,
      shiftsBins: random() < 0.5,
      longestSeconds: (3 + Math.floor(random() * 12)) * HOUR,
    })
    at = end + HOUR + Math.floor(random() * 5 * HOUR)
  }
  return plan
}

import type { UnixSeconds } from '../model/brand.ts'
import type { DarkPrefix, IpFamily, Loss } from '../model/going-dark.ts'
import { binStart, MINUTE } from '../model/time.ts'
import { blockRange } from './blocks.ts'

/** What was there before anything went; `null` = not counted by us. */
export interface Before {
  readonly blocks: number | null
  readonly prefixes: number | null
}

/** Share of the blocks from which on they count as gone, or as back. */
const MOST = 0.9
const BIN = (5 * MINUTE) as typeof MINUTE
const LONG_AGO = Number.NEGATIVE_INFINITY

/** How many distinct blocks were gone from an instant on, until the next step. */
interface Step {
  readonly at: number
  readonly gone: number
}

/**
 * What the prefixes of one network and family amount to.
 *
 * A block is gone when all of the prefixes that cover it, of those that ever went, are gone: a /16 that goes while its
 * /24s stand has lost what no /24 covers. A prefix that never went and covers it is not known here, so that `blocksLost`
 * is the most that can have gone.
 *
 * @returns `null` for no prefixes.
 */
export function lossOf(family: IpFamily, prefixes: readonly DarkPrefix[], before: Before): Loss | null {
  if (prefixes.length === 0) return null
  const steps = stepsOf(prefixes)
  const lostAt = prefixes.flatMap(({ spells }) => spells.map(({ lost }) => lost ?? LONG_AGO))
  const first = lostAt.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY)
  const blocksLost = steps.reduce((most, { gone }) => Math.max(most, gone), 0)
  const worst = steps.findIndex(({ gone }) => gone === blocksLost)
  const isCounted = before.blocks !== null && before.blocks > 0
  const base = isCounted ? before.blocks : blocksLost
  const most = base > 0 ? steps.find(({ gone }) => gone >= MOST * base) : undefined
  const back = blocksLost === 0 ? undefined : steps.slice(worst).find(({ gone }) => gone <= (1 - MOST) * blocksLost)
  const returns = prefixes.flatMap(({ spells }) => spells.flatMap(({ returned }) => returned ?? []))
  const worstAt = steps[worst]?.at ?? first
  const firstBack = returns.filter((at) => at > worstAt).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  // Of prefixes that hold no block there is nothing to weigh: they are back when all are.
  const isAllBack = prefixes.every(({ spells }) => spells.every(({ returned }) => returned !== null))
  const lastBack = returns.reduce((a, b) => Math.max(a, b), LONG_AGO)
  const firstLost = instantOrNull(first)
  return {
    family,
    prefixesLost: prefixes.length,
    prefixesBefore: before.prefixes,
    blocksLost,
    blocksBefore: before.blocks,
    firstLost,
    firstLostBin: firstLost === null ? null : binStart(firstLost, BIN, 0 as typeof MINUTE),
    mostLost: instantOrNull(most?.at ?? LONG_AGO),
    mostOf: isCounted ? 'visible' : 'lost',
    firstBack: instantOrNull(firstBack),
    mostBack: blocksLost === 0 ? (isAllBack ? instantOrNull(lastBack) : null) : instantOrNull(back?.at ?? LONG_AGO),
  }
}

function instantOrNull(at: number): UnixSeconds | null {
  return Number.isFinite(at) ? (at as UnixSeconds) : null
}

/** The number of blocks that are gone, each counted once, whenever it changes. */
function stepsOf(prefixes: readonly DarkPrefix[]): readonly Step[] {
  const ranges = prefixes.map(({ prefix }) => blockRange(prefix))
  const edges = Float64Array.from(
    new Set(ranges.flatMap((range) => (range === null || range.from === range.until ? [] : [range.from, range.until]))),
  ).sort()
  const place = new Map([...edges].map((edge, index) => [edge, index]))
  /** Of each stretch between two edges: how many prefixes cover it, and how many of those are gone. */
  const covering = new Uint32Array(edges.length)
  const away = new Uint32Array(edges.length)
  const stretches = ranges.map((range) =>
    range === null || range.from === range.until
      ? ([0, 0] as const)
      : ([place.get(range.from) ?? 0, place.get(range.until) ?? 0] as const),
  )
  for (const [from, until] of stretches) for (let at = from; at < until; at += 1) covering[at]! += 1

  const changes = prefixes
    .flatMap(({ spells }, index) =>
      spells.flatMap(({ lost, returned }) => [
        { at: lost ?? LONG_AGO, index, by: 1 },
        ...(returned === null ? [] : [{ at: returned as number, index, by: -1 }]),
      ]),
    )
    .sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1))
  const steps: Step[] = []
  let gone = 0
  for (const [index, change] of changes.entries()) {
    const [from, until] = stretches[change.index]!
    for (let at = from; at < until; at += 1) {
      const size = edges[at + 1]! - edges[at]!
      if (change.by > 0) {
        away[at]! += 1
        if (away[at] === covering[at]) gone += size
      } else {
        if (away[at] === covering[at]) gone -= size
        away[at]! -= 1
      }
    }
    if (changes[index + 1]?.at !== change.at) steps.push({ at: change.at, gone })
  }
  return steps
}

import type { Darkness, Departure, Scenario } from './scenario.ts'
import type { World } from './world.ts'

const BIN = 300

/** What is in an archive, and what should be counted from it. Beside the archive as truth.json. */
export interface Truth {
  /** What made it; another version is made anew. */
  readonly version: number
  readonly seed: number
  /** Name of its size. */
  readonly size: string
  readonly peers: number
  readonly fullPeers: number
  readonly prefixes: number
  readonly ribEntries: number
  readonly ribBytes: number
  readonly updateMessages: number
  readonly updateBytes: number
  /** UTC seconds. */
  readonly start: number
  readonly until: number
  readonly darkAt: number
  readonly lightAt: number
  /** Of the country as long as nothing happens. */
  readonly country: {
    readonly code: string
    readonly prefixes4: number
    readonly prefixes6: number
    readonly slash24s: number
    readonly slash48s: number
  }
  /** Exact prefixes of the country that more than half of the full peers carry at the end of bins of which it is not all. */
  readonly bins: readonly { readonly bin: number; readonly prefixes4: number; readonly prefixes6: number }[]
  /** In the order of going dark. */
  readonly departures: readonly Departure[]
  readonly resets: readonly {
    readonly peer: string
    readonly asn: number
    readonly down: number
    readonly up: number
    readonly how: 'cease' | 'abort'
  }[]
  /** Seconds that it took. */
  readonly tookSeconds: number
}

/** Allocations are apart from one another, and all IPv6 is announced as its /32: blocks are counted without overlaps. */
export function countCountry(world: World): Truth['country'] {
  const { prefixes } = world
  const slash24s = new Set<number>()
  let slash48s = 0
  let prefixes4 = 0
  let prefixes6 = 0
  for (const { country, first, until } of world.origins) {
    if (country !== 'KZ') continue
    for (let prefix = first; prefix < until; prefix += 1) {
      const [length = 0, a = 0, b = 0, c = 0] = prefixes.nlri(prefix)
      if (prefixes.family[prefix] === 6) {
        prefixes6 += 1
        if (length === 32) slash48s += 2 ** 16
        continue
      }
      prefixes4 += 1
      const block = a * 65_536 + b * 256 + c
      for (let n = 0; n < 2 ** (24 - length); n += 1) slash24s.add(block + n)
    }
  }
  return { code: 'KZ', prefixes4, prefixes6, slash24s: slash24s.size, slash48s }
}

export function binsOfDarkness(world: World, scenario: Scenario, { fates }: Darkness): Truth['bins'] {
  const bins: Truth['bins'][number][] = []
  for (let bin = scenario.start; bin < scenario.start + scenario.bins * BIN; bin += BIN) {
    const end = bin + BIN
    const standing = fates.filter(({ lost, returned }) => end <= lost || end > returned)
    if (standing.length === fates.length) continue
    const prefixes6 = standing.filter(({ prefix }) => world.prefixes.family[prefix] === 6).length
    bins.push({ bin, prefixes4: standing.length - prefixes6, prefixes6 })
  }
  return bins
}

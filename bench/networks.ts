/**
 * How fast networks are looked up: longest-prefix match over a million prefixes of each family, and the statistics of all
 * registries (half a million lines, made up) from bytes to a map. `npx tsx bench/networks.ts`. Best of five runs, in
 * seconds of the processor: what else the machine does is left out, but for its share of the caches.
 */
import { decodeDelegated } from '../src/collect/netdata/delegated.ts'
import type { UnixSeconds } from '../src/model/brand.ts'
import { buildNetworkMap } from '../src/netdata/networks/build.ts'
import { REGISTRIES } from '../src/netdata/networks/delegations.ts'
import { buildLpm } from '../src/netdata/networks/lpm.ts'
import { createPrefixList, type PrefixList } from '../src/netdata/networks/prefix-columns.ts'
import { formatIpv4, formatIpv6 } from '../src/wire/prefix.ts'

const PREFIXES = 1_000_000
const LOOKUPS = 5_000_000
const LINES_EACH = 100_000
const RUNS = 5

let state = 1
/** Numbers that are the same in every run. */
const next = (): number => (state = (Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d) + 0x9e37_79b9) >>> 0)
const upTo = (most: number): number => next() % most

/** Lengths as in a full table: three of five are /24, the rest above them. */
function ipv4Table(): PrefixList {
  const list = createPrefixList()
  for (let i = 0; i < PREFIXES; i += 1) {
    const length = upTo(5) < 3 ? 24 : 12 + upTo(12)
    list.add(0x0100_0000 + upTo(0xdf00_0000), 0, 0, 0, length)
  }
  return list
}

function ipv6Table(): PrefixList {
  const list = createPrefixList()
  for (let i = 0; i < PREFIXES; i += 1) {
    const length = upTo(2) === 0 ? 48 : 29 + upTo(19)
    list.add((0x2000_0000 | upTo(0x1000_0000)) >>> 0, next(), 0, 0, length)
  }
  return list
}

function best<T>(run: () => T): { readonly ms: number; readonly value: T } {
  let ms = Infinity
  let value = run()
  for (let i = 0; i < RUNS; i += 1) {
    const from = process.cpuUsage()
    value = run()
    const used = process.cpuUsage(from)
    ms = Math.min(ms, (used.user + used.system) / 1000)
  }
  return { ms, value }
}

function say(what: string, ms: number, per: number, unit: string): void {
  console.log(
    `${what.padEnd(44)} ${ms.toFixed(0).padStart(6)} ms  ${(per / ms / 1000).toFixed(1).padStart(6)} M ${unit}/s`,
  )
}

for (const [family, table] of [
  [4, ipv4Table()],
  [6, ipv6Table()],
] as const) {
  const built = best(() => buildLpm(table))
  say(`IPv${family}: build of ${PREFIXES} prefixes`, built.ms, PREFIXES, 'prefixes')
  const asked0 = Uint32Array.from({ length: LOOKUPS }, () => table.word0[upTo(PREFIXES)]! ^ upTo(256))
  const asked1 = Uint32Array.from({ length: LOOKUPS }, () => (family === 4 ? 0 : next()))
  const found = best(() => {
    let sum = 0
    for (let i = 0; i < LOOKUPS; i += 1) sum += built.value.find(asked0[i]!, asked1[i]!, 0, 0) === -1 ? 0 : 1
    return sum
  })
  say(`IPv${family}: ${LOOKUPS} addresses looked up at random`, found.ms, LOOKUPS, 'look-ups')
  const covered = best(() => {
    let sum = 0
    const { word0, word1, length } = table
    for (let i = 0; i < PREFIXES; i += 1) sum += built.value.covering(word0[i]!, word1[i]!, 0, 0, length[i]! - 1)
    return sum
  })
  say(`IPv${family}: prefixes around ${PREFIXES} prefixes`, covered.ms, PREFIXES, 'look-ups')
}

const COUNTRIES = ['KZ', 'RU', 'UA', 'US', 'BR', 'ZA', 'IN', 'SC', 'EU', 'CN', 'IR', 'DE']
const texts = REGISTRIES.map((registry) => {
  const lines = [`2|${registry}|1|${LINES_EACH}|19830705|20240105|+0000`]
  for (let i = 0; i < LINES_EACH; i += 1) {
    const common = `${registry}|${COUNTRIES[upTo(COUNTRIES.length)]}`
    const rest = `20200101|allocated|${next().toString(16)}-${upTo(65_536).toString(16)}-holder-of-${registry}`
    const kind = upTo(10)
    if (kind < 2) lines.push(`${common}|asn|${upTo(400_000)}|1|${rest}`)
    else if (kind < 7)
      lines.push(`${common}|ipv4|${formatIpv4((0x0100_0000 + upTo(0xdf00_0000)) & 0xffff_fc00)}|1024|${rest}`)
    else lines.push(`${common}|ipv6|${formatIpv6((0x2a00_0000 | upTo(0x10_0000)) >>> 0, 0, 0, 0)}|32|${rest}`)
  }
  return Buffer.from(lines.join('\n'))
})
const bytes = texts.reduce((sum, text) => sum + text.length, 0)
const decoded = best(() => texts.map((text) => decodeDelegated(text)))
say(`statistics: ${(bytes / 1e6).toFixed(0)} MB decoded`, decoded.ms, bytes, 'bytes')
const delegated = decoded.value.flatMap((each) => (each.kind === 'delegations' ? [each.delegations] : []))
const map = best(() => buildNetworkMap({ delegated, operators: [], at: 1_704_412_800 as UnixSeconds }))
say(`statistics: map of ${REGISTRIES.length * LINES_EACH} records`, map.ms, REGISTRIES.length * LINES_EACH, 'records')
const routes = ipv4Table()
for (const [what, origin] of [
  ['of AS with a country', 9198],
  ['prefix by prefix', 0],
] as const) {
  const asked = best(() => {
    let sum = 0
    const { word0, length } = routes
    for (let i = 0; i < PREFIXES; i += 1) {
      sum += map.value.countryOf(origin === 0 ? 0 : (origin + i) % 400_000, 4, word0[i]!, 0, 0, 0, length[i]!)
    }
    return sum
  })
  say(`country of ${PREFIXES} routes, ${what}`, asked.ms, PREFIXES, 'routes')
}

/**
 * The table of routes alone: loading a RIB that is already decoded, closing quiet and busy bins, a change of voters, and
 * what it takes in memory. Times are of the processor, not of the clock: other work on the machine stretches them less.
 *
 *     npx tsx --expose-gc bench/bgp/table.ts [PREFIXES PEERS]
 */
import { createRouteTable } from '../../src/collect/bgp/table/route-table.ts'
import { noNetworks } from '../../src/collect/bgp/table/no-networks.ts'
import type { RouteCursor } from '../../src/wire/route-sink.ts'

const AT = 1_700_092_800
const ORIGINS = 80_000
/** Of 100 prefixes: IPv6. As the tables of 2026 are. */
const IPV6_PERCENT = 18

interface Measured {
  readonly prefixes: number
  readonly peers: number
  readonly loadSeconds: number
  readonly entriesPerSecond: number
  readonly firstCloseMs: number
  readonly quietCloseMs: number
  readonly busyCloseMs: number
  readonly voterLeftCloseMs: number
  readonly updatesSeconds: number
  readonly tableMiB: number
  readonly residentMiB: number
}

const route: RouteCursor = {
  time: AT,
  micros: 0,
  peer: 0,
  family: 4,
  length: 24,
  word0: 0,
  word1: 0,
  word2: 0,
  word3: 0,
  pathId: 0,
  origin: 0,
  pathHash: 0,
  since: AT,
}

/** Prefix `index` of a world in which half are /24s and a third lies in another, in the order of a dump. */
function point(index: number, prefixes: number): void {
  const ipv4 = Math.floor((prefixes * (100 - IPV6_PERCENT)) / 100)
  const isIpv4 = index < ipv4
  const at = isIpv4 ? index : index - ipv4
  const group = Math.floor(at / 3)
  const place = at % 3
  route.family = isIpv4 ? 4 : 6
  if (isIpv4) {
    // 1.0.0.0 and up: a /22, and two /24s in it.
    route.word0 = (0x0100_0000 + group * 1024 + (place === 2 ? 256 : 0)) >>> 0
    route.length = place === 0 ? 22 : 24
    route.word1 = 0
  } else {
    // 2400::/12 and up: a /32, and two /48s in it.
    route.word0 = (0x2400_0000 + group) >>> 0
    route.word1 = place === 2 ? 0x0001_0000 : 0
    route.length = place === 0 ? 32 : 48
  }
  route.origin = 1 + ((Math.imul(group, 0x9e37_79b1) >>> 0) % ORIGINS)
}

function measure(prefixes: number, peers: number): Measured {
  const table = createRouteTable({ networks: noNetworks, leastPeers: 2, ases: 'all' })
  const sink = table.collector('bench')
  const numbers = Array.from({ length: peers }, (_, peer) =>
    sink.peer({ family: 4, word0: peer + 1, word1: 0, word2: 0, word3: 0, asn: 64_512 + peer }),
  )
  const timed = (run: () => void): number => {
    const from = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(from)
    return (user + system) / 1000
  }
  const loadMs = timed(() => {
    sink.ribBegins(AT)
    for (let index = 0; index < prefixes; index += 1) {
      point(index, prefixes)
      for (let peer = 0; peer < peers; peer += 1) {
        route.peer = numbers[peer]!
        route.pathHash = 1 + peer * 1000 + (index & 255)
        sink.entry(route)
      }
    }
    sink.ribEnds(true)
  })
  let bin = AT
  const close = (): number => {
    const ms = timed(() => table.closeBin(bin))
    bin += 300
    return ms
  }
  /** Everybody says something, so that nobody is silent. */
  const say = (count: number): void => {
    for (let each = 0; each < count; each += 1) {
      point((Math.imul(each, 0x85eb_ca6b) >>> 0) % prefixes, prefixes)
      route.peer = numbers[each % peers]!
      route.time = bin + 1
      route.pathHash = 7_000_000 + bin + each
      if (each % 7 === 3) sink.withdraw(route)
      else sink.announce(route)
    }
  }
  const firstCloseMs = close()
  say(peers * 4)
  close()
  const quiet = Array.from({ length: 9 }, () => {
    say(peers)
    return close()
  }).sort((a, b) => a - b)
  const busy = Array.from({ length: 5 }, () => {
    say(5000)
    return close()
  }).sort((a, b) => a - b)
  const updatesMs = timed(() => say(1_350_000))
  close()
  say(peers)
  sink.state(bin + 1, 0, numbers[0]!, 6, 1)
  const voterLeftCloseMs = close()
  globalThis.gc?.()
  return {
    prefixes,
    peers,
    loadSeconds: round(loadMs / 1000),
    entriesPerSecond: Math.round((prefixes * peers) / (loadMs / 1000)),
    firstCloseMs: round(firstCloseMs),
    quietCloseMs: round(quiet[4]!),
    busyCloseMs: round(busy[2]!),
    voterLeftCloseMs: round(voterLeftCloseMs),
    updatesSeconds: round(updatesMs / 1000),
    tableMiB: Math.round(table.bytes() / 2 ** 20),
    residentMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

const [prefixes, peers] = process.argv.slice(2).map(Number)
const sizes: readonly (readonly [number, number])[] =
  prefixes === undefined || peers === undefined
    ? [
        [720_000, 6],
        [1_200_000, 40],
      ]
    : [[prefixes, peers]]
for (const [prefixes, peers] of sizes) console.log(JSON.stringify(measure(prefixes, peers)))

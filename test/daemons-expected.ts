import { ALL, ORIGINS, SESSIONS, STEPS, votersAt, type SessionName, type Witness } from './daemons-script.ts'

/** What should be counted, from the script alone, by brute force: sets, and every block asked one by one. */
export interface Expected {
  readonly slash24s: number
  readonly slash48s: number
  readonly prefixes4: number
  readonly prefixes6: number
  readonly updates4: number
  readonly updates6: number
  readonly withdrawals4: number
  readonly withdrawals6: number
}

export type Who = (origin: number) => boolean

const asnOf = new Map<SessionName, number>(SESSIONS.map(({ name, asn }) => [name, asn]))
const isV4 = (prefix: string): boolean => !prefix.includes(':')

/** Of each step, for those whose origin is `who`. `NaN` where fewer than two vote. */
export function expectedCounts(who: Who, witness: Witness): readonly Expected[] {
  const routes = new Map<SessionName, Map<string, number>>(ALL.map((name) => [name, new Map<string, number>()]))
  return STEPS.map(({ actions }, bin) => {
    const changes: { readonly of: SessionName; readonly prefix: string; readonly kind: 'update' | 'withdrawal' }[] = []
    for (const action of actions) {
      for (const name of action.of) {
        const own = routes.get(name)!
        if (action.kind === 'announce') {
          for (const prefix of action.prefixes) {
            if (own.get(prefix) !== action.path) changes.push({ of: name, prefix, kind: 'update' })
            own.set(prefix, action.path)
          }
        } else if (action.kind === 'withdraw') {
          for (const prefix of action.prefixes) {
            if (own.delete(prefix)) changes.push({ of: name, prefix, kind: 'withdrawal' })
          }
        } else if (action.kind === 'up') {
          // A whole table is no update, whether its session ended with or without a word.
          for (const prefix of Object.keys(ORIGINS)) if (!own.has(prefix)) own.set(prefix, 0)
        }
        // A session that ends takes nothing with it: either it does not vote, or nobody knows yet.
      }
    }
    const voting = votersAt(witness, bin)
    const unheard = witness.unheard[bin] ?? []
    const heard = changes.filter((change) => !unheard.includes(asnOf.get(change.of)!))
    return count(who, voting, routes, heard)
  })
}

function count(
  who: Who,
  voting: readonly number[],
  routes: ReadonlyMap<SessionName, ReadonlyMap<string, number>>,
  changes: readonly { readonly of: SessionName; readonly prefix: string; readonly kind: 'update' | 'withdrawal' }[],
): Expected {
  if (voting.length < 2) {
    const none = Number.NaN
    return {
      slash24s: none,
      slash48s: none,
      prefixes4: none,
      prefixes6: none,
      updates4: none,
      updates6: none,
      withdrawals4: none,
      withdrawals6: none,
    }
  }
  const carriers = new Map<string, Set<number>>()
  for (const [name, own] of routes) {
    const asn = asnOf.get(name)!
    if (!voting.includes(asn)) continue
    for (const prefix of own.keys()) {
      const set = carriers.get(prefix) ?? new Set()
      carriers.set(prefix, set.add(asn))
    }
  }
  const half = voting.length / 2
  const seen = [...carriers].filter(([, asns]) => asns.size > half).map(([prefix]) => prefix)
  const own = seen.filter((prefix) => who(ORIGINS[prefix]!))
  const means = (kind: 'update' | 'withdrawal', v4: boolean): number => {
    let sum = 0
    for (const change of changes) {
      const asn = asnOf.get(change.of)!
      if (change.kind !== kind || isV4(change.prefix) !== v4 || !who(ORIGINS[change.prefix]!)) continue
      if (voting.includes(asn)) sum += 1 / SESSIONS.filter((session) => session.asn === asn).length
    }
    return sum / voting.length
  }
  return {
    slash24s: blocks(who, carriers, half, true),
    slash48s: blocks(who, carriers, half, false),
    prefixes4: own.filter(isV4).length,
    prefixes6: own.filter((prefix) => !isV4(prefix)).length,
    updates4: means('update', true),
    updates6: means('update', false),
    withdrawals4: means('withdrawal', true),
    withdrawals6: means('withdrawal', false),
  }
}

/** Each /24 or /48 belongs to the first prefix, from the most specific up, at which more than half carry one. */
function blocks(who: Who, carriers: ReadonlyMap<string, ReadonlySet<number>>, half: number, v4: boolean): number {
  const covering = new Map<
    number,
    { readonly length: number; readonly prefix: string; readonly asns: ReadonlySet<number> }[]
  >()
  for (const [prefix, asns] of carriers) {
    if (isV4(prefix) !== v4) continue
    const { first, length } = blockOf(prefix)
    for (let block = first; block < first + 2 ** ((v4 ? 24 : 48) - length); block += 1) {
      covering.set(block, [...(covering.get(block) ?? []), { length, prefix, asns }])
    }
  }
  let sum = 0
  for (const list of covering.values()) {
    const all = new Set<number>()
    for (const { prefix, asns } of list.sort((a, b) => b.length - a.length)) {
      for (const asn of asns) all.add(asn)
      if (all.size <= half) continue
      if (who(ORIGINS[prefix]!)) sum += 1
      break
    }
  }
  return sum
}

/** Number of its first /24 or /48. */
function blockOf(prefix: string): { readonly first: number; readonly length: number } {
  const [address = '', bits] = prefix.split('/')
  const words = isV4(prefix)
    ? address.split('.').slice(0, 3).map(Number)
    : [
        ...address
          .split('::')[0]!
          .split(':')
          .map((word) => Number.parseInt(word, 16)),
        0,
        0,
        0,
      ].slice(0, 3)
  return { first: words.reduce((sum, word) => sum * (isV4(prefix) ? 256 : 65_536) + word, 0), length: Number(bits) }
}

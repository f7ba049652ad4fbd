import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPrefix, parsePrefix } from '../../../wire/prefix.ts'
import type { RouteSink } from '../../../wire/route-sink.ts'
import { createBacklog, type Backlog } from './backlog.ts'
import { emptyCursor } from './bucket.ts'

const AT = 1_700_092_800

/** Each call as a line. */
function recorder(): { readonly lines: string[]; readonly sink: RouteSink } {
  const lines: string[] = []
  const nothing = (): void => {}
  return {
    lines,
    sink: {
      peer: () => 0,
      ribBegins: nothing,
      entry: nothing,
      announce: (route) =>
        lines.push(
          `${route.time - AT}.${route.micros} p${route.peer} + ${formatPrefix(route)} ${route.origin}/${route.pathHash} #${route.pathId}`,
        ),
      withdraw: (route) => lines.push(`${route.time - AT}.${route.micros} p${route.peer} - ${formatPrefix(route)}`),
      state: (time, micros, peer, from, to) => lines.push(`${time - AT}.${micros} p${peer} ${from}>${to}`),
      endOfRib: (time, peer, family) => lines.push(`${time - AT} p${peer} end ${family}`),
    },
  }
}

interface Route {
  readonly prefix: string
  readonly path?: readonly [number, number]
  readonly pathId?: number
}

/** Takes one message in, as a decoder would. */
function put(backlog: Backlog, second: number, micros: number, peer: number, routes: readonly Route[]): number | null {
  const cursor = { ...emptyCursor(), time: AT + second, micros, peer }
  backlog.begin()
  for (const { prefix, path, pathId = 0 } of routes) {
    expect(parsePrefix(prefix, cursor)).toBe(true)
    cursor.pathId = pathId
    cursor.origin = path?.[0] ?? 0
    cursor.pathHash = path?.[1] ?? 0
    if (path === undefined) backlog.sink.withdraw(cursor)
    else backlog.sink.announce(cursor)
  }
  return backlog.commit(Infinity)
}

const make = (): Backlog => createBacklog(() => 0)

describe('messages that wait', () => {
  it('are handed on as they came: all lengths of both families, paths, identifiers, states and ends', () => {
    const backlog = make()
    const { lines, sink } = recorder()
    const prefixes = [
      '0.0.0.0/0',
      '10.0.0.0/8',
      '203.0.113.255/32',
      '::/0',
      '2000::/3',
      '2001:db8::/32',
      '2001:db8:1::/48',
    ]
    const longer = [
      '2001:db8:0:1::/64',
      '2001:db8:0:1:8000::/65',
      '2001:db8::1:0:0/96',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128',
    ]
    const routes = [...prefixes, ...longer].map((prefix, i): Route => {
      return i % 3 === 0
        ? { prefix }
        : { prefix, path: [4_294_967_295, i % 2 === 0 ? 7 : 4_000_000_000], pathId: i === 4 ? 9 : 0 }
    })
    put(backlog, 1, 999_999, 3, routes)
    backlog.begin()
    backlog.sink.state(AT + 2, 5, 4, 0, 6)
    backlog.commit(Infinity)
    backlog.begin()
    backlog.sink.endOfRib(AT + 3, 4, 6)
    backlog.commit(Infinity)
    backlog.drain(AT + 10, sink)
    const expected = routes.map(({ prefix, path, pathId = 0 }) =>
      path === undefined ? `1.999999 p3 - ${prefix}` : `1.999999 p3 + ${prefix} ${path[0]}/${path[1]} #${pathId}`,
    )
    expect(lines).toEqual([...expected, '2.5 p4 0>6', '3 p4 end 6'])
  })

  it('are handed on in the order of time, of equal times in that of arrival, and repetitions once', () => {
    const message = fc.record({
      second: fc.integer({ min: 0, max: 20 }),
      micros: fc.integer({ min: 0, max: 3 }),
      peer: fc.integer({ min: 0, max: 3 }),
      prefix: fc.constantFrom('10.0.0.0/8', '10.1.0.0/16', '2001:db8::/32'),
      path: fc.option(fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })), { nil: undefined }),
    })
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 80 }),
        fc.array(fc.integer({ min: 0, max: 22 })),
        (messages, drains) => {
          const backlog = make()
          const { lines, sink } = recorder()
          for (const { second, micros, peer, prefix, path } of messages) {
            put(backlog, second, micros, peer, [path === undefined ? { prefix } : { prefix, path }])
          }
          for (const until of drains.toSorted((a, b) => a - b)) backlog.drain(AT + until, sink)
          backlog.drain(AT + 30, sink)
          const texts = messages
            .toSorted((a, b) => a.second - b.second || a.micros - b.micros)
            .map(({ second, micros, peer, prefix, path }) => {
              const start = `${second}.${micros} p${peer}`
              return path === undefined ? `${start} - ${prefix}` : `${start} + ${prefix} ${path[0]}/${path[1]} #0`
            })
          expect(lines).toEqual([...new Set(texts)])
          const { taken, applied, duplicates, late } = backlog.counts
          expect([taken, applied + duplicates, late]).toEqual([messages.length, messages.length, 0])
        },
      ),
    )
  })

  it('are counted as late when their second was handed on, and go before the rest; a repetition that is late does not go', () => {
    const backlog = make()
    const { lines, sink } = recorder()
    put(backlog, 5, 0, 1, [{ prefix: '10.0.0.0/8' }])
    backlog.drain(AT + 10, sink)
    put(backlog, 12, 0, 1, [{ prefix: '10.2.0.0/16' }])
    put(backlog, 5, 0, 1, [{ prefix: '10.0.0.0/8' }])
    put(backlog, 6, 0, 1, [{ prefix: '10.1.0.0/16' }])
    backlog.drain(AT + 20, sink)
    expect(lines).toEqual(['5.0 p1 - 10.0.0.0/8', '6.0 p1 - 10.1.0.0/16', '12.0 p1 - 10.2.0.0/16'])
    expect(backlog.counts).toMatchObject({ taken: 4, applied: 3, duplicates: 1, late: 1 })
  })

  it('are not wanted from before what the archive gave, nor from a time that has not come', () => {
    const backlog = make()
    const { lines, sink } = recorder()
    put(backlog, 5, 0, 1, [{ prefix: '10.0.0.0/8' }])
    put(backlog, 15, 0, 1, [{ prefix: '10.1.0.0/16' }])
    backlog.discardBefore(AT + 10)
    put(backlog, 9, 0, 1, [{ prefix: '10.2.0.0/16' }])
    const cursor = { ...emptyCursor(), time: AT + 400 }
    backlog.begin()
    backlog.sink.withdraw(cursor)
    expect(backlog.commit(AT + 300)).toBe(AT + 400)
    backlog.drain(AT + 1000, sink)
    expect(lines).toEqual(['15.0 p1 - 10.1.0.0/16'])
    expect(backlog.counts).toMatchObject({ before: 2, ahead: 1, applied: 1 })
  })

  it('leave nothing behind when they are given up, and give back their bytes', () => {
    const backlog = make()
    const { lines, sink } = recorder()
    const empty = backlog.bytes()
    backlog.begin()
    backlog.sink.withdraw({ ...emptyCursor(), time: AT })
    backlog.abandon()
    expect(backlog.commit(Infinity)).toBeNull()
    for (let i = 0; i < 50_000; i++) put(backlog, i % 7, i % 1_000_000, i % 9, [{ prefix: '10.0.0.0/8', path: [i, i] }])
    expect(backlog.bytes()).toBeGreaterThan(50_000 * 28)
    expect(backlog.bytes()).toBeLessThan(50_000 * 28 * 3)
    backlog.clear()
    expect(backlog.bytes()).toBe(empty)
    backlog.drain(AT + 100, sink)
    expect(lines).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { type SimulatedClock, createSimulatedClock } from '../../collect/clock.testing.ts'
import type { Source } from '../../collect/source.ts'
import type { EntityId, Seconds, UnixSeconds } from '../../model/brand.ts'
import { StoreError } from '../../model/errors.ts'
import type { HealthInterval } from '../../model/health.ts'
import type { Revision } from '../../model/incident.ts'
import type { RouteEvent } from '../../model/routing.ts'
import type { SignalSpec } from '../../model/signal.ts'
import { DAY, HOUR, MINUTE, binStart, plus } from '../../model/time.ts'
import { openMemoryStore } from '../../store/memory.ts'
import type { Range, Store } from '../../store/store.ts'
import type { RunningObservatory } from '../observatory.ts'
import { createObservatory } from '../observatory.ts'
import { hashText } from '../random.ts'
import { START, sampleSpec } from '../samples.testing.ts'
import type { LiveEvent } from '../view.ts'
import type { Notice } from './notice.ts'
import type { FakeWorld } from './source.testing.ts'
import { fakeSource } from './source.testing.ts'
import type { RetentionDays } from './upkeep.ts'

const PING = signal('ping.up', 'reachability', 10)
const WEB = signal('web.requests', 'application', 30)

function signal(name: string, plane: SignalSpec['plane'], stepMinutes: number): SignalSpec {
  return {
    ...sampleSpec({
      entity: '',
      signal: name,
      plane,
      stepMinutes,
      delayMinutes: 10,
      usual: 0,
      rhythm: 0.2,
      noise: 0,
      gapEvery: 0,
      cuts: [],
    }),
  }
}

const KZ = 'country:KZ' as EntityId
const BY = 'country:BY' as EntityId

interface Cut {
  readonly entity: EntityId
  readonly from: UnixSeconds
  readonly until: UnixSeconds
}

/** Levels with a daily rhythm and noise that the bin alone decides; a cut leaves a twentieth. */
function world(over: Partial<FakeWorld>, cuts: readonly Cut[] = []): FakeWorld {
  return {
    specs: [PING, WEB],
    entities: [KZ, BY],
    backfillDays: 0,
    isDown: () => false,
    isClockWrong: () => false,
    value(spec, entity, bin) {
      const wave = 1 + 0.1 * Math.sin(((bin % DAY) / DAY) * 2 * Math.PI)
      const noise = 1 + ((hashText(`${spec.signal}/${entity}/${bin}`) % 1000) / 1000 - 0.5) * 0.02
      const isCut = cuts.some((cut) => cut.entity === entity && bin >= cut.from && bin < cut.until)
      return Math.round(1000 * wave * noise * (isCut ? 0.05 : 1))
    },
    ...over,
  }
}

interface Run {
  readonly store: Store
  readonly notices: Notice[]
  readonly events: LiveEvent[]
  readonly observatory: RunningObservatory
}

/** Runs from `from` to `until`; `killed`: nothing is said to it, it merely stops. */
async function run(
  fake: FakeWorld,
  store: Store,
  from: UnixSeconds,
  until: UnixSeconds,
  killed = false,
  source: Source = fakeSource(fake),
  retention: RetentionDays = { raw: 400, answers: 90 },
): Promise<Run> {
  const clock = createSimulatedClock(from)
  const notices: Notice[] = []
  const events: LiveEvent[] = []
  // A process that is killed writes nothing more.
  let dead = false
  const mortal = new Proxy(store, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => (dead ? new Promise(() => undefined) : Reflect.apply(value, target, args))
    },
  })
  const observatory = await observe(fake, mortal, clock, source, notices, retention)
  observatory.events.subscribe((event) => events.push(event))
  await Promise.race([clock.until(until, new AbortController().signal), observatory.ended])
  if (killed) dead = true
  else await observatory.close()
  return { store, notices, events, observatory }
}

function observe(
  fake: FakeWorld,
  store: Store,
  clock: SimulatedClock,
  source: Source,
  notices: Notice[],
  retention: RetentionDays = { raw: 400, answers: 90 },
): Promise<RunningObservatory> {
  return createObservatory({
    store,
    cases: [],
    now: () => clock.now(),
    live: {
      sources: [source],
      clock,
      random: () => 0.5,
      fetch: () => Promise.reject(new Error('no network')),
      turn: () => Promise.resolve(),
      retention,
      backfillDays: fake.backfillDays,
      tell: (notice) => notices.push(notice),
    },
  })
}

const at = (days: number): UnixSeconds => plus(START, days * DAY)

/** What readers were told, without when. */
function told(revisions: readonly Revision[]): readonly unknown[] {
  return revisions.map(({ incident, number, reasons }) => ({
    id: incident.id,
    number,
    reasons,
    state: incident.state,
    onset: incident.onset,
    end: incident.end,
    evidence: incident.evidence.map((each) => [each.signal, each.spans.map((span) => [span.onset, span.end])]),
  }))
}

describe('the street, running', () => {
  const cuts: readonly Cut[] = [{ entity: KZ, from: at(4.5), until: at(5) }]

  it('keeps route events that a source gives, once though it gives them again, and shows them', async () => {
    const event: RouteEvent = {
      source: PING.source,
      at: at(0.5),
      kind: 'lost',
      prefix: '2.72.0.0/13',
      origin: 9198,
      country: 'KZ',
      blocks: 2048,
      carrying: 2,
      voting: 12,
    }
    const inner = fakeSource(world({}))
    const source: Source = {
      ...inner,
      async *observe(context) {
        const routes = { kind: 'routes', signal: PING.signal, events: [event] } as const
        yield routes
        yield routes
        yield* inner.observe(context)
      },
    }
    const store = openMemoryStore()
    const { observatory, notices } = await run(world({}), store, START, plus(START, HOUR), false, source)
    expect(await store.routeEvents({})).toEqual([event])
    expect(await observatory.live.routeEvents({ country: 'KZ' })).toEqual([event])
    expect(await observatory.live.routeEvents({ country: 'BY' })).toEqual([])
    expect(notices).toEqual([])
  })

  it('finds a cut from live data alone, and says that it is over', async () => {
    const { store, events, observatory } = await run(world({}, cuts), openMemoryStore(), START, at(6))
    const revisions = await store.revisions({})
    const ids = new Set(revisions.map((each) => each.incident.id))
    expect([...ids]).toEqual(['KZ-2024-03-08-a'])
    const last = revisions.at(-1)?.incident
    expect(last).toMatchObject({ state: 'unverified', onset: { at: at(4.5) }, end: { at: at(5) } })
    const opened = revisions[0]!
    expect(opened.publishedAt - at(4.5)).toBeLessThan(HOUR)
    // All that was published was told, in its order.
    const places = events.flatMap((each) => (each.kind === 'revision' ? [each.published.place] : []))
    expect(places).toEqual(revisions.map((_, i) => i + 1))
    expect(await observatory.live.countries()).toMatchObject([
      { entity: BY, status: 'quiet', incident: null },
      { entity: KZ, status: 'incident', incident: 'KZ-2024-03-08-a' },
    ])
  })

  it('keeps each observation with the answer that it came in', async () => {
    const { observatory } = await run(world({}), openMemoryStore(), START, at(0.5))
    const [series] = await observatory.live.series({ signal: 'ping.up', entity: KZ })
    const range = { from: at(0), until: at(1) }
    const provenance = await observatory.live.provenance(series!.id, range)
    const trace = await observatory.live.trace(series!.id, range, null)
    expect(provenance.reduce((sum, each) => sum + each.bins, 0)).toBe(trace.bins.length)
    for (const each of provenance) {
      const { body } = await observatory.live.answer(each.answer!.sha256)
      expect(new TextDecoder().decode(body ?? new Uint8Array(0))).toContain('"signal":"ping.up"')
    }
  })

  it('does not wait with history for a signal that gives nothing', async () => {
    const past: readonly Cut[] = [{ entity: BY, from: at(-3), until: at(-2.5) }]
    const fake = fakeSource(world({ backfillDays: 14, specs: [PING] }, past))
    const mute: Source = {
      ...fake,
      signals: [PING, WEB],
      async *observe(context) {
        const report = { kind: 'health', signal: WEB.signal, condition: 'unreadable', detail: 'no JSON' } as const
        yield { ...report, on: true, at: context.clock.now(), answer: null }
        yield* fake.observe(context)
      },
    }
    const { store } = await run(world({ backfillDays: 14 }), openMemoryStore(), START, at(0.5), false, mute)
    expect((await store.revisions({}))[0]?.incident.id).toBe('BY-2024-03-01-a')
  })

  it('does not wait for ever for a piece of history that never comes', async () => {
    const past: readonly Cut[] = [{ entity: BY, from: at(-3), until: at(-2.5) }]
    const fake = fakeSource(world({ backfillDays: 14 }, past))
    // Of one signal the upstream gives a third of what is wanted, and no more.
    const halting: Source = {
      ...fake,
      meter() {
        const meter = fake.meter()
        return { ...meter, backfilled: new Map([...meter.backfilled, [WEB.signal, 0.3]]) }
      },
    }
    const { store } = await run(world({ backfillDays: 14 }), openMemoryStore(), START, at(0.5), false, halting)
    expect((await store.revisions({}))[0]?.incident.id).toBe('BY-2024-03-01-a')
  })

  it('judges history also when the store refused it for an hour as it came', async () => {
    const past: readonly Cut[] = [{ entity: BY, from: at(-3), until: at(-2.5) }]
    const inner = openMemoryStore()
    const clock = createSimulatedClock(START)
    let compactions = 0
    const refusing = new Proxy(inner, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target)
        if (key !== 'compact') return value
        return (...args: unknown[]): unknown => {
          compactions += 1
          if (compactions < 60) return Promise.reject(new StoreError('the disk is full'))
          return (value as (...all: unknown[]) => unknown).apply(target, args)
        }
      },
    })
    const fake = world({ backfillDays: 14 }, past)
    const observatory = await observe(fake, refusing, clock, fakeSource(fake), [])
    await clock.until(at(0.4), new AbortController().signal)
    await observatory.close()
    expect((await inner.revisions({}))[0]?.incident.id).toBe('BY-2024-03-01-a')
    // And is put in order once for each milestone.
    expect(compactions).toBeLessThan(65)
  })

  it('says nothing of quiet on its first day', async () => {
    const { observatory } = await run(world({}), openMemoryStore(), START, at(0.9))
    expect((await observatory.live.countries()).map((each) => each.status)).toEqual(['too-little', 'too-little'])
  })

  it('ends with the same, told once, however often it is killed', async () => {
    const fake = world({}, cuts)
    const whole = await run(fake, openMemoryStore(), START, at(6))
    for (const seed of [1, 2, 3]) {
      const store = openMemoryStore()
      let from: UnixSeconds = START
      for (let i = 0; i < 6; i++) {
        const length = 2 * HOUR + (hashText(`${seed}/${i}`) % (30 * HOUR))
        const until = Math.min(plus(binStart(plus(from, length), MINUTE, 0 as Seconds), 17), at(6)) as UnixSeconds
        await run(fake, store, from, until, true)
        from = until
      }
      await run(fake, store, from, at(6))
      expect(told(await store.revisions({}))).toEqual(told(await whole.store.revisions({})))
      const [a, b] = await Promise.all([columns(store), columns(whole.store)])
      expect(a).toEqual(b)
    }
  })

  it('shows an upstream that is away as our blindness, opens nothing, and says it once', async () => {
    const isDown = (now: UnixSeconds): boolean => now >= at(3) && now < at(3.5)
    const { store, notices, events, observatory } = await run(world({ isDown }), openMemoryStore(), START, at(3.4))
    expect(await store.revisions({})).toEqual([])
    expect(notices).toEqual([{ kind: 'unreachable', source: 'test', detail: 'connection refused' }])
    expect((await observatory.live.countries()).map((each) => each.status)).toEqual(['blind', 'blind'])
    const [source] = await observatory.live.sources()
    // The newest bins that had ended when it was asked for the last time.
    const since = (spec: SignalSpec): unknown => [
      ['unreachable', at(3)],
      ['stale', plus(at(3), -spec.step)],
    ]
    const conditions = source?.signals.map((each) => each.conditions.map((one) => [one.condition, one.from]))
    expect(conditions).toEqual([since(PING), since(WEB)])
    expect(events.some((each) => each.kind === 'health')).toBe(true)
    const after = await run(world({ isDown }), store, at(3.4), at(4))
    expect(await store.revisions({})).toEqual([])
    expect((await after.observatory.live.countries()).map((each) => each.status)).toEqual(['quiet', 'quiet'])
    const range = { from: at(0), until: at(4) }
    const kept = await after.observatory.live.health(KZ, range)
    expect(kept.every((each) => each.until !== null)).toBe(true)
  })

  it('says that it is blind while the store takes nothing, and loses nothing of it', async () => {
    let isFull = false
    const inner = openMemoryStore()
    const full = new Proxy(inner, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target)
        if (!['append', 'keepAnswer', 'putHealth', 'publish', 'putDerived'].includes(String(key))) return value
        return (...args: unknown[]): unknown =>
          isFull
            ? Promise.reject(new StoreError('the disk is full'))
            : (value as (...all: unknown[]) => unknown).apply(target, args)
      },
    })
    const clock = createSimulatedClock(START)
    const notices: Notice[] = []
    const observatory = await observe(world({}, cuts), full, clock, fakeSource(world({}, cuts)), notices)
    const never = new AbortController().signal
    await clock.until(at(3), never)
    isFull = true
    await clock.until(at(3.2), never)
    expect((await observatory.live.countries()).map((each) => each.status)).toEqual(['blind', 'blind'])
    isFull = false
    await clock.until(at(6), never)
    await observatory.close()
    expect(notices.map((each) => each.kind)).toEqual(expect.arrayContaining(['store-refuses', 'store-works']))
    const whole = await run(world({}, cuts), openMemoryStore(), START, at(6))
    expect(told(await inner.revisions({}))).toEqual(told(await whole.store.revisions({})))
    expect(await columns(inner)).toEqual(await columns(whole.store))
  })

  it('stops while the store takes nothing', async () => {
    const inner = openMemoryStore()
    let isFull = false
    const full = new Proxy(inner, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target)
        if (!isFull || !['append', 'keepAnswer', 'putHealth', 'putDerived'].includes(String(key))) return value
        return () => Promise.reject(new StoreError('the disk is full'))
      },
    })
    const clock = createSimulatedClock(START)
    const observatory = await observe(world({}), full, clock, fakeSource(world({})), [])
    await clock.until(at(0.5), new AbortController().signal)
    isFull = true
    await clock.until(at(0.6), new AbortController().signal)
    await observatory.close()
    await observatory.ended
  })

  it('judges history at milestones and says when it knew of what it found there', async () => {
    const past: readonly Cut[] = [{ entity: BY, from: at(-3), until: at(-2.5) }]
    const fake = world({ backfillDays: 14 }, past)
    const { store, observatory } = await run(fake, openMemoryStore(), START, at(0.5))
    const revisions = await store.revisions({})
    expect(revisions[0]).toMatchObject({
      incident: { id: 'BY-2024-03-01-a', onset: { at: at(-3) }, end: { at: at(-2.5) } },
    })
    expect(revisions[0]?.publishedAt).toBeGreaterThan(START)
    expect((await observatory.live.countries()).map((each) => each.status)).toEqual(['incident', 'quiet'])
  })
})

describe('what is let go of while it runs', () => {
  const cuts: readonly Cut[] = [
    { entity: BY, from: at(-6), until: at(-5.5) },
    { entity: KZ, from: at(2.5), until: at(2.8) },
  ]
  const fake = world({ backfillDays: 41, specs: [PING] }, cuts)
  const days = { raw: 42, answers: 2 }

  it('is what is older than the settings say and no incident rests on; no revision follows, nor from what is left', async () => {
    const store = openMemoryStore()
    await run(fake, store, START, at(6), false, fakeSource(fake), days)
    const before = told(await store.revisions({}))
    expect(new Set((await store.revisions({})).map((each) => each.incident.id))).toEqual(
      new Set(['BY-2024-02-27-a', 'KZ-2024-03-06-a']),
    )
    const [kz, by] = [await store.series({ entity: KZ }), await store.series({ entity: BY })]
    const old = { from: 0 as UnixSeconds, until: at(6 - 42 - 1) }
    const raw = async (id: number): Promise<number> => (await store.read(id, old, null)).bins.length
    expect(await raw(by[0]!.id)).toBeGreaterThan(400)
    // Its window begins 35 days before.
    expect(await raw(kz[0]!.id)).toBe(0)
    expect((await store.readHours(kz[0]!.id, old)).hours.length).toBeGreaterThan(48)
    const held = async (id: number, range: Range): Promise<readonly boolean[]> =>
      (await store.provenance(id, range)).map((each) => each.answer?.hasBody === true)
    // Its baseline too, fetched longer ago than answers are kept for.
    for (const from of [at(-40), at(-6)]) {
      const found = await held(by[0]!.id, { from, until: plus(from, DAY) })
      expect(found.length).toBeGreaterThan(0)
      expect(found.every(Boolean)).toBe(true)
    }

    // All that it had judged is built anew from what is left.
    await store.putDerived('live/behind', null)
    await run(fake, store, at(6), at(6.5), false, fakeSource(fake), days)
    expect(told(await store.revisions({}))).toEqual(before)
  })

  it('goes by day where the machine never runs at night', async () => {
    const inner = openMemoryStore()
    let retained = 0
    const store = new Proxy(inner, {
      get(target, key) {
        if (key === 'retain') retained += 1
        return Reflect.get(target, key, target) as unknown
      },
    })
    const short = world({ specs: [PING] })
    for (const day of [0, 1, 2, 3]) await run(short, store, at(day + 0.4), at(day + 0.7), day === 2)
    expect(retained).toBe(3)
  })
})

describe('a start', () => {
  it('reads no further back than each series begins that is held of it', async () => {
    const region = 'region:KZ-75' as EntityId
    const fake = world({
      specs: [PING],
      entities: [KZ, region],
      value: (spec, entity, bin, now) =>
        entity === region && bin >= at(2) ? undefined : world({}).value(spec, entity, bin, now),
    })
    const inner = openMemoryStore()
    await run(fake, inner, START, at(20))
    const scans: (readonly [number, UnixSeconds])[] = []
    const store = new Proxy(inner, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target)
        if (key !== 'scan') return value
        return (...args: Parameters<Store['scan']>): unknown => {
          for (const id of args[0]) scans.push([id, args[1].from])
          return target.scan(...args)
        }
      },
    })
    await run(fake, store, at(20), plus(at(20), HOUR))
    const [kz] = await inner.series({ entity: KZ })
    const from = scans.filter(([id]) => id === kz!.id).map(([, each]) => each)
    expect(from.length).toBeGreaterThan(0)
    expect(Math.min(...from)).toBeGreaterThan(at(20 - 10))
    expect(scans.some(([, each]) => each < at(2))).toBe(true)
  })

  it('goes on after a sleep of five hours, and after its clock was set back, as if nothing had been', async () => {
    const cuts: readonly Cut[] = [{ entity: KZ, from: at(4.2), until: at(4.7) }]
    const store = openMemoryStore()
    const clock = createSimulatedClock(START)
    const fake = world({}, cuts)
    const observatory = await observe(fake, store, clock, fakeSource(fake), [])
    const never = new AbortController().signal
    await clock.until(at(4), never)
    // Asleep while it begins: five hours are what this source asks back for.
    clock.set(plus(at(4), 5 * HOUR))
    await clock.until(at(4.3), never)
    clock.set(plus(at(4.3), -10 * MINUTE))
    await clock.until(at(4.5), never)
    expect((await observatory.live.countries()).map((each) => each.status)).toEqual(['quiet', 'incident'])
    await clock.until(at(6), never)
    await observatory.close()
    const whole = await run(fake, openMemoryStore(), START, at(6))
    const last = (revisions: readonly Revision[]): unknown =>
      told(revisions.slice(-1)).map((each) => ({ ...(each as object), number: null, reasons: null }))
    expect(last(await store.revisions({}))).toEqual(last(await whole.store.revisions({})))
    expect(await columns(store)).toEqual(await columns(whole.store))
  })
})

describe('countries in trouble', () => {
  it('are what a source is to look at more closely, until somebody can say that it is over', async () => {
    const seen: (readonly EntityId[])[] = []
    const fake = fakeSource(
      world({}, [
        { entity: KZ, from: at(4), until: at(4.3) },
        { entity: BY, from: at(4.5), until: at(4.8) },
      ]),
    )
    const looking: Source = {
      ...fake,
      async *observe(context) {
        for await (const item of fake.observe(context)) {
          const focus = context.focus()
          if (focus.join() !== seen.at(-1)?.join()) seen.push(focus)
          yield item
        }
      },
    }
    await run(world({}), openMemoryStore(), START, at(5), false, looking)
    expect(seen).toEqual([[], [KZ], [BY, KZ]])
  })
})

describe('a source that fails', () => {
  const MANY = [
    'KZ',
    'BY',
    'IR',
    'DE',
    'FR',
    'GB',
    'US',
    'CA',
    'MX',
    'BR',
    'AR',
    'CL',
    'PE',
    'CO',
    'NG',
    'KE',
    'EG',
    'ZA',
  ]
    .concat(['MA', 'GH', 'CN', 'JP', 'KR', 'IN', 'PK', 'TH', 'VN', 'AU', 'NZ', 'FJ', 'ES', 'IT', 'PL', 'TR'])
    .map((code) => `country:${code}` as EntityId)
  const fault = (bin: UnixSeconds): boolean => bin >= at(4) && bin < at(4.25)
  const level = world({}).value
  const failing = (value: FakeWorld['value'], over: Partial<FakeWorld> = {}): FakeWorld =>
    world({ specs: [PING], entities: MANY, value, ...over })

  async function ailing(
    fake: FakeWorld,
  ): Promise<{ readonly open: readonly string[]; readonly kept: readonly HealthInterval[] }> {
    const { store } = await run(fake, openMemoryStore(), START, at(4.5))
    const open = (await store.revisions({})).map((each) => each.incident.id)
    return { open, kept: (await store.health({})).filter((each) => each.scope === null) }
  }

  it('is told from countries that fall, when all fall at once', async () => {
    const { open, kept } = await ailing(
      failing((spec, entity, bin, now) => (fault(bin) ? 0.3 : 1) * (level(spec, entity, bin, now) ?? 0)),
    )
    expect(open).toEqual([])
    expect(kept).toMatchObject([
      { condition: 'common-dip', from: at(4), until: at(4.25), detail: '34 of 34 countries' },
    ])
  })

  it('stays so over a restart however long it lasts, and is judged again when it is over', async () => {
    // A week of usual, then a source that shows a third of everything for nine days.
    const falls = (bin: UnixSeconds): boolean => bin >= at(7) && bin < at(16)
    const fake = failing((spec, entity, bin, now) => (falls(bin) ? 0.3 : 1) * (level(spec, entity, bin, now) ?? 0))
    const store = openMemoryStore()
    await run(fake, store, START, at(13), true)
    await run(fake, store, at(13), at(15.5), true)
    const { observatory } = await run(fake, store, at(15.5), at(17))
    expect((await store.revisions({})).map((each) => each.incident.id)).toEqual([])
    const kept = (await store.health({})).filter((each) => each.condition === 'common-dip')
    expect(kept).toMatchObject([{ from: at(7), until: at(16) }])
    expect(new Set((await observatory.live.countries()).map((each) => each.status))).toEqual(new Set(['quiet']))
  })

  it('is seen to be frozen, from its first bin that repeats', async () => {
    // What it repeats is a night of one country, which by day would be an outage of another.
    const { open, kept } = await ailing(
      failing((spec, entity, bin, now) => level(spec, entity, fault(bin) ? plus(at(4), -600) : bin, now)),
    )
    expect(open).toEqual([])
    expect(kept).toMatchObject([{ condition: 'frozen', from: at(4), until: at(4.25) }])
  })

  it('is partial when half of the countries are missing, and their silence opens nothing', async () => {
    const { open, kept } = await ailing(
      failing((spec, entity, bin, now) =>
        fault(bin) && MANY.indexOf(entity) % 2 === 0 ? undefined : level(spec, entity, bin, now),
      ),
    )
    expect(open).toEqual([])
    expect(kept).toMatchObject([{ condition: 'partial', from: at(4), until: at(4.25), detail: '17 of 34 countries' }])
  })

  it('is not judged while its clock is wrong', async () => {
    const { open, kept } = await ailing(
      failing(
        // Nonsense for six countries, which by themselves are no common dip.
        (spec, entity, bin, now) => (fault(bin) && MANY.indexOf(entity) < 6 ? 1 : level(spec, entity, bin, now)),
        { isClockWrong: (now) => now >= at(4) && now < at(4.3) },
      ),
    )
    expect(open).toEqual([])
    expect(kept).toMatchObject([{ condition: 'wrong-clock', detail: '7 min ahead of ours' }])
    expect(kept[0]!.from).toBeLessThanOrEqual(at(4))
    expect(kept[0]!.until).toBeGreaterThanOrEqual(at(4.25))
    const judged = await ailing(
      failing((spec, entity, bin, now) => (fault(bin) && MANY.indexOf(entity) < 6 ? 1 : level(spec, entity, bin, now))),
    )
    // The same values with a clock that is right.
    expect(new Set(judged.open).size).toBe(6)
  })

  it('is judged again once its clock is right, also when it was set right while nobody ran', async () => {
    const fake = (isClockWrong: FakeWorld['isClockWrong']): FakeWorld => world({ specs: [PING], isClockWrong })
    const store = openMemoryStore()
    await run(
      fake((now) => now >= at(3)),
      store,
      START,
      at(3.2),
      true,
    )
    const still = await run(
      fake(() => true),
      store,
      at(3.3),
      at(3.4),
      true,
    )
    expect((await still.observatory.live.countries()).map((each) => each.status)).toEqual(['blind', 'blind'])
    const { observatory } = await run(
      fake(() => false),
      store,
      at(3.5),
      at(4.5),
    )
    expect((await observatory.live.countries()).map((each) => each.status)).toEqual(['quiet', 'quiet'])
    const [kept] = (await store.health({})).filter((each) => each.condition === 'wrong-clock')
    expect(kept?.until).toBeLessThanOrEqual(at(3.55))
    expect(kept?.until).toBeGreaterThanOrEqual(at(3.4))
  })
})

async function columns(store: Store): Promise<unknown> {
  const found: [string, number[], number[]][] = []
  for (const each of await store.series({})) {
    const column = await store.read(each.id, { from: 0 as UnixSeconds, until: at(100) }, null)
    found.push([`${each.signal}/${each.entity}`, [...column.bins], [...column.values]])
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1))
}

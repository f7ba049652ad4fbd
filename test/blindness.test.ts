import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWeb } from '../src/api/browser.testing.ts'
import type { BuiltWeb } from '../src/api/renderer.ts'
import { DATA_SOURCES as IODA_DATA_SOURCES } from '../src/collect/ioda/data-sources.ts'
import type { Fault, FaultKind } from '../src/collect/ioda/faults.testing.ts'
import type { UnixSeconds } from '../src/model/brand.ts'
import type { HealthCondition } from '../src/model/health.ts'
import { HOUR, MINUTE, plus, toRfc3339 } from '../src/model/time.ts'
import { en } from '../src/words/en.ts'
import { blindnessWorld, COUNTRIES, headline, notices, readable, type BlindnessWorld } from './blindness-world.ts'
import { at } from './replays.ts'
import type { DataSource, Remains } from './simulated-world.ts'

/* Our blindness, shown: the whole observatory and its pages, an upstream with one fault at a time, a clock of ours. */

const START = at('2026-03-16T00:00Z')
const FAULT_HOURS = 5
/** What the last day holds is read again every six hours: then all is there. */
const RECOVERY_HOURS = 7

let web: BuiltWeb
let remove: () => Promise<void>
beforeAll(async () => {
  ;({ web, remove } = await buildWeb())
})
afterAll(() => remove())

const BLACKOUT: Remains = {
  bgp: 0.97,
  'ping-slash24': 0.05,
  'merit-nt': 0.06,
  gtr: 0.02,
  'ping-slash24-latency': 1.3,
  'ping-slash24-loss': 2,
}

/** A country that every data source knows, and that is never cut. */
const KNOWN = { country: 'KZ', stretches: [{ from: at('2027-01-01'), until: at('2027-01-02'), remains: BLACKOUT }] }

interface Shown {
  readonly fault: FaultKind
  readonly over?: Partial<Fault>
  readonly condition: HealthCondition
  /** The sentence over all pages. */
  readonly notice: RegExp
  /** All countries are lost from sight, or those of which nothing comes. */
  readonly sees: 'nothing' | 'half'
  /** Values come, and are not judged. */
  readonly isMasked: boolean
}

const LATE =
  /^Our feed is late: IODA has not answered since 1[5-9] March|^Our feed is late: IODA has not answered since 2\d March/
const SILENT = { condition: 'unreachable', notice: LATE, sees: 'nothing', isMasked: false } as const
const BROKEN = {
  condition: 'unreadable',
  notice: /^Our feed is broken: the answers of IODA cannot be read since \d+ March/,
  sees: 'nothing',
  isMasked: false,
} as const
const STOPPED = {
  condition: 'stale',
  notice: /^Our feed is late: IODA has given nothing new of .*, active probing.* since \d+ March/,
  sees: 'nothing',
  isMasked: false,
} as const
const CLOCK = {
  fault: 'wrong-clock',
  condition: 'wrong-clock',
  notice: /^Our clock or that of IODA is wrong since \d+ March/,
  sees: 'nothing',
  isMasked: true,
} as const
const HALF = {
  condition: 'partial',
  notice: /^IODA has given .*active probing.* for far fewer places than usual since \d+ March/,
  sees: 'half',
  isMasked: false,
} as const

const FAULTS: readonly Shown[] = [
  { fault: 'unreachable', ...SILENT },
  { fault: 'hangs', ...SILENT },
  { fault: 'refuses', ...SILENT },
  { fault: 'refuses-silently', ...SILENT },
  { fault: 'unavailable', ...SILENT },
  { fault: 'errs', ...SILENT },
  { fault: 'half-body', ...SILENT },
  { fault: 'no-json', ...BROKEN },
  { fault: 'changed-field', ...BROKEN },
  { fault: 'frozen', ...STOPPED },
  { fault: 'empty', ...STOPPED },
  {
    fault: 'stuck',
    condition: 'frozen',
    notice: /^IODA has repeated the same values of .*active probing.* since \d+ March/,
    sees: 'nothing',
    isMasked: true,
  },
  { ...CLOCK, over: { offsetSeconds: 2 * HOUR } },
  { ...CLOCK, over: { offsetSeconds: -2 * HOUR } },
  { ...CLOCK, over: { offsetSeconds: 2 * HOUR, shiftsBins: true } },
  { ...CLOCK, over: { offsetSeconds: -2 * HOUR, shiftsBins: true } },
  { fault: 'half-missing', ...HALF },
  { fault: 'half-null', ...HALF },
  {
    fault: 'sagging',
    condition: 'common-dip',
    notice: /^Many unrelated countries have fallen at once in .*active probing.* of IODA since \d+ March/,
    sees: 'nothing',
    isMasked: true,
  },
]

const nameOf = ({ fault, over = {} }: Shown): string =>
  [fault, over.offsetSeconds ?? '', over.shiftsBins === true ? 'with bins' : ''].filter((each) => each !== '').join(' ')

/** Of each signal: whether a condition lasts, as Prometheus reads it. */
function gauges(metrics: string, condition: string): readonly number[] {
  const lines = metrics.split('\n').filter((line) => line.startsWith('tocsin_signal_condition{'))
  return lines.filter((line) => line.includes(`condition="${condition}"`)).map((line) => Number(line.split(' ').at(-1)))
}

const standing = (metrics: string, status: string): number =>
  Number(new RegExp(`^tocsin_countries\\{status="${status}"\\} (\\d+)$`, 'm').exec(metrics)?.[1])

async function isClear(world: BlindnessWorld): Promise<void> {
  const [page, metrics] = [await world.get('/en/'), await world.get('/metrics')]
  expect(notices(page)).toEqual([])
  expect(headline(page)).toMatch(/^Nothing unusual in (4[4-8]) of 48 countries watched\.$/)
  expect(await world.get('/KZ.txt')).toMatch(/^Nothing unusual in Kazakhstan\./)
  expect(standing(metrics, 'blind')).toBe(0)
  for (const condition of Object.keys(en.sight.conditions))
    expect(Math.max(...gauges(metrics, condition)), condition).toBe(0)
}

/** Bins that the upstream held and we do not, or otherwise. */
async function differences(world: BlindnessWorld, from: UnixSeconds, until: UnixSeconds): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const { id, spec, divisor } of IODA_DATA_SOURCES) {
    const source = id as DataSource
    for (const series of await world.store.series({ signal: spec.signal })) {
      const column = await world.store.read(series.id, { from, until }, null)
      const country = series.entity.slice('country:'.length)
      for (let bin = Math.ceil(from / spec.step) * spec.step; bin + spec.step <= until; bin += spec.step) {
        const given = world.world.value(source, country, bin)
        const kept = column.values[column.bins.indexOf(bin)]
        if (!Object.is(kept, given === null ? Number.NaN : given / divisor))
          wrong.push(`${id} ${country} ${toRfc3339(bin as UnixSeconds)}: ${kept} for ${given}`)
      }
    }
  }
  return wrong
}

describe('our blindness, shown', { timeout: 600_000 }, () => {
  let world: BlindnessWorld
  beforeAll(async () => {
    world = await blindnessWorld(web, START, 12, [KNOWN], [])
    // History is there, and judged.
    await world.until(plus(START, 4 * HOUR + 30))
  }, 300_000)
  afterAll(() => world.close())

  describe.each(FAULTS.map((each) => ({ ...each, name: nameOf(each) })))('$name', (shown) => {
    let from: UnixSeconds
    const isMostlyBlind = shown.sees === 'nothing'

    it('is seen on all pages, in words', async () => {
      await isClear(world)
      from = world.clock.now()
      const until = plus(from, FAULT_HOURS * HOUR)
      world.server.plan([{ ...shown.over, kind: shown.fault, from, until }])
      await world.until(plus(from, shown.fault === 'stuck' ? 4 * HOUR : 2 * HOUR))
      for (const path of ['/en/', '/en/country/KZ', '/en/sources']) {
        const page = await world.get(path)
        expect(
          notices(page).filter((each) => shown.notice.test(each)),
          `${path} ${notices(page).join('\n')}`,
        ).toHaveLength(1)
      }
      const name = en.sight.conditions[shown.condition].name
      expect(readable(await world.get('/en/sources'))).toContain(`${name} Since`)
    })

    it('is our blindness while it lasts: nothing is quiet, nothing opens', async () => {
      await world.until(plus(from, FAULT_HOURS * HOUR - 5 * MINUTE))
      const metrics = await world.get('/metrics')
      expect(gauges(metrics, shown.condition)).toEqual([1, 1, 1, 1, 1, 1])
      expect(await world.store.revisions({})).toEqual([])
      const page = await world.get('/en/')
      if (isMostlyBlind) {
        expect(standing(metrics, 'blind')).toBe(COUNTRIES.length)
        expect(headline(page)).toMatch(
          /^Our newest usable data are from \d+ March 2026, .*; what happened since we cannot see\.$/,
        )
        for (const path of ['/en/', '/en/country/KZ', '/KZ.txt'])
          expect(readable(await world.get(path)), path).not.toMatch(/Nothing unusual/)
        expect(headline(await world.get('/en/country/KZ'))).toBe('We cannot see now what happens in Kazakhstan.')
        expect(await world.get('/KZ.txt')).toMatch(/^We cannot see now what happens in Kazakhstan\./)
      } else {
        expect(standing(metrics, 'blind')).toBeGreaterThan(10)
        expect(standing(metrics, 'quiet')).toBeGreaterThan(10)
        expect(headline(page)).toMatch(/^Nothing unusual in (1|2|3)\d of 48 countries watched\.$/)
        expect(readable(page)).toMatch(/ (1|2|3)\d countries we cannot see now\./)
      }
    })

    it('is over when it is over: the pages say so, and all data are there', async () => {
      await world.until(plus(from, (FAULT_HOURS + 2) * HOUR))
      await isClear(world)
      await world.until(plus(from, (FAULT_HOURS + RECOVERY_HOURS) * HOUR))
      await isClear(world)
      expect(await world.store.revisions({})).toEqual([])
      expect(await differences(world, plus(from, -HOUR), plus(from, (FAULT_HOURS + 6) * HOUR))).toEqual([])
    })

    it('stays on record: in the interface, on the sources’ page, in the charts', async () => {
      const range = `from=${toRfc3339(plus(from, -HOUR))}&until=${toRfc3339(plus(from, 7 * HOUR))}`
      const { health } = JSON.parse(await world.get(`/api/v1/health?${range}`)) as {
        readonly health: readonly { readonly condition: string; readonly from: string; readonly until: string | null }[]
      }
      const kept = health.filter((each) => each.condition === shown.condition)
      expect(kept.length).toBeGreaterThanOrEqual(6)
      for (const each of kept) {
        expect(at(each.from)).toBeGreaterThanOrEqual(from - 90 * MINUTE)
        expect(at(each.until ?? '2100-01-01')).toBeLessThanOrEqual(from + (FAULT_HOURS + 1.5) * HOUR)
      }
      if (!shown.isMasked) return
      expect(readable(await world.get(`/en/country/KZ?${range}`))).toMatch(/Values (on|from) .* are not judged: /)
    })
  })
})

const BEGINS = plus(START, 10 * HOUR)
const ENDS = plus(BEGINS, FAULT_HOURS * HOUR)
/** One began before the fault and one within it; both last. */
const CUTS = [
  { country: 'EG', stretches: [{ from: plus(BEGINS, -4 * HOUR), until: plus(ENDS, 48 * HOUR), remains: BLACKOUT }] },
  { country: 'KZ', stretches: [{ from: plus(BEGINS, 2 * HOUR), until: plus(ENDS, 48 * HOUR), remains: BLACKOUT }] },
]

describe('a shutdown while we are blind', { timeout: 300_000 }, () => {
  const faults = FAULTS.filter(({ fault, over }) =>
    fault === 'wrong-clock'
      ? over?.shiftsBins === true
      : ['unreachable', 'empty', 'stuck', 'half-null', 'sagging'].includes(fault),
  )
  it.each(faults.map((each) => ({ ...each, name: nameOf(each) })))(
    'is found when it is over, and one that was open stays open: $name',
    async (shown) => {
      const fault = { ...shown.over, kind: shown.fault, from: BEGINS, until: ENDS }
      const world = await blindnessWorld(web, START, 3, CUTS, [fault])
      const told = async (): Promise<readonly string[]> => {
        const { incidents } = JSON.parse(await world.get('/api/v1/incidents')) as {
          readonly incidents: readonly { readonly id: string; readonly state: string }[]
        }
        return incidents.map(({ id, state }) => `${id} ${state}`).sort()
      }
      await world.until(plus(BEGINS, -30))
      expect(await told()).toEqual(['EG-2026-03-16-a ongoing'])
      await world.until(plus(ENDS, -30))
      expect((await told()).filter((each) => each.startsWith('EG'))).toEqual(['EG-2026-03-16-a ongoing'])
      if (shown.sees === 'nothing') {
        expect(await told()).toHaveLength(1)
        expect(headline(await world.get('/en/country/EG'))).toMatch(
          /^Egypt was almost entirely offline from 16 March 2026, 06:00 UTC .* to the end of our data/,
        )
      }
      await world.until(plus(ENDS, 3 * HOUR))
      expect(await told()).toEqual(['EG-2026-03-16-a ongoing', 'KZ-2026-03-16-a ongoing'])
      const { onset } = (await world.observatory.live.incident('KZ-2026-03-16-a' as never, null)) ?? {}
      expect(onset?.earliest).toBeLessThanOrEqual(plus(BEGINS, 2 * HOUR))
      expect(onset?.latest).toBeGreaterThanOrEqual(plus(BEGINS, 2 * HOUR))
      expect(notices(await world.get('/en/'))).toEqual([])
      expect(headline(await world.get('/en/'))).toBe('2 incidents now.')
      await world.close()
    },
  )
})

describe('a start without a network', { timeout: 300_000 }, () => {
  it('says that we see nothing and why, never that nothing is unusual, and sees once there is one', async () => {
    const until = plus(START, 2 * HOUR)
    const world = await blindnessWorld(web, START, 2, [KNOWN], [{ kind: 'unreachable', from: 0, until }])
    for (const minutes of [1, 119]) {
      await world.until(plus(START, minutes * MINUTE))
      const page = await world.get('/en/')
      expect(headline(page)).toBe('We see nothing yet, of any country.')
      for (const path of ['/en/', '/en/country/KZ', '/en/sources']) {
        const [notice = '', ...others] = notices(await world.get(path))
        expect(notice).toMatch(
          /^Our feed is late: IODA has not answered since 16 March 2026, 00:00 UTC \(connection broken/,
        )
        expect(others).toEqual([])
      }
      expect(headline(await world.get('/en/country/KZ'))).toBe('We cannot see now what happens in Kazakhstan.')
      expect(await world.get('/KZ.txt')).toMatch(/^We cannot see now what happens in Kazakhstan\. /)
      expect(await world.get('/KZ.txt')).toMatch(/Our feed is late/)
      for (const path of ['/en/', '/en/country/KZ', '/KZ.txt'])
        expect(readable(await world.get(path)), path).not.toMatch(/Nothing unusual|do not watch/)
      expect(gauges(await world.get('/metrics'), 'unreachable')).toEqual([1, 1, 1, 1, 1, 1])
      // Networks are followed while their country is in trouble: this one was never to be.
      expect(await world.get('/AS9198.txt')).toMatch(/^We do not watch /)
    }
    await world.until(plus(until, 8 * MINUTE))
    // Data, and no usual yet to hold them against.
    expect(headline(await world.get('/en/'))).toBe('48 countries have too little data to say anything.')
    expect(readable(await world.get('/en/country/KZ'))).not.toMatch(/% of usual: the middle/)
    await world.until(plus(until, 3 * HOUR))
    await isClear(world)
    await world.close()
  })
})

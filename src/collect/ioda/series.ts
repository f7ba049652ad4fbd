import { z } from 'zod'
import type { UnixSeconds } from '../../model/brand.ts'
import type { Interval } from '../../model/intervals.ts'
import type { DataSource } from './data-sources.ts'
import { firstIssue, openEnvelope } from './envelope.ts'

/** One entity's bins out of one answer: ascending, within the span asked for, none that has not ended. */
export interface ReadSeries {
  readonly code: string
  readonly bins: Float64Array
  readonly values: Float64Array
  readonly weights: Float64Array
}

/** What an answer to a request for series holds. */
export type Reading =
  | {
      readonly kind: 'series'
      readonly series: readonly ReadSeries[]
      /** How many entities it has a place for, with values or without. */
      readonly spokenOf: number
      /** By the upstream's clock; `null` when it does not say. */
      readonly serverTime: UnixSeconds | null
      /** Values for bins that have not ended by our clock: left out. */
      readonly fromFuture: number
    }
  /** Its step is a multiple of the native one: the span was too long. Nothing of it is to be kept. */
  | { readonly kind: 'down-sampled'; readonly step: number }
  | { readonly kind: 'unreadable'; readonly detail: string }

const instant = z.int().min(0)
const step = z.int().min(1)

const series = z.object({
  entityCode: z.union([z.string(), z.int().transform(String)]),
  datasource: z.string(),
  subtype: z.string().nullish(),
  from: instant,
  until: instant,
  step,
  nativeStep: step,
  // Looked at one by one below: too many for a schema.
  values: z.custom<readonly unknown[]>(Array.isArray, 'expected an array'),
})

type RawSeries = z.infer<typeof series>

/** From this share of the entities on with a value that is none, it is the answer that is not as promised. */
const MOST_ODD = 0.1

/** What was asked: of which entities, which span of whole bins, and what time it is. */
export interface Asked {
  readonly source: DataSource
  readonly codes: ReadonlySet<string>
  /** Begins on the grid of the data source. */
  readonly span: Interval
  readonly now: UnixSeconds
}

/** Reads an answer of `/signals/raw`. What was not asked for is passed over; a shape that is not as promised is not read. */
export function readSeries(body: Uint8Array, date: string | null, asked: Asked): Reading {
  const opened = openEnvelope(body, date)
  if (opened.kind === 'unreadable') return opened
  const list = z.array(z.unknown()).safeParse(opened.data)
  if (!list.success) return { kind: 'unreadable', detail: `data: ${firstIssue(list.error)}` }
  const read: ReadSeries[] = []
  const seen = new Set<string>()
  let fromFuture = 0
  let odd = 0
  let oddity = ''
  // One array an entity, with one series for each data source or product in it.
  for (const item of list.data.flat(1)) {
    const parsed = series.safeParse(item)
    if (!parsed.success) return { kind: 'unreadable', detail: `series: ${firstIssue(parsed.error)}` }
    const raw = parsed.data
    if (!isWanted(raw, asked) || seen.has(raw.entityCode)) continue
    const native = asked.source.spec.step
    if (raw.nativeStep !== native) {
      return { kind: 'unreadable', detail: `nativeStep: ${raw.nativeStep} s, where it was ${native} s` }
    }
    if (raw.step !== native) return { kind: 'down-sampled', step: raw.step }
    if (raw.from % native !== 0) return { kind: 'unreadable', detail: `from: ${raw.from} is not on the grid` }
    const columns = columnsOf(raw, asked)
    seen.add(raw.entityCode)
    if (typeof columns === 'string') {
      odd += 1
      oddity = columns
      continue
    }
    fromFuture += columns.fromFuture
    read.push(columns.read)
  }
  // One entity with a value that cannot be must not cost us all others: it is left out, and late on its own page.
  if (odd > 0 && odd >= MOST_ODD * seen.size) return { kind: 'unreadable', detail: oddity }
  return { kind: 'series', series: read, spokenOf: list.data.length, serverTime: opened.serverTime, fromFuture }
}

function isWanted(raw: RawSeries, { source, codes }: Asked): boolean {
  if (raw.datasource !== source.id || !codes.has(raw.entityCode)) return false
  const product = raw.subtype ?? ''
  return source.product === null || product === '' || product.toUpperCase() === source.product
}

function columnsOf(raw: RawSeries, asked: Asked): { read: ReadSeries; fromFuture: number } | string {
  const { source, span, now } = asked
  const native = source.spec.step
  const end = Math.min(raw.until, raw.from + raw.values.length * native)
  const first = Math.max(raw.from, span.from)
  const count = Math.max(0, Math.floor((Math.min(end, span.until, now) - first) / native))
  const bins = new Float64Array(count)
  const values = new Float64Array(count)
  const weights = new Float64Array(count)
  const offset = (first - raw.from) / native
  const into: Value = { value: NaN, weight: NaN }
  for (let i = 0; i < count; i++) {
    const given = raw.values[offset + i]
    if (!readValue(given, source, into)) return `values: ${JSON.stringify(given).slice(0, 100)} is none`
    bins[i] = first + i * native
    values[i] = into.value
    weights[i] = into.weight
  }
  let fromFuture = 0
  for (let i = Math.max(0, Math.floor((now - raw.from) / native)); raw.from + (i + 1) * native <= end; i++) {
    if (raw.values[i] !== null) fromFuture += 1
  }
  return { read: { code: raw.entityCode, bins, values, weights }, fromFuture }
}

interface Value {
  value: number
  weight: number
}

/** Into `into`: `NaN` for what was asked and not given. @returns false for what is no value of that data source. */
function readValue(given: unknown, source: DataSource, into: Value): boolean {
  into.value = NaN
  into.weight = NaN
  if (given === null) return true
  if (typeof given === 'number') return setValue(given, source, into)
  // Latency and loss: `[{"agg_values": {"median_latency": 81.2, …}, …}]`, one object a team of probers.
  if (source.fields.length === 0 || typeof given !== 'object') return false
  for (const team of Array.isArray(given) ? (given as unknown[]) : [given]) {
    const fields = fieldsOf(team)
    if (fields === null) return false
    for (const name of source.fields) {
      const value = fields[name]
      if (value === undefined || value === null) continue
      const weight = source.weightField === null ? undefined : fields[source.weightField]
      if (typeof weight === 'number' && weight >= 0) into.weight = weight
      return typeof value === 'number' && setValue(value, source, into)
    }
  }
  return true
}

function fieldsOf(team: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof team !== 'object' || team === null) return null
  const inner = (team as Readonly<Record<string, unknown>>)['agg_values'] ?? team
  return typeof inner === 'object' ? (inner as Readonly<Record<string, unknown>>) : null
}

function setValue(value: number, source: DataSource, into: Value): boolean {
  // JSON.parse makes Infinity of 1e999.
  if (!Number.isFinite(value) || value < 0 || value > source.most) return false
  into.value = value / source.divisor
  return true
}

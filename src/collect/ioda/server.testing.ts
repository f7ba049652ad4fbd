import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DAY } from '../../model/time.ts'
import type { SimulatedClock } from '../clock.testing.ts'
import type { Fault, FaultKind } from './faults.testing.ts'

/** Native steps in seconds, as IODA's. */
const STEPS: Readonly<Record<string, number>> = {
  bgp: 300,
  'ping-slash24': 600,
  'merit-nt': 300,
  gtr: 1800,
  'ping-slash24-latency': 600,
  'ping-slash24-loss': 600,
}

export interface IodaServerOptions {
  readonly clock: SimulatedClock
  /**
   * Final value of a bin, in the upstream's unit (loss in per cent); `null` = none. The same arguments must always give
   * the same value: it is kept. Entities are `KZ`, `region/1675`, `asn/9198`.
   */
  readonly value: (dataSource: string, entity: string, bin: number) => number | null
  /** Whether a data source speaks of an entity at all; if not, the entity has no series. Left out: it does. */
  readonly knows?: (dataSource: string, entity: string) => boolean
  /** By country. */
  readonly regions?: Readonly<Record<string, readonly { readonly code: string; readonly name: string }[]>>
  readonly asns?: Readonly<Record<string, readonly { readonly code: string; readonly name: string }[]>>
  /** Bins younger than this (from their end) hold a part of their final value, which rises with time; 0 = none. */
  readonly risingSeconds?: number
  readonly faults?: readonly Fault[]
}

export interface IodaServer {
  /** To be used as base URL of the source. */
  readonly url: string
  /** Replaces the plan of faults. */
  plan(faults: readonly Fault[]): void
  /** What has been asked for and given, in the order of time. */
  readonly served: {
    readonly requests: { readonly at: number; readonly path: string; readonly fault: FaultKind | null }[]
    values: number
    bytes: number
    /** The most requests that were open at once. */
    mostAtOnce: number
  }
  close(): Promise<void>
}

/**
 * IODA on loopback: its envelope, its shapes, a world of your own and a plan of faults.
 *
 *     const clock = createSimulatedClock(START)
 *     const server = await createIodaServer({ clock, value: (source, entity, bin) => 100, faults: [] })
 *     const source = createIodaSource({ ...IODA_DEFAULTS, baseUrl: server.url, version: '0', contact: null })
 *     for await (const item of source.observe({ clock, fetch: clock.fetch(fetch), … })) …
 *
 * The client's `fetch` must go through `clock.fetch`, or a request that hangs holds time for ever.
 */
export async function createIodaServer(options: IodaServerOptions): Promise<IodaServer> {
  const { clock } = options
  let faults = options.faults ?? []
  const served: IodaServer['served'] = { requests: [], values: 0, bytes: 0, mostAtOnce: 0 }
  const texts = dayTexts(options.value)
  let open = 0

  const faultNow = (kind: FaultKind, dataSource: string | null): Fault | undefined => {
    const now = clock.now()
    return faults.find(
      (each) =>
        each.kind === kind &&
        each.from <= now &&
        now < each.until &&
        (each.dataSource === undefined || each.dataSource === dataSource),
    )
  }

  const send = (response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void => {
    const clockFault = faultNow('wrong-clock', null)
    const date = new Date((clock.now() + (clockFault?.offsetSeconds ?? 0)) * 1000).toUTCString()
    served.bytes += body.length
    const length = String(Buffer.byteLength(body))
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': length, date, ...headers })
    response.end(body)
  }

  const seriesText = (url: URL, type: string, codes: readonly string[], source: string): string => {
    const step = STEPS[source] ?? 300
    const now = clock.now()
    const missing = faultNow('half-missing', source)
    const empty = faultNow('half-null', source)
    const frozen = faultNow('frozen', source)
    const stuck = faultNow('stuck', source)
    const sagging = faultNow('sagging', source)
    const clockFault = faultNow('wrong-clock', source)
    const shift = clockFault?.shiftsBins === true ? floor(clockFault.offsetSeconds ?? 0, 1800) : 0
    const from = floor(Number(url.searchParams.get('from')), step)
    // Bins of a clock that is fast lie in our future, whatever was asked for.
    const asked = shift > 0 ? Infinity : Number(url.searchParams.get('until'))
    const end = floor(Math.min(asked, (frozen?.from ?? now) + shift), step)
    const longest = faultNow('down-samples', source)?.longestSeconds ?? Infinity
    const every = end - from > longest ? Math.ceil((end - from) / longest) * 2 : 1
    const name = faultNow('changed-field', source) === undefined ? 'values' : 'data'
    const sets: string[] = []
    for (const [i, code] of codes.entries()) {
      const entity = type === 'country' ? code : `${type}/${code}`
      const isOdd = hash(entity) % 2 === 1
      if (missing !== undefined && isOdd) continue
      if (faultNow('lists-ignored', source) !== undefined && i > 0) break
      if (end <= from || options.knows?.(source, entity) === false) {
        sets.push('[]')
        continue
      }
      let values: readonly string[]
      if (empty !== undefined && isOdd) values = Array.from({ length: (end - from) / step }, () => 'null')
      else values = valuesOf(source, entity, from - shift, end - shift, step, stuck)
      if (sagging !== undefined && hash(entity) % 3 !== 0)
        values = sagged(source, entity, values, from - shift, sagging)
      if (every > 1) values = values.filter((_, at) => at % every === 0)
      served.values += values.length
      const subtype = source === 'gtr' ? 'WEB_SEARCH' : ''
      sets.push(
        `[{"entityType":"${type}","entityCode":"${code}","entityName":"${code}","entityFqid":"x.${code}",` +
          `"datasource":"${source}","subtype":"${subtype}","from":${from},"until":${end},"step":${step * every},` +
          `"nativeStep":${step},"${name}":[${values.join(',')}]}]`,
      )
    }
    return `[${sets.join(',')}]`
  }

  const valuesOf = (
    source: string,
    entity: string,
    from: number,
    end: number,
    step: number,
    stuck: Fault | undefined,
  ): readonly string[] => {
    const rising = options.risingSeconds ?? 0
    const now = clock.now()
    const final = stuck === undefined ? end : Math.max(from, Math.min(end, floor(stuck.from, step)))
    const values = texts(source, entity, from, final, step)
    for (let bin = final; bin < end; bin += step) {
      values.push(textOf(source, options.value(source, entity, floor(stuck?.from ?? 0, step) - step)))
    }
    for (let bin = end - step; bin >= from && bin + step > now - rising; bin -= step) {
      const value = options.value(source, entity, bin)
      const share = 0.5 + (0.5 * (now - bin - step)) / rising
      values[(bin - from) / step] = textOf(source, value === null ? null : Math.floor(value * share))
    }
    return values
  }

  const sagged = (
    source: string,
    entity: string,
    texts: readonly string[],
    from: number,
    fault: Fault,
  ): readonly string[] => {
    const step = STEPS[source] ?? 300
    return texts.map((text, i) => {
      const value = from + i * step < fault.from ? null : options.value(source, entity, from + i * step)
      return value === null ? text : textOf(source, rises(source) ? value / SAG : Math.floor(value * SAG))
    })
  }

  const envelope = (type: string, data: string, error: string | null): string => {
    const off = faultNow('wrong-clock', null)?.offsetSeconds ?? 0
    const time = new Date((clock.now() + off) * 1000).toISOString().replace('.000Z', '+00:00')
    return (
      `{"type":"${type}","metadata":{"requestTime":"${time}","responseTime":"${time}"},"requestParameters":{},` +
      `"error":${JSON.stringify(error)},"perf":null,"data":${data},"copyright":"Nobody's: made for tests."}`
    )
  }

  /** The fault that the whole request falls to. */
  const whole = (source: string | null, isList: boolean): Fault | undefined => {
    const kinds: readonly FaultKind[] = [
      'unreachable',
      'hangs',
      'refuses',
      'refuses-silently',
      'unavailable',
      'errs',
      'half-body',
      'no-json',
      'empty',
      ...(isList ? (['lists-refused'] as const) : []),
    ]
    for (const kind of kinds) {
      const fault = faultNow(kind, source)
      if (fault !== undefined) return fault
    }
    return undefined
  }

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const raw = /^\/v2\/signals\/raw\/(country|region|asn)\/([^/]+)$/.exec(url.pathname)
    const source = raw === null ? null : url.searchParams.get('datasource')
    const type = raw?.[1] ?? ''
    const codes = raw === null ? [] : decodeURIComponent(raw[2] ?? '').split(',')
    const fault = whole(source, codes.length > 1)
    served.requests.push({ at: clock.now(), path: `${url.pathname}${url.search}`, fault: fault?.kind ?? null })
    if (fault === undefined && url.pathname === '/v2/entities/query') {
      const kind = url.searchParams.get('entityType') ?? ''
      const country = (url.searchParams.get('relatedTo') ?? '').replace('country/', '')
      const list = (kind === 'region' ? options.regions : options.asns)?.[country] ?? []
      const data = list.map((each) => ({ ...each, type: kind, attrs: { country_code: country } }))
      return send(response, 200, envelope('entities.lookup', JSON.stringify(data), null))
    }
    if (raw === null || source === null || STEPS[source] === undefined) return send(response, 404, '{}')
    switch (fault?.kind) {
      case 'unreachable':
        request.socket.destroy()
        return
      case 'hangs':
        clock.hang(request.headers)
        return
      case 'refuses':
        return send(response, 429, '', { 'retry-after': String(fault.retryAfterSeconds ?? 600) })
      case 'refuses-silently':
        return send(response, 429, '')
      case 'unavailable':
        return send(response, 503, '<html>down</html>')
      case 'errs':
        return send(response, 500, '<html>sorry</html>')
      case 'no-json':
        return send(response, 200, '<html>maintenance</html>')
      case 'empty':
        return send(response, 200, envelope('signals', '[]', null))
      case 'lists-refused':
        return send(response, 400, envelope('signals', 'null', 'cannot find corresponding metadata entity 0'))
      case 'half-body': {
        const body = envelope('signals', seriesText(url, type, codes, source), null)
        response.writeHead(200, { 'content-length': String(Buffer.byteLength(body)) })
        response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy())
        return
      }
      default:
        return send(response, 200, envelope('signals', seriesText(url, type, codes, source), null))
    }
  }

  const server = createServer((request, response) => {
    open += 1
    served.mostAtOnce = Math.max(served.mostAtOnce, open)
    response.on('close', () => (open -= 1))
    answer(request, response)
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`,
    plan: (next) => (faults = next),
    served,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** What is left of a count. */
const SAG = 0.3
const rises = (source: string): boolean => source === 'ping-slash24-latency' || source === 'ping-slash24-loss'

const floor = (at: number, step: number): number => Math.floor(at / step) * step

function hash(text: string): number {
  let sum = 7
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) % 65_521
  return sum
}

/** As the API writes a value: plain, or in an object for each team of probers. */
function textOf(source: string, value: number | null): string {
  if (value === null) return 'null'
  if (source === 'ping-slash24-latency')
    return `[{"agg_values":{"median_latency":${value},"mean_latency":${value + 1}}}]`
  if (source === 'ping-slash24-loss') return `[{"agg_values":{"loss_pct":${value},"probe_count":1000}}]`
  return String(value)
}

/** Texts of days that were asked for lately are kept, not all: ten weeks of the world are 30 million values. */
const MOST_DAYS = 6000

function dayTexts(
  value: IodaServerOptions['value'],
): (source: string, entity: string, from: number, end: number, step: number) => string[] {
  const days = new Map<string, readonly string[]>()
  const dayOf = (source: string, entity: string, day: number, step: number): readonly string[] => {
    const key = `${source}|${entity}|${day}`
    const known = days.get(key)
    if (known !== undefined) return known
    const made = Array.from({ length: DAY / step }, (_, i) =>
      textOf(source, value(source, entity, day * DAY + i * step)),
    )
    for (const oldest of days.keys()) {
      if (days.size < MOST_DAYS) break
      days.delete(oldest)
    }
    days.set(key, made)
    return made
  }
  return (source, entity, from, end, step) => {
    const texts: string[] = []
    for (let at = from; at < end;) {
      const day = Math.floor(at / DAY)
      const until = Math.min(end, (day + 1) * DAY)
      const whole = dayOf(source, entity, day, step)
      for (let i = (at - day * DAY) / step; i < (until - day * DAY) / step; i++) texts.push(whole[i] ?? 'null')
      at = until
    }
    return texts
  }
}

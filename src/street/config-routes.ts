import * as z from 'zod'
import { ConfigError } from '../model/errors.ts'
import type { Environment, WholeNumber } from './environment.ts'

/** Where routes are counted from. All off unless switched on: tables of routes take memory (docs/OPERATING.md#routes). */
export interface RoutesConfig {
  readonly risLive: RisLiveConfig
  /** The same series as `risLive`, from files alone; one of the two at most is on. */
  readonly ris: ArchiveConfig
  readonly routeviews: ArchiveConfig
  /** Gigabytes that files of archives may take in the data folder. */
  readonly cacheGb: number
  /** Peer networks without whose votes nothing is counted. */
  readonly leastPeers: number
}

export interface RisLiveConfig {
  readonly enabled: boolean
  readonly url: string
  /** From where a table comes to begin with, and what was missed. */
  readonly archiveUrl: string
  readonly collectors: readonly string[]
  readonly backfillHours: number
}

export interface ArchiveConfig {
  readonly enabled: boolean
  readonly url: string
  readonly collectors: readonly string[]
  readonly backfillDays: number
}

const WHOLE = {
  cacheGb: { least: 1, most: 100_000, what: 'gigabytes of the cache are a whole number from 1 up' },
  leastPeers: { least: 1, most: 1000, what: 'the least number of peers is a whole number from 1 to 1000' },
  backfillDays: { least: 0, most: 60, what: 'days of back-fill are a whole number from 0 to 60' },
  backfillHours: { least: 0, most: 1440, what: 'hours of back-fill are a whole number from 0 to 1440' },
} as const

const whole = ({ least, most, what }: WholeNumber) =>
  z.number(what).int(what).min(least, what).max(most, what).optional()

const isAddress = (text: string, schemes: RegExp): boolean => schemes.test(text) && URL.canParse(text)
const address = z
  .string()
  .refine((text) => isAddress(text, /^https?:\/\//), 'an address of an archive begins with http:// or https://')
const stream = z
  .string()
  .refine((text) => isAddress(text, /^wss?:\/\//), 'an address of a stream begins with ws:// or wss://')
const NAMES = 'collectors are names such as "rrc00" or "route-views.linx"'
const collectors = z.array(z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, NAMES)).min(1, 'a list without a collector')

const archive = z
  .strictObject({
    enabled: z.boolean().optional(),
    url: address.optional(),
    collectors: collectors.optional(),
    backfill_days: whole(WHOLE.backfillDays),
  })
  .optional()

/** Of [collect.routes]. */
export const routesSchema = z
  .strictObject({
    cache_gb: whole(WHOLE.cacheGb),
    least_peers: whole(WHOLE.leastPeers),
    ris_live: z
      .strictObject({
        enabled: z.boolean().optional(),
        url: stream.optional(),
        archive_url: address.optional(),
        collectors: collectors.optional(),
        backfill_hours: whole(WHOLE.backfillHours),
      })
      .optional(),
    ris: archive,
    routeviews: archive,
  })
  .optional()

export const ROUTES_DEFAULTS: RoutesConfig = {
  cacheGb: 20,
  leastPeers: 10,
  risLive: {
    enabled: false,
    url: 'wss://ris-live.ripe.net/v1/ws/',
    archiveUrl: 'https://data.ris.ripe.net',
    collectors: ['rrc00', 'rrc01', 'rrc03'],
    backfillHours: 25,
  },
  ris: { enabled: false, url: 'https://data.ris.ripe.net', collectors: ['rrc00', 'rrc01', 'rrc03'], backfillDays: 2 },
  routeviews: {
    enabled: false,
    url: 'https://archive.routeviews.org',
    collectors: ['route-views2', 'route-views.linx', 'route-views.sg'],
    backfillDays: 2,
  },
}

/** @throws ConfigError naming what is wrong with a variable, or that two sources would write the same series. */
export function routesOf(file: z.infer<typeof routesSchema>, environment: Environment): RoutesConfig {
  const { text, number, yesOrNo, fitting } = environment
  const names = (variable: string): readonly string[] | undefined => {
    const given = text(variable)
      ?.split(',')
      .map((each) => each.trim())
    if (given !== undefined && !collectors.safeParse(given).success)
      throw new ConfigError(`${variable} is "${given.join(',')}"; ${NAMES}, with commas between`)
    return given
  }
  const archiveOf = (
    set: z.infer<typeof archive>,
    standard: ArchiveConfig,
    prefix: 'TOCSIN_RIS' | 'TOCSIN_ROUTEVIEWS',
  ): ArchiveConfig => ({
    enabled: yesOrNo(prefix) ?? set?.enabled ?? standard.enabled,
    url: fitting(`${prefix}_URL`, address) ?? set?.url ?? standard.url,
    collectors: names(`${prefix}_COLLECTORS`) ?? set?.collectors ?? standard.collectors,
    backfillDays: number(`${prefix}_BACKFILL_DAYS`, WHOLE.backfillDays) ?? set?.backfill_days ?? standard.backfillDays,
  })
  const live = file?.ris_live
  const standard = ROUTES_DEFAULTS.risLive
  const routes: RoutesConfig = {
    cacheGb: number('TOCSIN_ROUTES_CACHE_GB', WHOLE.cacheGb) ?? file?.cache_gb ?? ROUTES_DEFAULTS.cacheGb,
    leastPeers:
      number('TOCSIN_ROUTES_LEAST_PEERS', WHOLE.leastPeers) ?? file?.least_peers ?? ROUTES_DEFAULTS.leastPeers,
    risLive: {
      enabled: yesOrNo('TOCSIN_RIS_LIVE') ?? live?.enabled ?? standard.enabled,
      url: fitting('TOCSIN_RIS_LIVE_URL', stream) ?? live?.url ?? standard.url,
      archiveUrl: fitting('TOCSIN_RIS_LIVE_ARCHIVE_URL', address) ?? live?.archive_url ?? standard.archiveUrl,
      collectors: names('TOCSIN_RIS_LIVE_COLLECTORS') ?? live?.collectors ?? standard.collectors,
      backfillHours:
        number('TOCSIN_RIS_LIVE_BACKFILL_HOURS', WHOLE.backfillHours) ?? live?.backfill_hours ?? standard.backfillHours,
    },
    ris: archiveOf(file?.ris, ROUTES_DEFAULTS.ris, 'TOCSIN_RIS'),
    routeviews: archiveOf(file?.routeviews, ROUTES_DEFAULTS.routeviews, 'TOCSIN_ROUTEVIEWS'),
  }
  if (routes.risLive.enabled && routes.ris.enabled)
    throw new ConfigError(
      'collect.routes.ris_live and collect.routes.ris are both on, and would write the same series: switch one off (RIS Live fills its gaps from the archive by itself)',
    )
  return routes
}

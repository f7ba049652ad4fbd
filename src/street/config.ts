import * as z from 'zod'
import { ConfigError } from '../model/errors.ts'
import { isCountryCode } from '../netdata/iso.ts'
import { readToml } from './config-file.ts'
import type { RoutesConfig } from './config-routes.ts'
import { ROUTES_DEFAULTS, routesOf, routesSchema } from './config-routes.ts'
import type { WholeNumber } from './environment.ts'
import { environmentOf } from './environment.ts'

/** What a setting may be, in the file as in the environment. */
const WHOLE = {
  port: { least: 0, most: 65_535, what: 'a port is a whole number from 0 (any free one) to 65535' },
  rateLimit: {
    least: 0,
    most: 1_000_000,
    what: 'requests a minute and client are a whole number from 0 (no limit) to 1000000',
  },
  memoryMb: { least: 64, most: 1_000_000, what: "the store's memory is a whole number of megabytes from 64 up" },
  requestsPerHour: { least: 12, most: 100_000, what: 'requests an hour are a whole number from 12 to 100000' },
  backfillDays: { least: 0, most: 365, what: 'days of back-fill are a whole number from 0 to 365' },
  // A judgement looks back on five weeks, and an incident is told for some weeks after.
  rawDays: { least: 70, most: 100_000, what: 'days of raw bins are a whole number from 70 up' },
  answersDays: { least: 1, most: 100_000, what: 'days of answers are a whole number from 1 up' },
} as const

const whole = ({ least, most, what }: WholeNumber) =>
  z.number(what).int(what).min(least, what).max(most, what).optional()

const CONTACT = 'a contact is a mail address in ASCII, for those whose data are asked for'
const contact = z.string().regex(/^[\x21-\x7e]+@[\x21-\x7e]+$/, CONTACT)
const URL_WORDS = 'an address of an interface begins with http:// or https://'
const address = z.string().refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), URL_WORDS)
const COUNTRIES = 'countries are codes of ISO 3166-1, such as "KZ"'
const countries = z
  .array(z.string().refine(isCountryCode, COUNTRIES))
  .min(1, 'a list without a country; leave it out for all')

const schema = z.strictObject({
  server: z
    .strictObject({
      host: z.string().min(1).optional(),
      port: z.number().int().min(0).max(65_535).optional(),
      rate_limit: whole(WHOLE.rateLimit),
      trust_proxy: z.boolean().optional(),
    })
    .optional(),
  store: z.strictObject({ folder: z.string().min(1).optional(), memory_mb: whole(WHOLE.memoryMb) }).optional(),
  replays: z.strictObject({ cases: z.array(z.string()).optional() }).optional(),
  collect: z
    .strictObject({
      enabled: z.boolean().optional(),
      contact: contact.optional(),
      ioda: z
        .strictObject({
          enabled: z.boolean().optional(),
          url: address.optional(),
          requests_per_hour: whole(WHOLE.requestsPerHour),
          backfill_days: whole(WHOLE.backfillDays),
          countries: countries.optional(),
        })
        .optional(),
      routes: routesSchema,
    })
    .optional(),
  retention: z.strictObject({ raw_days: whole(WHOLE.rawDays), answers_days: whole(WHOLE.answersDays) }).optional(),
})

export interface IodaConfig {
  readonly enabled: boolean
  readonly url: string
  readonly requestsPerHour: number
  readonly backfillDays: number
  /** `null` = all. */
  readonly countries: readonly string[] | null
}

export interface Config {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  /** Requests a minute and client; 0 = no limit. */
  readonly rateLimit: number
  /** A proxy of ours stands before us and says who asks. */
  readonly trustProxy: boolean
  readonly folder: string
  /** What DuckDB may use; past it, it goes to disk. */
  readonly memoryMb: number
  /** Case files and folders of them that are offered as replays beside the shipped ones. */
  readonly cases: readonly string[]
  readonly collect: {
    readonly enabled: boolean
    /** Where upstreams can reach the operator; `null` = not said. */
    readonly contact: string | null
    readonly ioda: IodaConfig
    readonly routes: RoutesConfig
  }
  readonly retention: { readonly rawDays: number; readonly answersDays: number }
}

/** Settings by flag; absent ones are taken from the environment, the file, the default, in this order. */
export type ConfigFlags = Partial<Pick<Config, 'host' | 'port' | 'folder' | 'cases'>> & { readonly collect?: boolean }

/** @internal */
export const DEFAULTS: Config = {
  host: '127.0.0.1',
  port: 8470,
  rateLimit: 240,
  trustProxy: false,
  folder: 'tocsin-data',
  memoryMb: 96,
  cases: [],
  collect: {
    enabled: true,
    contact: null,
    ioda: {
      enabled: true,
      url: 'https://api.ioda.inetintel.cc.gatech.edu/v2',
      requestsPerHour: 600,
      backfillDays: 56,
      countries: null,
    },
    routes: ROUTES_DEFAULTS,
  },
  retention: { rawDays: 400, answersDays: 90 },
}

/**
 * File < environment < flags.
 *
 * @param path the file of `--config`, which must be there; `null` for `tocsin.toml` in the working folder, which may be.
 * @throws ConfigError naming file and key, or the variable, and what would be right.
 */
export function readConfig(
  path: string | null,
  environment: Readonly<Record<string, string | undefined>>,
  flags: ConfigFlags,
): Config {
  const file = readToml(path, schema)
  const variables = environmentOf(environment)
  const { text, number, yesOrNo, fitting } = variables
  const ioda = file.collect?.ioda
  return {
    host: flags.host ?? text('TOCSIN_HOST') ?? file.server?.host ?? DEFAULTS.host,
    port: flags.port ?? number('TOCSIN_PORT', WHOLE.port) ?? file.server?.port ?? DEFAULTS.port,
    rateLimit: number('TOCSIN_RATE_LIMIT', WHOLE.rateLimit) ?? file.server?.rate_limit ?? DEFAULTS.rateLimit,
    trustProxy: yesOrNo('TOCSIN_TRUST_PROXY') ?? file.server?.trust_proxy ?? DEFAULTS.trustProxy,
    folder: flags.folder ?? text('TOCSIN_FOLDER') ?? file.store?.folder ?? DEFAULTS.folder,
    memoryMb: number('TOCSIN_MEMORY_MB', WHOLE.memoryMb) ?? file.store?.memory_mb ?? DEFAULTS.memoryMb,
    cases:
      flags.cases ??
      text('TOCSIN_CASES')
        ?.split(':')
        .filter((each) => each !== '') ??
      file.replays?.cases ??
      DEFAULTS.cases,
    collect: {
      enabled: flags.collect ?? yesOrNo('TOCSIN_COLLECT') ?? file.collect?.enabled ?? DEFAULTS.collect.enabled,
      contact: fitting('TOCSIN_CONTACT', contact) ?? file.collect?.contact ?? DEFAULTS.collect.contact,
      ioda: {
        enabled: yesOrNo('TOCSIN_IODA') ?? ioda?.enabled ?? DEFAULTS.collect.ioda.enabled,
        url: fitting('TOCSIN_IODA_URL', address) ?? ioda?.url ?? DEFAULTS.collect.ioda.url,
        requestsPerHour:
          number('TOCSIN_IODA_REQUESTS_PER_HOUR', WHOLE.requestsPerHour) ??
          ioda?.requests_per_hour ??
          DEFAULTS.collect.ioda.requestsPerHour,
        backfillDays:
          number('TOCSIN_IODA_BACKFILL_DAYS', WHOLE.backfillDays) ??
          ioda?.backfill_days ??
          DEFAULTS.collect.ioda.backfillDays,
        countries: codesOf(text('TOCSIN_IODA_COUNTRIES')) ?? ioda?.countries ?? DEFAULTS.collect.ioda.countries,
      },
      routes: routesOf(file.collect?.routes, variables),
    },
    retention: {
      rawDays: number('TOCSIN_RAW_DAYS', WHOLE.rawDays) ?? file.retention?.raw_days ?? DEFAULTS.retention.rawDays,
      answersDays:
        number('TOCSIN_ANSWERS_DAYS', WHOLE.answersDays) ??
        file.retention?.answers_days ??
        DEFAULTS.retention.answersDays,
    },
  }
}

function codesOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined
  const codes = text.split(',').map((each) => each.trim())
  const wrong = codes.find((each) => !isCountryCode(each))
  if (wrong !== undefined)
    throw new ConfigError(`TOCSIN_IODA_COUNTRIES names "${wrong}"; ${COUNTRIES}, with commas between`)
  return codes
}

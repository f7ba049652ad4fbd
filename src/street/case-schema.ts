import * as z from 'zod'
import { parseEntityId } from '../model/entity.ts'
import type { EntityId, UnixSeconds } from '../model/brand.ts'
import { parseRfc3339 } from '../model/time.ts'
import { createGazetteer } from '../netdata/gazetteer.ts'
import { isCountryCode } from '../netdata/iso.ts'

/** An instant in TOML: a date-time with a zone, or the same as a string. */
const instant = z.union([z.string(), z.date()]).transform((value, context): UnixSeconds => {
  const text = typeof value === 'string' ? value : value.toISOString()
  const at = parseRfc3339(text)
  if (at !== null) return at
  context.addIssue({ code: 'custom', message: `not an instant in RFC 3339 with a zone: ${text}` })
  return z.NEVER
})

const gazetteer = createGazetteer([])

const entityId = z.string().transform((value, context): EntityId => {
  const fits = parseEntityId(value) !== null
  if (fits && gazetteer.exists(value as EntityId)) return value as EntityId
  context.addIssue({
    code: 'custom',
    message: fits
      ? `${value} is nowhere in ISO 3166`
      : `not an entity id: ${value}; such as country:IR, region:IR-23, as:9198`,
  })
  return z.NEVER
})

const licence = z.strictObject({
  class: z.enum(['public-domain', 'attribution', 'share-alike', 'non-commercial', 'unstated']),
  name: z.string().min(1),
  url: z.string().optional(),
})

const source = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().min(1),
  url: z.string().optional(),
  licence,
  citation: z.string().min(1),
})

/** Which columns say what a row is about. Either `id`, or `kind` and the columns that make one. */
const entityMapping = z.union([
  z.strictObject({ id: entityId }),
  z.strictObject({
    kind: z.enum(['country', 'region', 'place', 'as', 'operator']),
    /** ISO 3166-1 alpha-2, when all rows are of one country … */
    country: z.string().optional(),
    /** … or the column that holds a code of two or three letters. */
    country_column: z.string().optional(),
    region_column: z.string().optional(),
    place_column: z.string().optional(),
    asn_column: z.string().optional(),
    operator_column: z.string().optional(),
    /** The file's spelling → ISO 3166-2 code, for what the alias table does not hold. */
    regions: z.record(z.string(), z.string()).optional(),
    /** Codes that mean no country here (an empty cell, `??`): their rows are left out without a word. */
    ignore: z.array(z.string()).optional(),
  }),
])

const seriesMapping = z.strictObject({
  column: z.string(),
  source: z.string(),
  signal: z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/, 'two words or more joined by dots, such as ping.up_slash24s'),
  label: z.string(),
  plane: z.enum(['routing', 'reachability', 'traffic', 'application', 'circumvention', 'collateral']),
  unit: z.string(),
  step_minutes: z.number().positive(),
  quantum: z.number().nonnegative(),
  bad: z.enum(['down', 'up']),
  seasonality: z.enum(['none', 'daily', 'weekly']),
  delay_minutes: z.number().nonnegative().optional(),
  weight_column: z.string().optional(),
  zero_is_omitted: z.boolean().optional(),
  window_normalised: z.boolean().optional(),
  group: z.string().optional(),
  facet: z.string().optional(),
  witness: z.enum(['none', 'fixed', 'mobile', 'both']).optional(),
})

const tableFile = z.strictObject({
  reader: z.literal('table'),
  path: z.string(),
  format: z.enum(['csv', 'parquet']).optional(),
  delimiter: z.string().length(1).optional(),
  /** Lines that begin with it are no rows. */
  comment: z.string().optional(),
  time: z.strictObject({
    column: z.string(),
    format: z.string(),
    zone: z.string().optional(),
    zone_column: z.string().optional(),
  }),
  entity: entityMapping,
  series: z.array(seriesMapping).min(1),
})

const iodaFile = z.strictObject({
  reader: z.literal('ioda-export'),
  path: z.string(),
  entity: entityId,
  /** Divided by the window's maximum (the dashboard's default)? Left out: yes, when no value is above 100. */
  normalised: z.boolean().optional(),
})

const bgpFile = z.strictObject({
  reader: z.literal('bgp-archive'),
  /** A folder of MRT files, in the layout of RIS, of RouteViews, or any other with dates in the names. */
  path: z.string(),
  source: z.enum(['ris', 'routeviews', 'bgp']).optional(),
  countries: z
    .array(z.string().refine(isCountryCode, 'countries are codes of ISO 3166-1, such as "KZ"'))
    .min(1, 'at least one country'),
  /** A folder of files of the regional registries, as `tocsin netdata update` keeps them. Left out: operators alone. */
  networks: z.string().optional(),
  /** Peer networks that must vote, 10 where left out. */
  least_peers: z.number().int().min(1).optional(),
  silent_after_minutes: z.number().positive().optional(),
  /** Routes that nobody in the world announced. */
  laboratory: z.boolean().optional(),
})

const expectation = z.strictObject({
  entity: entityId,
  /** How many incidents of that entity; left out: at least one. */
  incidents: z.number().int().nonnegative().optional(),
  onset: z.tuple([instant, instant]).optional(),
  end: z.tuple([instant, instant]).optional(),
  detected_by: instant.optional(),
  state: z.string().optional(),
  note: z.string().optional(),
})

/** Where a place that no table of ours holds belongs, and how many there are beside it. */
const hierarchy = z.strictObject({
  /** By entity id, or the bare code of a region. */
  known_children: z
    .record(
      z.string().refine((key) => {
        const id = key.includes(':') ? key : `region:${key}`
        return parseEntityId(id) !== null && gazetteer.exists(id as EntityId)
      }, 'neither an entity id nor the code of a region in ISO 3166-2, such as US-LA'),
      z.number().int().positive(),
    )
    .optional(),
  source: z.string().optional(),
})

const UNTIL_AFTER_FROM = { path: ['until'], message: 'until is not after from' }

/** Past this a reconstruction is a slip of the pen (a step in seconds, a year of five digits), and would fill the memory. */
const MOST_BINS = 2_000_000

export const caseSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens'),
    title: z.string().min(1),
    summary: z.string().min(1),
    from: instant,
    until: instant,
    sources: z.array(source).min(1),
    files: z.array(z.discriminatedUnion('reader', [tableFile, iodaFile, bgpFile])).min(1),
    hierarchy: hierarchy.optional(),
    expect: z.array(expectation).optional(),
  })
  .refine((file) => file.until > file.from, UNTIL_AFTER_FROM)

const waypoint = z.strictObject({
  at: instant,
  level: z.number().min(0).max(2),
  shape: z.enum(['step', 'ramp']).optional(),
  text: z.string(),
  source: z.string(),
  about_minutes: z.number().nonnegative().optional(),
  assumed: z.boolean().optional(),
})

export const reconstructionSchema = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    summary: z.string(),
    reconstruction: z.literal(true),
    from: instant,
    until: instant,
    step_minutes: z.number().int().positive(),
    seed: z.number().int(),
    sources: z
      .array(z.strictObject({ id: z.string(), name: z.string(), url: z.string().optional(), licence: z.string() }))
      .min(1),
    entities: z.array(
      z.strictObject({
        id: entityId,
        name: z.string(),
        as: z.array(z.number().int()).optional(),
        note: z.string().optional(),
      }),
    ),
    series: z
      .array(
        z.strictObject({
          source: z.string(),
          signal: z.string(),
          label: z.string(),
          entity: entityId,
          plane: z.enum(['routing', 'reachability', 'traffic', 'application', 'circumvention', 'collateral']),
          unit: z.string(),
          usual: z.number().positive(),
          night_share: z.number().positive().max(1),
          peak_local_hour: z.number().min(0).max(24),
          weekend_share: z.number().positive().max(2),
          noise_ratio: z.number().nonnegative().max(0.5),
          citation: z.string(),
          note: z.string().optional(),
          waypoints: z.array(waypoint),
        }),
      )
      .min(1),
    facts: z.array(z.strictObject({ at: instant, entity: entityId, text: z.string(), source: z.string() })).optional(),
  })
  .refine((file) => file.until > file.from, UNTIL_AFTER_FROM)
  .refine((file) => ((file.until - file.from) / (file.step_minutes * 60)) * file.series.length <= MOST_BINS, {
    path: ['step_minutes'],
    message: `more than ${MOST_BINS} bins in all; is it in minutes?`,
  })
  .superRefine((file, context) => {
    for (const [i, series] of file.series.entries()) {
      if (!file.sources.some((each) => each.id === series.source))
        context.addIssue({
          code: 'custom',
          path: ['series', i, 'source'],
          message: `"${series.source}" is not under [[sources]]`,
        })
    }
  })

export type CaseFile = z.infer<typeof caseSchema>
export type CaseExpectation = z.infer<typeof expectation>
export type TableFile = z.infer<typeof tableFile>
export type IodaFile = z.infer<typeof iodaFile>
export type BgpFile = z.infer<typeof bgpFile>
export type SeriesMapping = z.infer<typeof seriesMapping>
export type ReconstructionFile = z.infer<typeof reconstructionSchema>

import { z } from '@hono/zod-openapi'

/* Shapes of answers, for the description of the interface. What fills them is in model/public.ts. */

function list<T extends z.ZodType>(item: T): z.ZodReadonly<z.ZodArray<T>> {
  return z.array(item).readonly()
}

const Instant = z.iso.datetime().openapi({ example: '2026-01-08T16:30:00Z' })
const Origin = z.enum(['measured', 'reconstructed', 'laboratory']).openapi({
  description: 'A reconstruction is made from published facts and is not a measurement; a laboratory is not the world.',
})
const Plane = z.enum(['routing', 'reachability', 'traffic', 'application', 'circumvention', 'collateral'])
const Share = z.number().nullable().openapi({ description: 'Observed ÷ usual, 0 and up; null = cannot be told.' })

const Moment = z
  .object({ at: Instant, earliest: Instant, latest: Instant })
  .openapi('Moment', { description: 'The change lies between earliest and latest; at is the start of its bin.' })

const Span = z
  .object({
    onset: Moment,
    end: Moment.nullable(),
    close: z.enum(['returned', 'new-normal', 'lost-sight']).nullable(),
    detectedAt: Instant,
    closedAt: Instant.nullable(),
    troughShare: z.number(),
    partialSince: Instant.nullable(),
    baseline: z.enum(['hour-of-week', 'hour-of-day', 'running-median']),
    gaps: z.object({ bins: z.int(), reading: z.enum(['unknown', 'ambiguous']) }),
  })
  .openapi('Span')

const evidence = {
  source: z.string(),
  signal: z.string(),
  label: z.string(),
  plane: Plane,
  entity: z.string(),
  facet: z.string().nullable(),
  spans: list(Span),
  share: Share,
  seenAt: Instant.nullable(),
}

const Evidence = z.object(evidence).openapi('Evidence')

export const IncidentSchema = z
  .object({
    id: z.string().openapi({ example: 'KZ-2022-01-05-a' }),
    entity: z.string().openapi({ example: 'country:KZ' }),
    state: z.enum(['suspected', 'ongoing', 'recovering', 'restricted', 'unverified', 'resolved', 'retracted']),
    kind: z.enum(['blackout', 'partial', 'throttling', 'blocking', 'allow-list']),
    onset: Moment,
    end: Moment.nullable(),
    detectedAt: Instant,
    knownAt: Instant,
    severity: z.enum(['minor', 'major', 'critical']),
    confidence: z.number().min(0).max(1),
    signals: z.object({ agreeing: z.int(), able: z.int() }),
    share: Share,
    troughShare: Share,
    origin: Origin,
    partOf: z.string().nullable(),
    episodes: list(z.object({ onset: Instant, end: Instant.nullable() })),
    evidence: list(Evidence),
    contradictions: list(z.object({ up: z.string(), down: z.string(), since: Instant, until: Instant.nullable() })),
    closedBy: z.enum(['measurement-only', 'witness', 'new-normal', 'lost-sight']).nullable(),
  })
  .openapi('Incident')

export const IncidentListSchema = z.object({ incidents: list(IncidentSchema) }).openapi('IncidentList')

export const EvidenceListSchema = z
  .object({
    incident: z.string(),
    evidence: list(
      z.object({
        ...evidence,
        series: z.int().nullable().openapi({ description: 'Number of the series; null for a roll-up of children.' }),
        data: z.string().nullable().openapi({ description: 'Path of the series over the time of the incident.' }),
        provenance: z.string().nullable().openapi({ description: 'Path of where its bins came from, over that time.' }),
        answers: list(z.string()).openapi({
          description: 'Paths of the upstream answers that its onsets were read from; none for what came from a file.',
        }),
      }),
    ),
  })
  .openapi('EvidenceList')

export const RevisionListSchema = z
  .object({
    revisions: list(
      z.object({
        number: z.int(),
        publishedAt: Instant,
        reasons: list(z.string()),
        ruleVersion: z.string(),
        snapshot: z.int(),
        incident: IncidentSchema,
      }),
    ),
  })
  .openapi('RevisionList')

export const EntityListSchema = z
  .object({
    entities: list(
      z.object({
        id: z.string(),
        kind: z.enum(['world', 'country', 'region', 'place', 'as', 'operator', 'access']),
        name: z.string(),
        country: z.string().nullable(),
        parent: z.string().nullable(),
        timeZone: z.string().nullable(),
        knownChildren: z.int().openapi({ description: 'How many exist, watched or not.' }),
        series: z.int().openapi({ description: 'How many series speak of it.' }),
      }),
    ),
  })
  .openapi('EntityList')

const Licence = z.object({
  class: z.enum(['public-domain', 'attribution', 'share-alike', 'non-commercial', 'unstated']),
  name: z.string(),
  url: z.string().nullable(),
})

export const SignalListSchema = z
  .object({
    signals: list(
      z.object({
        source: z.string(),
        signal: z.string(),
        label: z.string(),
        plane: Plane,
        unit: z.string(),
        stepSeconds: z.int(),
        delaySeconds: z.int(),
        badDirection: z.enum(['down', 'up']),
        seasonality: z.enum(['none', 'daily', 'weekly']),
        quantum: z.number(),
        windowNormalised: z.boolean(),
        zeroIsOmitted: z.boolean(),
        group: z
          .string()
          .openapi({ description: 'Signals of one group rest on the same measurements and count once.' }),
        witness: z.enum(['none', 'fixed', 'mobile', 'both']),
        licence: Licence,
        citation: z.string(),
      }),
    ),
  })
  .openapi('SignalList')

const series = {
  id: z.int(),
  name: z.string().openapi({ example: 'ioda/ping.up_slash24s/country:IR' }),
  source: z.string(),
  signal: z.string(),
  entity: z.string(),
  facet: z.string().nullable(),
  origin: Origin,
  stepSeconds: z.int(),
  phaseSeconds: z.int(),
}

export const SeriesListSchema = z.object({ series: list(z.object(series)) }).openapi('SeriesList')

export const SeriesDataSchema = z
  .object({
    ...series,
    unit: z.string(),
    licence: Licence,
    citation: z.string(),
    from: Instant,
    until: Instant,
    asOf: Instant.nullable(),
    baseline: z.enum(['hour-of-week', 'hour-of-day', 'running-median']).nullable(),
    sampled: z
      .boolean()
      .openapi({ description: 'Bins were left out; least, greatest and gaps of each bucket are kept.' }),
    observations: list(
      z.object({
        time: Instant.openapi({ description: 'Start of the bin.' }),
        value: z.number().nullable(),
        expected: z.number().nullable(),
        spread: z.number().nullable(),
        share: z.number().nullable(),
        reading: z.enum(['quiet', 'span', 'gap', 'ambiguous-gap', 'blind']),
      }),
    ),
  })
  .openapi('SeriesData', { description: 'null = no value; it is never a zero that nobody measured.' })

export const ReplayListSchema = z
  .object({
    replays: list(
      z.object({
        id: z.string(),
        title: z.string(),
        summary: z.string(),
        origin: Origin,
        unavailable: z.string().nullable(),
        sources: list(z.object({ name: z.string(), url: z.string().nullable(), licence: z.string() })),
      }),
    ),
  })
  .openapi('ReplayList')

export const HealthSchema = z
  .object({
    status: z.enum(['ok', 'failing']),
    store: z.enum(['ok', 'failing']),
    now: Instant,
    newestData: Instant.nullable(),
    newestDataAgeSeconds: z.int().nullable(),
  })
  .openapi('Health')

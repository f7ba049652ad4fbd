import { z } from '@hono/zod-openapi'

/* Shapes of what is said about our own view: sources, health, what could be seen, and where numbers came from. */

function list<T extends z.ZodType>(item: T): z.ZodReadonly<z.ZodArray<T>> {
  return z.array(item).readonly()
}

const Instant = z.iso.datetime().openapi({ example: '2026-01-08T16:30:00Z' })
const Ratio = z.number().min(0).max(1)

const HealthInterval = z
  .object({
    source: z.string(),
    signal: z.string(),
    scope: z.string().nullable().openapi({ description: 'The entity that it is limited to; null = everywhere.' }),
    condition: z
      .enum(['unreachable', 'unreadable', 'stale', 'frozen', 'wrong-clock', 'partial', 'common-dip'])
      .openapi({ description: 'What is wrong with our view; never a statement about a country.' }),
    from: Instant,
    until: Instant.nullable().openapi({ description: 'null while it lasts.' }),
    knownAt: Instant,
    detail: z.string(),
  })
  .openapi('HealthInterval')

export const HealthListSchema = z
  .object({ from: Instant, until: Instant, health: list(HealthInterval) })
  .openapi('HealthList')

const SignalHealth = z
  .object({
    signal: z.string(),
    label: z.string(),
    conditions: list(HealthInterval).openapi({ description: 'What is wrong now, the gravest first.' }),
    newest: Instant.nullable().openapi({ description: 'End of the newest bin with a value.' }),
    expected: Instant.openapi({ description: 'End of the newest bin that should be here by now.' }),
    entities: z.object({ fresh: z.int(), usual: z.int() }),
    backfilled: Ratio,
  })
  .openapi('SignalHealth')

export const SourceListSchema = z
  .object({
    sources: list(
      z.object({
        source: z.string(),
        name: z.string(),
        homepage: z.string().nullable(),
        upstream: z.string(),
        enabled: z.boolean(),
        budget: z.object({
          requests: z.int(),
          perSeconds: z.number(),
          backfillShare: Ratio,
          spent: z.int().openapi({ description: 'In the running window.' }),
        }),
        requests: z
          .object({ ok: z.int(), refused: z.int(), failed: z.int(), unreadable: z.int(), bytes: z.int() })
          .openapi({ description: 'Since the start.' }),
        lastAnswerAt: Instant.nullable(),
        lastFailure: z.object({ at: Instant, reason: z.string() }).nullable(),
        waitingUntil: Instant.nullable().openapi({ description: 'It is not asked before.' }),
        leftOut: z.array(z.string()).readonly().openapi({
          description: 'Entities of the upstream that no table of ours knows, and that are not followed.',
        }),
        roundSeconds: z.number().nullable().openapi({
          description: 'How long a round takes while it takes no lists and is asked one by one; null = it takes lists.',
        }),
        signals: list(SignalHealth),
      }),
    ),
  })
  .openapi('SourceList')

export const CountryListSchema = z
  .object({
    at: Instant.openapi({ description: 'The instant that the view speaks from.' }),
    countries: list(
      z.object({
        code: z.string().openapi({ example: 'KZ' }),
        entity: z.string().openapi({ example: 'country:KZ' }),
        name: z.string(),
        status: z.enum(['incident', 'quiet', 'too-little', 'blind', 'not-watched']).openapi({
          description:
            'blind: nothing can be said of now; that is ours and not theirs. not-watched is not quiet either.',
        }),
        share: z.number().nullable(),
        seenAt: Instant.nullable().openapi({ description: 'End of its newest bin with a value.' }),
        incident: z.string().nullable(),
      }),
    ),
  })
  .openapi('CountryList')

const LeastCut = z
  .object({
    loss: z.number().min(0).openapi({
      description: 'Share of usual that had to be lost, 0–1; of throttling, the relative rise, which may pass 1.',
    }),
    by: z.string().openapi({ description: 'The signal that would have shown it.', example: 'ioda/ping.up_slash24s' }),
  })
  .nullable()

export const DetectabilitySchema = z
  .object({
    entity: z.string(),
    at: Instant,
    cuts: list(
      z.object({
        kind: z.enum(['national', 'regional', 'mobile', 'throttling', 'services', 'allow-list']),
        hour: LeastCut,
        day: LeastCut,
        why: z.enum(['no-signal', 'too-little-history', 'blind']).nullable(),
      }),
    ),
  })
  .openapi('Detectability', {
    description: 'The least cut of an hour and of a day that would have shown; null = none.',
  })

const answer = {
  sha256: z.string().openapi({ description: 'Of the bytes, hexadecimal.' }),
  source: z.string(),
  method: z.string(),
  url: z.string().openapi({ description: 'What was asked for.' }),
  requestHeaders: z.record(z.string(), z.string()),
  status: z.int(),
  responseHeaders: z.record(z.string(), z.string()),
  fetchedAt: Instant,
  bytes: z.int(),
  body: z.string().nullable().openapi({ description: 'Path of the bytes as they came; null once they were let go.' }),
}

const Answer = z.object(answer).openapi('Answer')

export const AnswerListSchema = z
  .object({ sha256: z.string(), answers: list(Answer) })
  .openapi('AnswerList', { description: 'Each time that these bytes were fetched, oldest first.' })

export const ProvenanceSchema = z
  .object({
    series: z.int(),
    from: Instant,
    until: Instant,
    provenance: list(
      z.object({
        from: Instant,
        until: Instant,
        bins: z.int(),
        batch: z.int(),
        arrival: Instant,
        answer: Answer.nullable().openapi({ description: 'null for what came from a case file.' }),
      }),
    ),
  })
  .openapi('Provenance', { description: 'The upstream answer that each stretch of bins was read from.' })

export const HoursSchema = z
  .object({
    series: z.int(),
    from: Instant,
    until: Instant,
    hours: list(
      z.object({
        time: Instant.openapi({ description: 'Start of the hour.' }),
        count: z.int().openapi({ description: 'Bins with a value; 0 = all were gaps.' }),
        mean: z.number().nullable(),
        least: z.number().nullable(),
        most: z.number().nullable(),
      }),
    ),
  })
  .openapi('Hours', { description: 'What is kept for ever; an hour that is not there was not looked at.' })

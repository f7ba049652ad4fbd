import { z } from '@hono/zod-openapi'
import type { EntityId, IncidentId, UnixSeconds } from '../model/brand.ts'
import { parseEntityId } from '../model/entity.ts'
import type { IncidentState } from '../model/incident.ts'
import { parseRfc3339 } from '../model/time.ts'

/* Parameters, each with what would be right in its message. They come as text and leave as words of the model. */

const STATES: readonly IncidentState[] = [
  'suspected',
  'ongoing',
  'recovering',
  'restricted',
  'unverified',
  'resolved',
  'retracted',
]

export const InstantText = z
  .string()
  .transform((text, context): UnixSeconds => {
    // A plus sign in a query that nobody encoded arrives as a space.
    const at = parseRfc3339(text.replace(/ (\d{2}:\d{2})$/, '+$1'))
    if (at !== null) return at
    context.addIssue({
      code: 'custom',
      message: 'must be an instant in RFC 3339 with a zone, such as 2026-01-08T16:30:00Z, or a date such as 2026-01-08',
    })
    return z.NEVER
  })
  .openapi({ type: 'string', format: 'date-time', example: '2026-01-08T16:30:00Z' })

export const EntityText = z
  .string()
  .transform((text, context): EntityId => {
    if (parseEntityId(text) !== null) return text as EntityId
    context.addIssue({
      code: 'custom',
      message:
        'must be an entity id, such as world, country:KZ, region:KZ-75, place:IR-23.tehran, as:9198 or operator:KZ.kcell',
    })
    return z.NEVER
  })
  .openapi({ type: 'string', example: 'country:KZ' })

export const CountryText = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be two capital letters of ISO 3166-1, such as KZ')
  .openapi({ type: 'string', example: 'KZ' })

export const StatesText = z
  .string()
  .transform((text, context): readonly IncidentState[] => {
    const words = text.split(',')
    const states = words.flatMap((word) => STATES.filter((state) => state === word))
    if (states.length === words.length) return states
    context.addIssue({ code: 'custom', message: `must be one or more of ${STATES.join(', ')}, with commas between` })
    return z.NEVER
  })
  .openapi({ type: 'string', example: 'ongoing,restricted' })

export const BooleanText = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true')
  .openapi({ type: 'boolean' })

export const PointsText = z
  .string()
  .transform((text, context): number => {
    const points = Number(text)
    if (/^\d+$/.test(text) && points >= 3 && points <= 10_000) return points
    context.addIssue({ code: 'custom', message: 'must be a whole number from 3 to 10000' })
    return z.NEVER
  })
  .openapi({ type: 'integer', example: 600 })

export const PlaceText = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number, the place of a revision')
  .transform(Number)
  .openapi({ type: 'integer', example: 41 })

export const EventLimitText = z
  .string()
  .transform((text, context): number => {
    const limit = Number(text)
    if (/^\d+$/.test(text) && limit >= 1 && limit <= 1000) return limit
    context.addIssue({ code: 'custom', message: 'must be a whole number from 1 to 1000' })
    return z.NEVER
  })
  .openapi({ type: 'integer', example: 100 })

export const SeriesNumberText = z
  .string()
  .transform((text, context): number => {
    if (/^(?:0|[1-9]\d{0,8})$/.test(text)) return Number(text)
    context.addIssue({ code: 'custom', message: 'must be the number of a series, as the list of series gives it' })
    return z.NEVER
  })
  .openapi({ type: 'integer', param: { name: 'id', in: 'path' }, example: 0 })

export const IncidentText = z
  .string()
  .transform((text): IncidentId => text as IncidentId)
  .openapi({ type: 'string', param: { name: 'id', in: 'path' }, example: 'KZ-2022-01-05-a' })

export const HashText = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 lower-case hexadecimal digits')
  .openapi({ type: 'string', param: { name: 'sha256', in: 'path' } })

export const EntityPathText = EntityText.openapi({ param: { name: 'id', in: 'path' } })

export const CaseText = z
  .string()
  .openapi({ type: 'string', param: { name: 'case', in: 'path' }, example: 'iran-2026' })

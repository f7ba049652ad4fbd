import { readFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import * as z from 'zod'
import type { UnixSeconds } from '../../model/brand.ts'
import { ConfigError } from '../../model/errors.ts'
import { isCountryCode } from '../iso.ts'

/** An AS in a territory that more than one country claims. */
export interface DisputedAs {
  readonly asn: number
  readonly territory: string
  /** ISO 3166-1: under which its networks have been registered, or which claim the territory. */
  readonly countries: readonly string[]
}

const seconds = z.date().transform((value) => Math.floor(value.getTime() / 1000))
const country = z.string().refine(isCountryCode, 'no code of ISO 3166-1')

const schema = z.strictObject({
  territories: z.array(
    z.strictObject({
      name: z.string().min(1),
      countries: z.array(country).min(1),
      /** UTC, `[since, until)`: what a replay of an earlier year does not know yet. */
      since: seconds.optional(),
      until: seconds.optional(),
      /** Why no AS is listed, where none is. */
      note: z.string().min(1).optional(),
      ases: z.array(
        z.strictObject({
          asn: z.number().int().min(1).max(4_294_967_295),
          name: z.string().min(1),
          source: z.string().min(1),
          /** The day that the source speaks of. */
          as_of: seconds,
        }),
      ),
    }),
  ),
})

export type DisputedTable = z.infer<typeof schema>

let loaded: DisputedTable | null = null

/** data/networks/disputed.toml, which stands beside src/ and beside dist/. @throws ConfigError that names the file. @internal */
export function disputedTable(): DisputedTable {
  if (loaded !== null) return loaded
  try {
    loaded = schema.parse(parse(readFileSync(new URL('../../../data/networks/disputed.toml', import.meta.url), 'utf8')))
    return loaded
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new ConfigError(`data/networks/disputed.toml cannot be used: ${what}`, { cause: error })
  }
}

/** ASes whose territory was disputed at an instant. What is not listed is not known to be. */
export function disputedAses(at: UnixSeconds): ReadonlyMap<number, DisputedAs> {
  const found = new Map<number, DisputedAs>()
  for (const { name, countries, since, until, ases } of disputedTable().territories) {
    if (at < (since ?? -Infinity) || at >= (until ?? Infinity)) continue
    for (const { asn } of ases) found.set(asn, { asn, territory: name, countries })
  }
  return found
}

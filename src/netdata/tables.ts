import { readFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import * as z from 'zod'
import { ConfigError } from '../model/errors.ts'

const country = z.string().regex(/^[A-Z]{2}$/)
const region = z.string().regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/)
const zone = z.string().min(1)
/** By language; English is what every other language falls back to. */
const names = z.looseObject({ en: z.string().min(1) }).catchall(z.string().min(1))
const date = z.date().transform((value) => Math.floor(value.getTime() / 1000))

const zonesTable = z.strictObject({ countries: z.record(country, zone), regions: z.record(region, zone) })
const namesTable = z.strictObject({ countries: z.record(country, names), regions: z.record(region, names) })
const levelsTable = z.strictObject({
  within: z.record(region, z.array(region)),
  groupings: z.record(country, z.array(region)),
})
const aliasesTable = z.strictObject({
  countries: z.record(z.string(), country),
  regions: z.array(
    z.strictObject({
      /** `*`: whoever says it. */
      source: z.string().min(1),
      country,
      /** UTC seconds, `[since, until)`. */
      since: date.optional(),
      until: date.optional(),
      checked: date,
      note: z.string().min(1),
      names: z.record(z.string(), region),
    }),
  ),
})

/** Curated tables of data/places, which stands beside src/ and beside dist/. @throws ConfigError that names the file. */
function table<T>(name: string, schema: z.ZodType<T>): () => T {
  let loaded: T | null = null
  return () => {
    if (loaded === null) {
      const file = new URL(`../../data/places/${name}`, import.meta.url)
      try {
        loaded = schema.parse(parse(readFileSync(file, 'utf8')))
      } catch (error) {
        const what = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
        throw new ConfigError(`data/places/${name} cannot be used: ${what}`, { cause: error })
      }
    }
    return loaded
  }
}

export const zonesOfPlaces = table('zones.toml', zonesTable)
export const namesOfPlaces = table('names.toml', namesTable)
export const levelsOfRegions = table('levels.toml', levelsTable)
export const aliasesOfPlaces = table('aliases.toml', aliasesTable)

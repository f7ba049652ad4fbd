import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { ConfigError } from '../model/errors.ts'
import type { MapGeometry } from '../model/map.ts'

const place = z.tuple([z.number(), z.number()])
const code = z.string().regex(/^[A-Z]{2}$/)
/** Only what an SVG path is made of: these texts go into pages as they are. */
const path = z.string().regex(/^[MlzHhVv\d\s.-]+$/)

const geometry = z.object({
  width: z.number().positive(),
  height: z.number().positive(),
  attribution: z.string().min(1),
  shapes: z.record(code, path),
  dots: z.record(code, place),
  marks: z.record(code, place),
  disputed: z.array(z.object({ id: z.string(), name: z.string(), path })),
})

let loaded: MapGeometry | null = null

/** data/map/world.json, which scripts/map.mjs made. @throws ConfigError that names the file. */
export function worldGeometry(): MapGeometry {
  if (loaded === null) {
    try {
      loaded = geometry.parse(JSON.parse(readFileSync(new URL('../../data/map/world.json', import.meta.url), 'utf8')))
    } catch (error) {
      const what = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
      throw new ConfigError(`data/map/world.json cannot be used: ${what}`, { cause: error })
    }
  }
  return loaded
}

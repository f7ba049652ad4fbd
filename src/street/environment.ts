import type * as z from 'zod'
import { ConfigError } from '../model/errors.ts'

/** Settings from the environment, each `undefined` where the variable is not set. */
export interface Environment {
  readonly text: (name: string) => string | undefined
  readonly number: (name: string, range: WholeNumber) => number | undefined
  readonly yesOrNo: (name: string) => boolean | undefined
  /** A text that the file's own rule lets pass. */
  readonly fitting: (name: string, rule: z.ZodType<string>) => string | undefined
}

/** A setting that is a whole number, with the words for one that is not. */
export interface WholeNumber {
  readonly least: number
  readonly most: number
  readonly what: string
}

const YES = ['1', 'true', 'yes', 'on']
const NO = ['0', 'false', 'no', 'off']

/** What it gives throws ConfigError, naming the variable and what would be right. */
export function environmentOf(environment: Readonly<Record<string, string | undefined>>): Environment {
  // Set to nothing is not set: compose files and units pass on what they were not given.
  const text = (name: string): string | undefined => environment[name] || undefined
  return {
    text,
    number(name, { least, most, what }) {
      const given = text(name)
      if (given === undefined) return undefined
      const value = Number(given)
      if (!/^\d+$/.test(given) || value < least || value > most) throw new ConfigError(`${name} is "${given}"; ${what}`)
      return value
    },
    yesOrNo(name) {
      const given = text(name)
      if (given === undefined) return undefined
      if (YES.includes(given.toLowerCase())) return true
      if (NO.includes(given.toLowerCase())) return false
      throw new ConfigError(`${name} is "${given}"; it is true or false`)
    },
    fitting(name, rule) {
      const given = text(name)
      if (given === undefined) return undefined
      const result = rule.safeParse(given)
      if (result.success) return result.data
      throw new ConfigError(`${name} is "${given}"; ${result.error.issues[0]?.message ?? 'it does not fit'}`)
    },
  }
}

import { existsSync, readFileSync } from 'node:fs'
import { parse, TomlError } from 'smol-toml'
import type * as z from 'zod'
import { ConfigError } from '../model/errors.ts'

/**
 * Reads a file in TOML as a schema has it.
 *
 * @param path which must be there; `null` for `tocsin.toml` in the working folder, which may be.
 * @throws ConfigError naming file and line, or file and key.
 */
export function readToml<T>(path: string | null, schema: z.ZodType<T>): T {
  const name = path ?? 'tocsin.toml'
  const raw = existsSync(name) ? parsed(name) : {}
  if (path !== null && !existsSync(name)) throw new ConfigError(`${name} is not there; --config names a file in TOML`)
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const key = issue === undefined || issue.path.length === 0 ? '' : ` ${issue.path.map(String).join('.')}:`
  throw new ConfigError(`${name}:${key} ${issue?.message ?? 'does not fit'}`)
}

function parsed(name: string): unknown {
  try {
    return parse(readFileSync(name, 'utf8'))
  } catch (cause) {
    if (cause instanceof TomlError) {
      const why = (cause.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '')
      throw new ConfigError(`${name}:${cause.line}:${cause.column}: not TOML: ${why}`, { cause })
    }
    throw new ConfigError(`${name} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}

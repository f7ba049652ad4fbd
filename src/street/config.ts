import { existsSync, readFileSync } from 'node:fs'
import { parse, TomlError } from 'smol-toml'
import * as z from 'zod'
import { ConfigError } from '../model/errors.ts'

const schema = z.strictObject({
  server: z
    .strictObject({
      host: z.string().min(1).optional(),
      port: z.number().int().min(0).max(65_535).optional(),
    })
    .optional(),
  store: z.strictObject({ folder: z.string().min(1).optional() }).optional(),
  replays: z.strictObject({ cases: z.array(z.string()).optional() }).optional(),
})

export interface Config {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  readonly folder: string
  /** Case files and folders of them that are offered as replays beside the shipped ones. */
  readonly cases: readonly string[]
}

/** Settings by flag; absent ones are taken from the environment, the file, the default, in this order. */
export type ConfigFlags = Partial<Pick<Config, 'host' | 'port' | 'folder' | 'cases'>>

const DEFAULTS: Config = { host: '127.0.0.1', port: 8470, folder: 'tocsin-data', cases: [] }

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
  const file = readFile(path)
  // Set to nothing is not set: compose files and units pass on what they were not given.
  const variable = (name: string): string | undefined => environment[name] || undefined
  const port = variable('TOCSIN_PORT')
  const cases = variable('TOCSIN_CASES')
  return {
    host: flags.host ?? variable('TOCSIN_HOST') ?? file.server?.host ?? DEFAULTS.host,
    port: flags.port ?? (port === undefined ? undefined : portOf(port)) ?? file.server?.port ?? DEFAULTS.port,
    folder: flags.folder ?? variable('TOCSIN_FOLDER') ?? file.store?.folder ?? DEFAULTS.folder,
    cases:
      flags.cases ??
      (cases === undefined ? undefined : cases.split(':').filter((each) => each !== '')) ??
      file.replays?.cases ??
      DEFAULTS.cases,
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new ConfigError(`TOCSIN_PORT is "${text}"; a port is a whole number from 0 (any free one) to 65535`)
  return port
}

function readFile(path: string | null): z.infer<typeof schema> {
  const name = path ?? 'tocsin.toml'
  if (!existsSync(name)) {
    if (path === null) return {}
    throw new ConfigError(`${name} is not there; --config names a file in TOML`)
  }
  let raw: unknown
  try {
    raw = parse(readFileSync(name, 'utf8'))
  } catch (cause) {
    if (cause instanceof TomlError) {
      const why = (cause.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '')
      throw new ConfigError(`${name}:${cause.line}:${cause.column}: not TOML: ${why}`, { cause })
    }
    throw new ConfigError(`${name} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const key = issue === undefined || issue.path.length === 0 ? '' : ` ${issue.path.map(String).join('.')}:`
  throw new ConfigError(`${name}:${key} ${issue?.message ?? 'does not fit'}`)
}

import { parse } from 'smol-toml'
import type { EntityId } from '../model/brand.ts'
import { ConfigError } from '../model/errors.ts'
import type { AccessKind, Operator } from '../model/routing.ts'

/** A row of data/operators with what stands in the table for those who keep it. */
export interface OperatorRow extends Operator {
  /** Organisations that the AS are registered to, as the registry of the source writes them. */
  readonly registrants: readonly string[]
  /** AS that the row's own source does not know, and whom we have them from instead: key of sources.toml. */
  readonly elsewhere: ReadonlyMap<number, string>
  readonly note: string | null
}

/** Somebody who says something of operators, as data/operators/sources.toml names them. */
export interface OperatorSource {
  readonly key: string
  readonly text: string
  readonly url: string | null
  /** Day as of which it says so: of its edition, or the day on which a page without one was read. `2020-07-01`. */
  readonly date: string
  /** On what terms; for people. */
  readonly licence: string
}

const ACCESS = {
  fixed: true,
  mobile: true,
  mixed: true,
  transit: true,
  hosting: true,
  exchange: true,
  unknown: true,
} satisfies Record<AccessKind, true>

const KINDS = Object.keys(ACCESS).join(', ')
const LARGEST_ASN = 4_294_967_295

const FILE_KEYS = ['country', 'languages', 'operators']
const ROW_KEYS = [
  'slug',
  'names',
  'registrants',
  'access',
  'access_sources',
  'asns',
  'sources',
  'elsewhere',
  'note',
] as const
const SOURCE_KEYS = ['text', 'url', 'date', 'licence']

type Table = Readonly<Record<string, unknown>>

/**
 * Reads one country's table. Checks by hand, and not with a schema, so that whoever writes a row is told which and what
 * would be right, and so that counting routes need not load a library for it.
 *
 * @param name of the file, `KZ.toml`: its country is the file's.
 * @throws ConfigError that names file, row and what would be right.
 */
export function readOperatorTable(
  name: string,
  text: string,
  sources: ReadonlyMap<string, OperatorSource>,
): readonly OperatorRow[] {
  const file = `data/operators/${name}`
  const table = parsed(file, text)
  const country = table['country']
  if (typeof country !== 'string' || `${country}.toml` !== name || !/^[A-Z]{2}$/.test(country))
    throw wrong(file, `country is ${shown(country)}; write the code of ISO 3166-1 that the file is named after`)
  onlyKeys(file, table, FILE_KEYS)
  const languages = texts(file, 'languages', table['languages'])
  const bad = languages.find((language) => !/^[a-z]{2,3}$/.test(language) || language === 'en')
  if (bad !== undefined)
    throw wrong(file, `languages holds ${shown(bad)}; write language codes like "kk", without English`)
  const rows = table['operators']
  if (!Array.isArray(rows) || rows.length === 0) throw wrong(file, 'has no [[operators]]')
  return rows.map((row: unknown, index) => {
    const slug = isTable(row) && typeof row['slug'] === 'string' ? ` (${row['slug']})` : ''
    const where = `${file}, operator ${index + 1}${slug}`
    if (!isTable(row)) throw wrong(where, 'is no table; begin it with [[operators]]')
    return readRow(where, row, country, languages, sources)
  })
}

/** @throws ConfigError that names the source and what would be right. */
export function readOperatorSources(text: string): ReadonlyMap<string, OperatorSource> {
  const file = 'data/operators/sources.toml'
  return new Map(
    Object.entries(parsed(file, text)).map(([key, value]) => {
      const where = `${file}, [${key}]`
      if (!isTable(value)) throw wrong(where, 'is no table')
      onlyKeys(where, value, SOURCE_KEYS)
      const url = value['url']
      if (url !== undefined && (typeof url !== 'string' || !url.startsWith('https://')))
        throw wrong(where, `url is ${shown(url)}; write one that begins with https://, or leave it out`)
      const date = value['date']
      if (!(date instanceof Date) || Number.isNaN(date.getTime()))
        throw wrong(where, `date is ${shown(date)}; write the day without quotes: 2020-07-01`)
      return [
        key,
        {
          key,
          text: filled(where, 'text', value['text']),
          url: url ?? null,
          date: date.toISOString().slice(0, 10),
          licence: filled(where, 'licence', value['licence']),
        },
      ]
    }),
  )
}

/** @throws ConfigError when two rows claim one AS, or bear one slug. */
export function checkApart(rows: readonly OperatorRow[]): void {
  const entities = new Set<EntityId>()
  const owners = new Map<number, EntityId>()
  for (const { entity, country, asns } of rows) {
    const file = `data/operators/${country}.toml`
    if (entities.has(entity)) throw wrong(file, `has ${entity} twice; give one of the two another slug`)
    entities.add(entity)
    for (const asn of asns) {
      const other = owners.get(asn)
      if (other !== undefined)
        throw wrong(file, `AS${asn} is with ${other} and with ${entity}; an AS belongs to one operator`)
      owners.set(asn, entity)
    }
  }
}

function readRow(
  where: string,
  row: Table,
  country: string,
  languages: readonly string[],
  sources: ReadonlyMap<string, OperatorSource>,
): OperatorRow {
  onlyKeys(where, row, ROW_KEYS)
  const slug = filled(where, 'slug', row['slug'])
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(slug))
    throw wrong(where, `slug is ${shown(slug)}; write small letters and digits with single hyphens between`)
  const access = row['access']
  if (typeof access !== 'string' || !isAccessKind(access))
    throw wrong(where, `access is ${shown(access)}; write one of ${KINDS}`)
  const own = known(where, 'sources', texts(where, 'sources', row['sources']), sources)
  const forAccess =
    row['access_sources'] === undefined
      ? []
      : known(where, 'access_sources', texts(where, 'access_sources', row['access_sources']), sources)
  if (access === 'unknown' && forAccess.length > 0)
    throw wrong(where, 'has access_sources though its access is unknown; leave them out, or say the kind')
  if (access !== 'unknown' && forAccess.length === 0)
    throw wrong(where, `access is ${access} and nobody says so; name access_sources, or write "unknown"`)
  const asns = asnsOf(where, row['asns'])
  const elsewhere = elsewhereOf(where, row['elsewhere'], asns, sources)
  const cited = new Set([...own, ...[...elsewhere.values()].flatMap((key) => sources.get(key) ?? []), ...forAccess])
  const note = row['note']
  return {
    entity: `operator:${country}.${slug}` as EntityId,
    country,
    access,
    names: namesOf(where, row['names'], languages),
    asns,
    sources: [...cited].map(({ text, url, date }) => ({ text, url, date })),
    registrants: texts(where, 'registrants', row['registrants']),
    elsewhere,
    note: note === undefined ? null : filled(where, 'note', note),
  }
}

function namesOf(where: string, value: unknown, languages: readonly string[]): Readonly<Record<string, string>> {
  if (!isTable(value)) throw wrong(where, 'has no names; write names = { en = "…" }')
  filled(where, 'names.en', value['en'])
  const names: Record<string, string> = {}
  for (const [language, name] of Object.entries(value)) {
    if (language !== 'en' && !languages.includes(language))
      throw wrong(where, `has a name in ${shown(language)}, which is none of the file's languages; add it there`)
    names[language] = filled(where, `names.${language}`, name)
  }
  return names
}

function asnsOf(where: string, value: unknown): readonly number[] {
  if (!Array.isArray(value) || value.length === 0) throw wrong(where, 'has no asns; write asns = [9198]')
  const asns: number[] = []
  for (const asn of value as readonly unknown[]) {
    if (typeof asn !== 'number' || !Number.isInteger(asn) || asn < 1 || asn > LARGEST_ASN)
      throw wrong(where, `asns holds ${shown(asn)}; write numbers of 1 to ${LARGEST_ASN}, without AS`)
    if (asns.includes(asn)) throw wrong(where, `asns holds ${asn} twice`)
    asns.push(asn)
  }
  return asns
}

function elsewhereOf(
  where: string,
  value: unknown,
  asns: readonly number[],
  sources: ReadonlyMap<string, OperatorSource>,
): ReadonlyMap<number, string> {
  if (value === undefined) return new Map()
  if (!isTable(value)) throw wrong(where, 'elsewhere is no table; write elsewhere = { "64500" = "key of a source" }')
  return new Map(
    Object.entries(value).map(([asn, key]) => {
      if (!asns.includes(Number(asn))) throw wrong(where, `elsewhere speaks of ${asn}, which is none of its asns`)
      known(where, `elsewhere.${asn}`, [filled(where, `elsewhere.${asn}`, key)], sources)
      return [Number(asn), String(key)]
    }),
  )
}

function known(
  where: string,
  key: string,
  names: readonly string[],
  sources: ReadonlyMap<string, OperatorSource>,
): readonly OperatorSource[] {
  return names.map((name) => {
    const source = sources.get(name)
    if (source === undefined)
      throw wrong(where, `${key} names ${shown(name)}, which data/operators/sources.toml does not have`)
    return source
  })
}

function parsed(file: string, text: string): Table {
  try {
    return parse(text)
  } catch (error) {
    throw new ConfigError(`${file} is no TOML: ${String(error)}`, { cause: error })
  }
}

function onlyKeys(where: string, table: Table, keys: readonly string[]): void {
  const strange = Object.keys(table).find((key) => !keys.includes(key))
  if (strange !== undefined)
    throw wrong(where, `has ${shown(strange)}, which means nothing; it may have ${keys.join(', ')}`)
}

function texts(where: string, key: string, value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) throw wrong(where, `has no ${key}; write ${key} = ["…"]`)
  const list = (value as readonly unknown[]).map((each) => filled(where, key, each))
  if (new Set(list).size < list.length) throw wrong(where, `${key} holds one thing twice`)
  return list
}

function filled(where: string, key: string, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '' || value !== value.trim())
    throw wrong(where, `${key} is ${shown(value)}; write text without blanks around it`)
  return value
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

function isAccessKind(text: string): text is AccessKind {
  return Object.hasOwn(ACCESS, text)
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value)
}

function wrong(where: string, what: string): ConfigError {
  return new ConfigError(`${where}: ${what}`)
}

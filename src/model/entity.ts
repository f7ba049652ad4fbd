import type { EntityId } from './brand.ts'

/**
 * What an entity id says by itself. `country` is null where the id does not carry one (world, AS).
 * The world, a country, a region of ISO 3166-2, a place below a region, an autonomous system, an operator, an access kind.
 */
export type EntityParts =
  | { kind: 'world'; country: null }
  | { kind: 'country'; country: string }
  | { kind: 'region'; country: string; region: string }
  | { kind: 'place'; country: string; region: string; slug: string }
  | { kind: 'as'; country: null; asn: number }
  | { kind: 'operator'; country: string; slug: string }
  | { kind: 'access'; country: string; slug: string }

export type EntityKind = EntityParts['kind']

const COUNTRY = '[A-Z]{2}'
const REGION = '[A-Z]{2}-[A-Z0-9]{1,3}'
const SLUG = '[a-z0-9]+(?:-[a-z0-9]+)*'
const PATTERN = new RegExp(
  `^(?:(world)|country:(${COUNTRY})|region:(${REGION})|place:(${REGION})\\.(${SLUG})|as:([1-9]\\d{0,9})` +
    `|operator:(${COUNTRY})\\.(${SLUG})|access:(${COUNTRY})\\.(${SLUG}))$`,
)

/** @returns `null` when the text is not an entity id. Checks the form only, not that the country exists. */
export function parseEntityId(text: string): EntityParts | null {
  const m = PATTERN.exec(text)
  if (m === null) return null
  if (m[1] !== undefined) return { kind: 'world', country: null }
  if (m[2] !== undefined) return { kind: 'country', country: m[2] }
  if (m[3] !== undefined) return { kind: 'region', country: m[3].slice(0, 2), region: m[3] }
  if (m[4] !== undefined) return { kind: 'place', country: m[4].slice(0, 2), region: m[4], slug: m[5] ?? '' }
  if (m[6] !== undefined) {
    const asn = Number(m[6])
    return asn <= 4_294_967_295 ? { kind: 'as', country: null, asn } : null
  }
  if (m[7] !== undefined) return { kind: 'operator', country: m[7], slug: m[8] ?? '' }
  return { kind: 'access', country: m[9] ?? '', slug: m[10] ?? '' }
}

/** For ids that were checked before. @throws TypeError on anything else: a programmer's mistake. */
export function entityParts(id: EntityId): EntityParts {
  const parts = parseEntityId(id)
  if (parts === null) throw new TypeError(`not an entity id: ${id}`)
  return parts
}

/** An area holds networks; a network is one. */
export function isNetwork(kind: EntityKind): boolean {
  return kind === 'as' || kind === 'operator' || kind === 'access'
}

/** A name as it stands in a place's id: `Bandar-e-Abbas` → `bandar-e-abbas`, `Luhans'k` → `luhansk`. */
export function slug(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’ʼ]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

/** The entity's part of an incident id: `KZ`, `KZ-75`, `IR-23.tehran`, `AS9198`, `KZ.kcell`, `world`. */
export function entityCode(id: EntityId): string {
  const parts = entityParts(id)
  if (parts.kind === 'world') return 'world'
  if (parts.kind === 'as') return `AS${parts.asn}`
  return id.slice(id.indexOf(':') + 1)
}

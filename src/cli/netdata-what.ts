import type { EntityId } from '../model/brand.ts'
import { parseEntityId } from '../model/entity.ts'
import { UsageError } from '../model/errors.ts'
import type { Operator } from '../model/routing.ts'
import { isCountryCode } from '../netdata/iso.ts'
import { emptyPrefix, parseAddress, parsePrefix, type PrefixWords } from '../wire/prefix.ts'

/** What `tocsin netdata show` was asked about. */
export type Asked =
  | { readonly kind: 'as'; readonly asn: number }
  | { readonly kind: 'prefix'; readonly prefix: PrefixWords }
  | { readonly kind: 'operator'; readonly operator: Operator }
  | { readonly kind: 'country'; readonly country: string }

const HIGHEST_ASN = 4_294_967_295
const WHAT = 'an AS (9198 or AS9198), a prefix or address, a country (KZ), an operator (operator:KZ.kcell or its name)'

/**
 * @param operators among whom an id or a name is looked for; case does not matter in names.
 * @throws UsageError that says what can be asked, or which operators the name fits.
 */
export function parseAsked(given: string, operators: readonly Operator[]): Asked {
  const text = given.trim()
  const entity = parseEntityId(text)
  if (entity?.kind === 'as') return { kind: 'as', asn: entity.asn }
  if (entity?.kind === 'country') return countryOf(entity.country)
  if (entity?.kind === 'operator') return operatorOf(text as EntityId, operators)
  if (entity !== null) throw new UsageError(`“${text}” is no network: show ${WHAT}`)
  const asn = /^(?:as)?(\d+)$/i.exec(text)?.[1]
  if (asn !== undefined) {
    const number = Number(asn)
    if (number > HIGHEST_ASN || number === 0) {
      throw new UsageError(`${text} is no AS number: they go from 1 to ${HIGHEST_ASN}`)
    }
    return { kind: 'as', asn: number }
  }
  const prefix = emptyPrefix()
  if (parsePrefix(text, prefix) || parseAddress(text, prefix)) return { kind: 'prefix', prefix }
  if (/^[\da-f.:]*[.:/][\da-f.:]*(?:\/\d*)?$/i.test(text)) {
    throw new UsageError(`“${text}” is no address and no prefix, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32`)
  }
  return /^[a-z]{2}$/i.test(text) && isCountryCode(text.toUpperCase())
    ? { kind: 'country', country: text.toUpperCase() }
    : named(text, operators)
}

function countryOf(country: string): Asked {
  if (!isCountryCode(country)) throw new UsageError(`${country} is no country of ISO 3166-1`)
  return { kind: 'country', country }
}

function operatorOf(entity: EntityId, operators: readonly Operator[]): Asked {
  const operator = operators.find((each) => each.entity === entity)
  if (operator !== undefined) return { kind: 'operator', operator }
  const others = operators.filter((each) => each.entity.startsWith(entity.slice(0, 'operator:KZ.'.length)))
  const instead =
    others.length === 0 ? '' : `; of that country there are ${others.map((each) => each.entity).join(', ')}`
  throw new UsageError(`there is no ${entity} in data/operators${instead}`)
}

function named(text: string, operators: readonly Operator[]): Asked {
  const wanted = text.toLowerCase()
  const namesOf = ({ names }: Operator): string[] => Object.values(names).map((name) => name.toLowerCase())
  const exact = wanted === '' ? [] : operators.filter((each) => namesOf(each).includes(wanted))
  const found =
    exact.length > 0 || wanted.length < 3
      ? exact
      : operators.filter((each) => namesOf(each).some((name) => name.includes(wanted)))
  const [operator] = found
  if (operator === undefined) throw new UsageError(`nothing is known by “${text}”: show ${WHAT}`)
  if (found.length > 1) {
    const list = found.map((each) => `${each.entity} (${each.names['en']})`).join(', ')
    throw new UsageError(`“${text}” fits ${found.length} operators; show one of them by its id: ${list}`)
  }
  return { kind: 'operator', operator }
}

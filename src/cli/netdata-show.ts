import { netdataFolder, readNetworkMap, readOrigins, readUsersPerAs } from '../collect/netdata/folder.ts'
import type { UnixSeconds } from '../model/brand.ts'
import { UsageError } from '../model/errors.ts'
import type { Operator } from '../model/routing.ts'
import { parseRfc3339, toRfc3339, utcDate } from '../model/time.ts'
import { createGazetteer } from '../netdata/gazetteer.ts'
import type { Tenure } from '../netdata/networks/build.ts'
import { disputedAses } from '../netdata/networks/disputed.ts'
import type { AsRegistration } from '../netdata/networks/network-map.ts'
import { MULTINATIONAL, OFFSHORE } from '../netdata/networks/places.ts'
import { loadOperators } from '../netdata/operators.ts'
import { readConfig } from '../street/config.ts'
import type { CliContext } from './context.ts'
import { print, printJson, remark } from './context.ts'
import {
  asFacts,
  countryFacts,
  prefixFacts,
  publicOperator,
  type AsFacts,
  type CountryFacts,
  type Known,
  type Originated,
  type PrefixFacts,
} from './netdata-facts.ts'
import { parseAsked } from './netdata-what.ts'

export interface NetdataShowFlags {
  readonly config?: string
  readonly folder?: string
  readonly at?: string
  readonly json: boolean
}

/** `tocsin netdata show 9198`: what is known of an AS, a prefix, an operator or a country at an instant. */
export async function netdataShowCommand(this: CliContext, flags: NetdataShowFlags, what: string): Promise<void> {
  const { config: path, at: atText, json, ...rest } = flags
  const config = readConfig(path ?? null, this.environment, rest)
  const at = atText === undefined ? this.now() : instantOf(atText)
  const operators = loadOperators()
  const asked = parseAsked(what, operators)
  const folder = netdataFolder(config.folder)
  const [map, origins, users] = await Promise.all([
    readNetworkMap(folder, at, operators),
    asked.kind === 'country' ? null : readOrigins(folder, at),
    readUsersPerAs(folder, at),
  ])
  const known: Known = { map, origins, users }
  if (map.date === null) {
    remark(
      this,
      `No files of the registries in ${folder}: fetch them with \`tocsin netdata update\`. Until then operators' rows are all that is known.`,
    )
  }
  const basis = {
    at: toRfc3339(at),
    registrations: map.provenance,
    routes: origins === null ? null : { rib: toRfc3339(origins.date), sessions: origins.sessions },
  }
  const disputed = disputedAses(at)
  const shown =
    asked.kind === 'as'
      ? { as: asFacts(known, asked.asn) }
      : asked.kind === 'prefix'
        ? { prefix: prefixFacts(known, asked.prefix) }
        : asked.kind === 'country'
          ? { country: countryFacts(known, asked.country, disputed.keys()) }
          : { operator: publicOperator(asked.operator), ases: asked.operator.asns.map((asn) => asFacts(known, asn)) }
  if (json) {
    printJson(this, { ...shown, basis })
    return
  }
  const lines =
    'as' in shown
      ? asLines(shown.as)
      : 'prefix' in shown
        ? prefixLines(shown.prefix, known)
        : 'country' in shown
          ? countryLines(shown.country)
          : [...operatorLines(shown.operator), ...shown.ases.flatMap((each) => ['', ...asLines(each)])]
  for (const line of lines) print(this, line)
  for (const line of basisLines(basis)) remark(this, line)
}

function instantOf(text: string): UnixSeconds {
  const at = parseRfc3339(text)
  if (at === null) throw new UsageError(`"${text}" is no date or instant, such as 2022-01-05 or 2022-01-05T10:30:00Z`)
  return at
}

const gazetteer = createGazetteer([])

function countryName(code: string | null): string {
  return code === null
    ? 'no country'
    : `${gazetteer.name(`country:${code}` as Parameters<typeof gazetteer.name>[0], 'en')} (${code})`
}

const count = (number: number): string => Math.round(number).toLocaleString('en')

function operatorWords(operator: Operator): string {
  return `${operator.names['en']} (${operator.entity}, ${operator.access === 'unknown' ? 'access unknown' : operator.access})`
}

function countsWords({ asn, country, why, registered, disputed }: AsRegistration): string {
  switch (why) {
    case null:
      return `counts for ${countryName(country)}${disputed.length === 0 ? '' : '; its territory is disputed'}`
    case 'offshore':
      return `counts prefix by prefix: ${OFFSHORE[registered ?? '']?.reason ?? 'registered offshore'}`
    case 'multinational':
      return `counts prefix by prefix: ${MULTINATIONAL.get(asn) ?? 'in many countries'}`
    case 'disputed':
      return `counts for no country: disputed between ${disputed.map(countryName).join(' and ')}`
    case 'unregistered':
      return 'counts prefix by prefix: no registry that was read has it with a country'
  }
}

function asLines(facts: AsFacts): string[] {
  const { asn, registered, registry, operator, users, originates } = facts
  return [
    `AS${asn}${operator === null ? '' : ` · ${operatorWords(operator)}`}`,
    `  ${registry === null ? 'not known to be registered' : `registered in ${registered ?? 'no country'} by ${registry}`}`,
    `  ${countsWords(facts)}`,
    ...(users === null ? [] : [`  users: ${count(users.users)}, by ${users.source}, ${utcDate(users.date)}`]),
    ...(originates === null
      ? []
      : [
          `  originates ${originatedWords(originates.ipv4, 'IPv4', '/24')}`,
          `  originates ${originatedWords(originates.ipv6, 'IPv6', '/48')}`,
        ]),
  ]
}

function originatedWords({ prefixes, blocks, tenure, foreign }: Originated, family: string, block: string): string {
  const countries = Object.entries(foreign).map(([country, number]) => `${country} ${number}`)
  const elsewhere =
    tenure.foreign === 0 ? '' : `; registered in another country: ${tenure.foreign} (${countries.join(', ')})`
  return `${count(prefixes)} prefixes of ${family}, ${count(blocks)} ${block}${elsewhere}`
}

const TENURE: Readonly<Record<Tenure, string>> = {
  own: 'its own space',
  domestic: 'space of another holder of its country',
  foreign: 'space registered in another country: leased, bought or a customer’s',
  unknown: 'how it came to the space is not known',
}

function prefixLines(
  { prefix, registry, holder, registered, route, moreSpecific }: PrefixFacts,
  { origins }: Known,
): string[] {
  const place =
    registry === null
      ? 'not known to be delegated'
      : `delegated by ${registry}${holder === null ? '' : ` to holder ${holder}`}, registered in ${countryName(registered)}`
  const lines = [prefix, `  ${place}`]
  if (origins === null) return [...lines, '  routes are not known: give a RIB with `tocsin netdata update --rib FILE`']
  if (route === null) lines.push('  no route in the RIB covers it')
  else {
    lines.push(`  route ${route.prefix}${route.origins.length > 1 ? `, of ${route.origins.length} origins` : ''}`)
    for (const { asn, sessions, operator, country, tenure } of route.origins) {
      const who =
        asn === 0 ? 'an AS_SET of several' : `AS${asn}${operator === null ? '' : ` · ${operatorWords(operator)}`}`
      lines.push(
        `    by ${who}: ${sessions} of ${route.sessions} sessions; counts for ${countryName(country)}; ${TENURE[tenure]}`,
      )
    }
  }
  return [...lines, `  ${count(moreSpecific ?? 0)} more specific routes inside`]
}

function operatorLines({ entity, names, country, access, asns, sources }: Operator): string[] {
  const others = Object.entries(names).filter(([language]) => language !== 'en')
  return [
    `${names['en']} (${entity})`,
    `  ${countryName(country)}, ${access === 'unknown' ? 'kind of access unknown' : access}`,
    ...(others.length === 0 ? [] : [`  ${others.map(([language, name]) => `${language}: ${name}`).join(', ')}`]),
    `  ${asns.length === 0 ? 'no AS known' : asns.map((asn) => `AS${asn}`).join(', ')}`,
    ...sources.map(({ text, url, date }) => `  source: ${text}, ${date}${url === null ? '' : ` <${url}>`}`),
  ]
}

function countryLines(facts: CountryFacts): string[] {
  const { country, registered, operators, disputed } = facts
  const offshore = OFFSHORE[country]
  return [
    countryName(country),
    registered === null
      ? '  what is registered there is not known'
      : `  registered there: ${count(registered.asns)} AS numbers, ${count(registered.slash24s)} /24 of IPv4, ${count(registered.slash48s)} /48 of IPv6`,
    ...(offshore === undefined ? [] : [`  registration alone counts for nothing: ${offshore.reason}`]),
    ...(operators.length === 0 ? ['  no operators are written down'] : []),
    ...operators.map((each) => `  ${operatorWords(each)}: ${each.asns.map((asn) => `AS${asn}`).join(', ')}`),
    ...disputed.map((each) => `  AS${each.asn}: ${countsWords(each)}`),
  ]
}

function basisLines({
  registrations,
  routes,
}: {
  readonly registrations: readonly string[]
  readonly routes: { readonly rib: string; readonly sessions: number } | null
}): string[] {
  return [
    ...registrations.map((each) => `By ${each}`),
    ...(routes === null ? [] : [`By a RIB of ${routes.rib}, ${routes.sessions} sessions`]),
  ]
}

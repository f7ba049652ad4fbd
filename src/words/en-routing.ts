import type { UnixSeconds } from '../model/brand.ts'
import type { DarkPrefix, IpFamily, Loss } from '../model/going-dark.ts'
import type { DarkLine, EntityRef } from '../model/page.ts'
import type { RoutingWords } from './catalogue-routing.ts'
import { sameDay, timeOfDay } from './clock.ts'
import { atStart, count, dayAndYear, dayShort, instant, listed, utc } from './en-phrases.ts'

const FAMILY: Record<IpFamily, string> = { ipv4: 'IPv4', ipv6: 'IPv6' }
const BLOCK: Record<IpFamily, string> = { ipv4: '/24', ipv6: '/48' }
const PEOPLE: Readonly<Record<string, string>> = {
  ris: 'RIPE RIS',
  routeviews: 'RouteViews',
  bgp: 'the route files at hand',
}

/** `10:31:07`. */
function toSecond(at: UnixSeconds): string {
  return `${timeOfDay(utc(at))}:${String(((at % 60) + 60) % 60).padStart(2, '0')}`
}

function stamp(at: UnixSeconds): string {
  return `${dayShort(at)}, ${toSecond(at)}`
}

/** `at 10:31:07 UTC`, with the day where it is another than that of what was told before. */
function atTime(at: UnixSeconds, before: UnixSeconds | null): string {
  const isSame = before !== null && sameDay(utc(at), utc(before))
  return isSame ? `at ${toSecond(at)} UTC` : `at ${toSecond(at)} UTC on ${dayAndYear(utc(at))}`
}

/** `within 19 seconds`, `within 4 minutes`, `within 2 hours`: never less than it took. */
function within(seconds: number): string {
  if (seconds <= 1) return 'within a second'
  if (seconds < 120) return `within ${seconds} seconds`
  if (seconds < 7200) return `within ${Math.ceil(seconds / 60)} minutes`
  return `within ${Math.ceil(seconds / 3600)} hours`
}

function later(seconds: number): string {
  if (seconds === 0) return 'in the same second'
  if (seconds < 120) return `${count(seconds, 'second', 'seconds')} later`
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes later`
  return `${Math.round(seconds / 3600)} hours later`
}

function nameOf({ entity, asns }: DarkLine): string {
  if (entity === null) return 'a set of networks that share an origin'
  // One AS stands beside its operator's name; several would hide the sentence.
  return asns.length === 1 && asns[0]?.id !== entity.id ? `${entity.name} (${asns[0]?.name ?? ''})` : entity.name
}

/** How much of it was gone, after the sentence has said when the first was. */
function depth(loss: Loss): string {
  const { family, firstLost, mostLost, blocksLost, blocksBefore, prefixesLost } = loss
  const blocks = `${FAMILY[family]} address blocks`
  const how = mostLost === null || firstLost === null ? null : within(mostLost - firstLost)
  if (mostLost !== null && loss.mostOf === 'visible') {
    return how === null
      ? `at the worst 9 of 10 of its ${blocks} were gone`
      : `${how} 9 of 10 of its ${blocks} were gone`
  }
  if (blocksLost === 0)
    return `${count(prefixesLost, 'route', 'routes')} of ${FAMILY[family]} went, too small to hold an address block`
  const size = blocksBefore === null ? '' : ` of ${blocksBefore.toLocaleString('en')}`
  return `at the worst ${blocksLost.toLocaleString('en')}${size} of its ${blocks} (${BLOCK[family]}) were gone`
}

function back({ firstBack, mostBack, firstLost, blocksLost }: Loss): string {
  if (mostBack !== null) {
    return blocksLost === 0
      ? `They were back ${atTime(mostBack, firstLost)}.`
      : `9 of 10 of them were back ${atTime(mostBack, firstLost)}.`
  }
  if (firstBack !== null) return `The first came back ${atTime(firstBack, firstLost)}, most of them not yet.`
  return 'They have not come back in the time that was looked at.'
}

function line(told: DarkLine, before: DarkLine | null): string {
  const [first, second] = told.losses
  const name = nameOf(told)
  if (first === undefined) return `No route of ${name} went out of sight.`
  const previous = before?.losses[0]?.firstLost ?? null
  const opening =
    first.firstLost === null
      ? `${atStart(name)} had lost routes before the time that was looked at`
      : before === null
        ? `${atStart(name)} went first, ${atTime(first.firstLost, null)}`
        : previous === null
          ? `${atStart(name)} went ${atTime(first.firstLost, null)}`
          : `${atStart(name)} followed ${atTime(first.firstLost, previous)}, ${later(first.firstLost - previous)}`
  const sentences = [`${opening}; ${depth(first)}.`, back(first)]
  if (second !== undefined) {
    const when = second.firstLost === null ? 'before that' : atTime(second.firstLost, first.firstLost)
    sentences.push(`Its ${FAMILY[second.family]} routes began to go ${when}; ${depth(second)}.`, back(second))
  }
  return sentences.join(' ')
}

function row({ prefix, spells, origins, movedTo }: DarkPrefix): string {
  const times = spells.map(({ lost, returned }) => {
    const from = lost === null ? 'since before this time' : `from ${stamp(lost)}`
    return returned === null ? `${from}, not back` : `${from} to ${stamp(returned)}`
  })
  const origin =
    movedTo !== null
      ? ` It came back from AS${movedTo}.`
      : origins.length > 1
        ? ` Seen from ${listed(origins.map(asName))}.`
        : ''
  return `${prefix}: out of sight ${times.join('; ')} (UTC).${origin}`
}

function asName(asn: number): string {
  return asn === 0 ? 'a set of several AS' : `AS${asn}`
}

function names(networks: readonly EntityRef[]): string {
  return listed(networks.map(({ name }) => name))
}

export const routing: RoutingWords = {
  title: 'The order of going dark',
  facet: (title, facet) => (facet === 'ipv4' || facet === 'ipv6' ? `${title}, ${FAMILY[facet]}` : title),
  canShow:
    'Routes show which networks are announced to the world: when a country or an operator is withdrawn, in which order, and when it is back.',
  cannotShow:
    'Routes that stand do not mean that packets pass. Where a route is gone, packets from outside hardly can.',
  alone: {
    unverified: 'Routes are announced as usual again. No witness from inside has shown that people have access.',
    endUnverified: 'Routes were announced again at that time; it counts as ended once a witness from inside shows it.',
    kinds: {
      blackout: 'Almost none of the usual address space is announced.',
      partial: 'A part of the usual address space is no longer announced.',
    },
  },
  about: ({ source, peers, prefixes, range }) =>
    `By ${PEOPLE[source] ?? source}: ${count(prefixes, 'prefix was', 'prefixes were')} lost by more than half of up to ${count(peers, 'peer network', 'peer networks')}, from ${instant(range.from, null)} to ${instant(range.until, null)}.`,
  ofIncident: (id) => `In the incident ${id}, beside the other networks:`,
  line,
  more: (n) => `${count(n, 'more network', 'more networks')} lost routes later; the data hold all.`,
  never: (networks) =>
    networks.length === 1
      ? `No route of ${names(networks)} went out of sight.`
      : `No routes went out of sight of ${names(networks)}.`,
  shared: ({ prefix, origins, movedTo }) =>
    movedTo === null
      ? `${prefix} is announced by ${listed(origins.map(asName))}.`
      : `${prefix} went out of sight with ${asName(origins[0] ?? 0)} and came back from ${asName(movedTo)}.`,
  sharedTitle: (n) => `${count(n, 'prefix', 'prefixes')} of several networks, or moved from one to another`,
  csv: 'Route events as CSV',
  json: 'The order as JSON',
  matrix: {
    title: 'Prefixes by time',
    description: ({ groups, matrix, prefixes }, shown) =>
      `${shown === prefixes ? count(shown, 'prefix', 'prefixes') : `${shown} of ${prefixes} prefixes`} of ${count(groups.length, 'network', 'networks')}, one row each, in the order of going dark, from ${instant(matrix.from, null)} on. A dark stretch: out of sight. The table below holds the same times to the second.`,
    scrolls: 'Prefixes by time; it can be scrolled sideways',
    group: (entity) => (entity === null ? 'Several AS as one origin' : entity.name),
    more: (n) => `and ${n} more`,
    row,
    visible: 'visible',
    lost: 'out of sight',
    unknown: 'we cannot say',
    table: 'As a table',
    columns: {
      prefix: 'Prefix',
      network: 'Network',
      blocks: 'Blocks',
      lost: 'Lost (UTC)',
      returned: 'Back (UTC)',
    },
    time: stamp,
    before: 'before this time',
    notBack: 'not back',
    noBlocks: 'smaller than a block',
  },
  network: {
    title: 'Who runs it',
    names: 'Names',
    asns: 'AS numbers',
    country: 'Country',
    operator: 'Operator',
    access: 'Access',
    unknown: 'Not known to us',
    source: 'Who says so',
    sourceOn: (text, date) => `${text}, as of ${date}`,
    accessKinds: {
      fixed: 'fixed lines',
      mobile: 'mobile',
      mixed: 'fixed lines and mobile',
      transit: 'transit for other networks',
      hosting: 'hosting; no people’s access',
      exchange: 'an Internet exchange; no people’s access',
      unknown: 'not known to us',
    },
  },
  operators: {
    title: 'Operators',
    about: (n) =>
      `${count(n, 'operator', 'operators')} that we know by name, with the networks (AS) that they run. There are others.`,
  },
}

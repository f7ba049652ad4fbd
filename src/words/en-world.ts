import type { UnixSeconds } from '../model/brand.ts'
import type { IncidentKind, Severity } from '../model/incident.ts'
import type { FeedLine, RevisionChange, SignalName, Standing } from '../model/page.ts'
import { plus, DAY } from '../model/time.ts'
import type { WorldWords } from './catalogue-world.ts'
import { atStart, count, dayAndYear, instant, instantShort, listed, named, share, utc } from './en-phrases.ts'
import { signalName } from './en-signals.ts'
import type { MapFacts } from './map-facts.ts'
import { confidenceWord } from './scales.ts'

const KINDS: Record<IncidentKind, string> = {
  blackout: 'a blackout',
  partial: 'a partial cut',
  throttling: 'throttling',
  blocking: 'blocking of services',
  'allow-list': 'a cut of everything but an allow-list',
}

const SEVERITIES: Record<Severity, string> = { minor: 'minor', major: 'major', critical: 'critical' }

const STANDINGS: Record<Standing, string> = {
  suspected: 'suspected',
  ongoing: 'ongoing',
  recovering: 'recovering',
  restricted: 'restricted',
  unverified: 'back, but unverified',
  resolved: 'resolved',
  retracted: 'retracted',
  'new-normal': 'settled on a new level',
  'lost-sight': 'lost from sight',
}

function country({ entity, status, share: value, kind }: MapFacts): string {
  const name = entity.name
  const at = value === null ? '' : ` ${atStart(share(value))}.`
  switch (status) {
    case 'incident':
      return kind === null ? `${name}: an incident within it.${at}` : `${name}: ${KINDS[kind]}.${at}`
    case 'quiet':
      return `${name}: nothing unusual.${at}`
    case 'too-little':
      return `${name}: too little data to say anything.`
    case 'indirect':
      return `${name}: indirect signals only, which cannot show a cut by themselves.`
    case 'blind':
      return `${name}: we cannot see it now. That is our fault or our sources’.`
    case 'not-watched':
      return `${name}: not watched.`
  }
}

function feedLine(line: FeedLine): string {
  const name = named(line.entity)
  switch (line.kind) {
    case 'onset':
      return `${atStart(name)}: ${KINDS[line.incidentKind]} since ${instant(line.onset, null)} (${SEVERITIES[line.severity]}).`
    case 'end':
      if (line.standing === 'unverified' && line.end !== null)
        return `${atStart(name)}: networks answer again, as of ${instant(line.end, null)}. Whether people have access is not verified.`
      return line.end === null
        ? `${atStart(name)}: closed, ${STANDINGS[line.standing]}.`
        : `${atStart(name)}: over as of ${instant(line.end, null)}.`
    case 'retracted':
      return `${atStart(name)}: retracted. We no longer hold that something was wrong there on ${dayAndYear(utc(line.onset))}.`
    case 'update':
      return `${atStart(name)}: ${STANDINGS[line.standing]} (${SEVERITIES[line.severity]}), since ${instant(line.onset, null)}.`
  }
}

function change(one: RevisionChange): string {
  const names = (signals: readonly SignalName[]): string =>
    listed(signals.map((signal) => signalName(signal.key, signal.label)))
  switch (one.what) {
    case 'state':
      return `From ${STANDINGS[one.from]} to ${STANDINGS[one.to]}.`
    case 'onset':
      return `The onset moved from ${instantShort(one.from)} to ${instantShort(one.to)} (UTC).`
    case 'end':
      if (one.to === null) return 'It no longer counts as ended.'
      return one.from === null
        ? `The end was dated: ${instantShort(one.to)} (UTC).`
        : `The end moved from ${instantShort(one.from)} to ${instantShort(one.to)} (UTC).`
    case 'severity':
      return `Severity went from ${SEVERITIES[one.from]} to ${SEVERITIES[one.to]}.`
    case 'kind':
      return `It is now called ${KINDS[one.to]}; before, ${KINDS[one.from]}.`
    case 'confidence':
      return `Confidence went from ${confidenceWord(one.from)} (${one.from.toFixed(2)}) to ${confidenceWord(one.to)} (${one.to.toFixed(2)}).`
    case 'agreeing':
      return `${one.to.agreeing} of ${one.to.able} independent signals show it; before, ${one.from.agreeing} of ${one.from.able}.`
    case 'joined':
      return `Off usual as well: ${names(one.signals)}.`
    case 'back':
      return `Back at usual: ${names(one.signals)}.`
    case 'left':
      return `No longer among the evidence: ${names(one.signals)}.`
    case 'parts-joined':
      return `Off usual as well: ${count(one.count, 'series', 'series')} of its parts.`
    case 'parts-back':
      return `Back at usual: ${count(one.count, 'series', 'series')} of its parts.`
    case 'parts-left':
      return `No longer among the evidence: ${count(one.count, 'series', 'series')} of its parts.`
    case 'episodes':
      return `${count(one.to, 'episode', 'episodes')}; before, ${one.from}.`
    case 'contradicted':
      return `${atStart(signalName(one.up.key, one.up.label))} contradicts ${signalName(one.down.key, one.down.label)}.`
    case 'no-longer-contradicted':
      return `${atStart(signalName(one.up.key, one.up.label))} no longer contradicts ${signalName(one.down.key, one.down.label)}.`
    case 'part-of':
      return one.to === null ? 'It is no longer part of a larger incident.' : `It became part of ${one.to}.`
  }
}

function dayName(at: UnixSeconds): string {
  return dayAndYear(utc(at))
}

export const worldWords: WorldWords = {
  map: {
    title: 'The world now, by share of usual',
    description: ({ countries, incidents, below, hatched }, at) =>
      [
        `Map of the world on ${instant(at, null)}; ${count(countries, 'country is', 'countries are')} watched, the others are hatched.`,
        incidents === 0
          ? 'No incident is open.'
          : `${count(incidents, 'country has', 'countries have')} an open incident.`,
        below === 0
          ? 'None is under 90 % of usual.'
          : `${count(below, 'country is', 'countries are')} under 90 % of usual.`,
        ...(hatched === 0
          ? []
          : [
              `${count(hatched, 'watched country is', 'watched countries are')} hatched, because nothing can be said of ${hatched === 1 ? 'it' : 'them'}.`,
            ]),
      ].join(' '),
    country,
    disputed: (name) => `${name}: borders here are disputed. It is coloured as no country’s.`,
    legend: 'Share of usual',
    steps: ['over 90 %', '70–90 %', '50–70 %', '25–50 %', '10–25 %', 'under 10 %'],
    hatched: 'cannot be said: not watched, too little data, or we are blind',
    borders:
      'Borders follow maps of the United Nations; disputed areas are hatched. No opinion of ours on any border is meant.',
    bordersLink: 'How borders are drawn',
    keys: 'Arrow keys go from country to country, those in trouble first.',
  },
  strips: {
    title: (days) => `The last ${days} days`,
    about: 'One square a day, in UTC, oldest first. A day with an incident leads to it.',
    summary: (entity, cells, from) => {
      const bad = cells.flatMap((cell, day) => (cell.status === 'incident' ? [plus(from, day * DAY)] : []))
      const unknown = cells.filter((cell) => cell.status === 'no-data').length
      const [first] = bad
      const last = bad.at(-1)
      const said =
        first === undefined || last === undefined
          ? `${entity.name}: no day with an incident.`
          : first === last
            ? `${entity.name}: an incident on ${dayName(first)}.`
            : `${entity.name}: incidents on ${bad.length} days from ${dayName(first)} to ${dayName(last)}.`
      return unknown === 0 ? said : `${said} ${count(unknown, 'day', 'days')} without enough data.`
    },
    cell: (day, { status, share: value }) => {
      switch (status) {
        case 'quiet':
          return `${dayName(day)}: nothing unusual`
        case 'no-data':
          return `${dayName(day)}: not enough data`
        case 'incident':
          return value === null ? `${dayName(day)}: incident` : `${dayName(day)}: incident, ${share(value)} at worst`
      }
    },
    stretch: (entity, from, to) =>
      from === to
        ? `Incident in ${named(entity)} on ${dayName(from)}`
        : `Incident in ${named(entity)} from ${dayName(from)} to ${dayName(to)}`,
    legend: 'What the squares mean',
    without: (n) => `${count(n, 'other watched country', 'other watched countries')} had no incident in this time.`,
    showAll: 'Show all countries',
    showSome: 'Show only those with incidents',
    none: (days) => `No watched country had an incident in the last ${days} days.`,
    quiet: 'nothing unusual',
    noData: 'not enough data',
    incident: 'incident; the stronger the colour, the less was left',
  },
  feed: {
    title: 'What was published',
    about: 'Newest first. Each line is a revision; nothing published is edited in place.',
    none: 'Nothing that fits was published.',
    line: feedLine,
    kinds: { all: 'All', onset: 'Beginnings', update: 'Changes', end: 'Ends', retracted: 'Retractions' },
    severities: { all: 'All', minor: 'Minor', major: 'Major', critical: 'Critical' },
    byKind: 'What:',
    bySeverity: 'Severity:',
  },
  ranges: {
    title: 'Time shown',
    names: { best: 'What matters', '24h': '24 hours', '7d': '7 days', '30d': '30 days', custom: 'Own choice' },
    fixed: 'Fixed link to this stretch of time',
  },
  change,
  firstRevision: 'First published.',
}

import { isNetwork } from '../model/entity.ts'
import type { Confidence, IncidentKind } from '../model/incident.ts'
import type { Catalogue, HeadlineSubject } from './catalogue.ts'
import { offsetAt, timeOfDay } from './clock.ts'
import { contradictionCase } from './contradiction.ts'
import {
  NBSP,
  atStart,
  between,
  count,
  dayAndYear,
  dayShort,
  duration,
  instant,
  instantShort,
  interval,
  named,
  share,
  shareShort,
  span,
  utc,
  zoneCity,
} from './en-phrases.ts'
import { leadOfRoutes } from './en-routes.ts'
import { routing } from './en-routing.ts'
import { sight } from './en-sight.ts'
import { routingExplained, signalName } from './en-signals.ts'
import { worldWords } from './en-world.ts'
import { confidenceWord, isOfRoutesAlone, shareWord } from './scales.ts'

function signals(confidence: Confidence): string {
  const { agreeing, able } = confidence
  if (able === 0) return 'no independent signal is able to speak'
  if (able === 1) return agreeing === 1 ? 'it rests on one signal alone' : 'the only signal does not show it'
  const number = agreeing === 0 ? 'none' : agreeing === able ? 'all' : `${agreeing}`
  return agreeing === able ? `${number} ${able} independent signals` : `${number} of ${able} independent signals`
}

/** 'has been almost entirely offline' and its likes, by kind: present (still so) and past (was so). */
const AREA: Record<IncidentKind, { hasBeen: (x: string) => string; was: (x: string) => string }> = {
  blackout: { hasBeen: (x) => `${x} has been almost entirely offline`, was: (x) => `${x} was almost entirely offline` },
  partial: { hasBeen: (x) => `${x} has been partly offline`, was: (x) => `${x} was partly offline` },
  throttling: {
    hasBeen: (x) => `Connections in ${x} have been much slower than usual`,
    was: (x) => `Connections in ${x} were much slower than usual`,
  },
  blocking: { hasBeen: (x) => `Services have been blocked in ${x}`, was: (x) => `Services were blocked in ${x}` },
  'allow-list': {
    hasBeen: (x) => `Only a list of allowed services has been reachable in ${x}`,
    was: (x) => `Only a list of allowed services was reachable in ${x}`,
  },
}

const NETWORK: typeof AREA = {
  blackout: {
    hasBeen: (x) => `${x} has been almost entirely unreachable`,
    was: (x) => `${x} was almost entirely unreachable`,
  },
  partial: { hasBeen: (x) => `${x} has been partly unreachable`, was: (x) => `${x} was partly unreachable` },
  throttling: {
    hasBeen: (x) => `Connections through ${x} have been much slower than usual`,
    was: (x) => `Connections through ${x} were much slower than usual`,
  },
  blocking: { hasBeen: (x) => `Services have been blocked on ${x}`, was: (x) => `Services were blocked on ${x}` },
  'allow-list': {
    hasBeen: (x) => `Only a list of allowed services has been reachable through ${x}`,
    was: (x) => `Only a list of allowed services was reachable through ${x}`,
  },
}

/** A group of networks, whose name is plural. */
const GROUP: typeof AREA = {
  ...NETWORK,
  blackout: {
    hasBeen: (x) => `${x} have been almost entirely unreachable`,
    was: (x) => `${x} were almost entirely unreachable`,
  },
  partial: { hasBeen: (x) => `${x} have been partly unreachable`, was: (x) => `${x} were partly unreachable` },
}

function lead(subject: HeadlineSubject): string {
  if (isOfRoutesAlone(subject.incident)) return leadOfRoutes(subject)
  const { incident, entity, clock } = subject
  const network = isNetwork(entity.kind)
  const x = named(entity)
  const group = entity.kind === 'access'
  const [is, was] = group ? ['are', 'were'] : ['is', 'was']
  const said = (group ? GROUP : network ? NETWORK : AREA)[incident.kind]
  // An area's name opens a sentence only where it is the subject; `of`, `in` and `on` need it as it stands.
  const opening = incident.kind === 'blackout' || incident.kind === 'partial' ? atStart(x) : x
  const within = network ? `on ${x}` : `in ${x}`
  const since = instant(incident.onset.at, clock)
  const newest = subject.newest === null ? 'a date that is not known' : dayAndYear(utc(subject.newest))
  const answer = network ? `${atStart(x)} ${group ? 'answer' : 'answers'} again.` : `Networks in ${x} answer again.`
  const answered = network ? `${atStart(x)} answered again` : `Networks in ${x} answered again`
  switch (subject.case) {
    case 'retracted':
      return `Retracted: we no longer hold that something was wrong ${within} on ${dayAndYear(utc(incident.onset.at))}.`
    case 'suspected':
      return `There have been signs of a cut ${within} since ${since}.`
    case 'ongoing':
      return `${said.hasBeen(opening)} since ${since}.`
    case 'ongoing-eased':
      return `${atStart(x)} went almost entirely ${network ? 'dark' : 'offline'} on ${since}, and the cut is not over.`
    case 'recovering':
      return `${atStart(x)} ${is} coming back after a cut that began on ${since}.`
    case 'restricted':
      return `${atStart(x)} ${is} back only in part. The cut that began on ${since} is not over.`
    case 'unverified':
      return `${answer} Whether people have access is not verified.`
    case 'resolved':
    case 'resolved-measurement-only': {
      if (incident.end === null) return `${said.was(opening)} from ${since}. It is over.`
      const lasted = duration(incident.end.at - incident.onset.at)
      return `${said.was(opening)} from ${since} to ${instant(incident.end.at, clock)}, for ${lasted}.`
    }
    case 'new-normal':
      return (
        `${said.was(opening)} from ${since}. The values have settled on a new level: ` +
        'the yardstick moved, nobody has seen them come back.'
      )
    case 'lost-sight':
      return `${said.was(opening)} from ${since} until our signals fell silent. How it went on we cannot see.`
    case 'stale-suspected':
      return `There were signs of a cut ${within} from ${since} to the end of our data, on ${newest}.`
    case 'stale-ongoing':
      return `${said.was(opening)} from ${since} to the end of our data, on ${newest}.`
    case 'stale-recovering':
      return `${atStart(x)} ${was} coming back at the end of our data, on ${newest}, after a cut that began on ${since}.`
    case 'stale-restricted':
      return `${atStart(x)} ${was} back only in part at the end of our data, on ${newest}. The cut began on ${since}.`
    case 'stale-unverified':
      return `${answered} at the end of our data, on ${newest}. Whether people have access is not verified.`
  }
}

export const en: Catalogue = {
  language: 'en',
  sight,
  routing,
  ...worldWords,

  site: {
    name: 'Tocsin',
    tagline: 'An open observatory of Internet shutdowns',
    skipToContent: 'Skip to the content',
    navigation: 'Site',
    world: 'Now',
    replays: 'Replays',
    method: 'Method',
    privacy: 'No cookies, no tracking, and nothing is loaded from anyone else.',
    openSource: 'Tocsin is free software under the Apache License 2.0. Anyone can run it.',
    openData: 'All that this page shows can be had as JSON and CSV, without a key.',
    madeBy: (ruleVersion) => `Judged by rules ${ruleVersion}.`,
    licence: ({ strictest }) => {
      if (strictest === null) return 'No data of others are shown here.'
      if (strictest.class === 'unstated') {
        return 'Licence of the data shown: not stated by their giver. Ask before you publish them again.'
      }
      return `Licence of the data shown: ${strictest.name}, the strictest of all inputs.`
    },
    data: (citations) => `Data: ${citations}.`,
    pageTitle: (title) => `${title} · Tocsin`,
  },

  instant,
  instantShort,
  dayShort,
  date: (at) => dayAndYear(utc(at)),
  timeShort: (at) => timeOfDay(utc(at)),
  uncertainty: (moment) => `It lies ${between(moment.earliest, moment.latest)}.`,
  zone: (clock) => zoneCity(clock.zone),
  duration,
  durationSoFar: (seconds) => `${duration(seconds)} so far`,
  step: (seconds) => `one value every ${interval(seconds)}`,
  delay: (seconds) => `complete after about ${duration(seconds)}`,
  offset: () => 0,

  share,
  shareShort,
  unknown: 'not known',

  entityTitle: (entity) =>
    entity.kind === 'access'
      ? atStart(entity.name)
      : entity.within === null
        ? entity.name
        : `${entity.name}, ${entity.within}`,
  entityKind: {
    world: 'World',
    country: 'Country',
    region: 'Region',
    place: 'Place',
    as: 'Network (autonomous system)',
    operator: 'Operator',
    access: 'Kind of access',
  },

  headline: {
    lead,
    lasted: (from, to, clock) =>
      `The cut lasted from ${instant(from, clock)} to ${instant(to, clock)}, for ${duration(to - from)}.`,
    routesLasted: (from, to, clock) =>
      `They were withdrawn from ${instant(from, clock)} to ${instant(to, clock)}, for ${duration(to - from)}.`,
    routesAlone: 'Routes alone say so: what is announced to the world, not whether packets pass.',
    shareNow: (value) =>
      value === null ? 'No signal has a value now, so how much is left cannot be said.' : `${atStart(share(value))}.`,
    shareAtEnd: (value) => `${atStart(share(value))} at the end of our data.`,
    shareNowDisputed: (value) => `The middle of our signals is ${share(value)}, and they contradict each other.`,
    shareAtWorst: (value) => `${atStart(share(value))} at its worst.`,
    confidence: (confidence) => {
      const word = { low: 'Low', medium: 'Medium', high: 'High' }[confidenceWord(confidence.value)]
      return `${word} confidence: ${signals(confidence)}.`
    },
    episodes: (episodes) =>
      episodes.at(-1)?.end === null
        ? `It came back and went again: this is episode ${episodes.length}.`
        : `It came in ${episodes.length} episodes.`,
    measurementOnly: 'Closed by measurement only: nobody inside has confirmed that access is back.',
    reconstructed: 'This is a reconstruction from published facts, not a measurement.',
    laboratory: 'This happened in a laboratory, not in the world.',
  },

  contradiction: (one, entity) => {
    const x = named(entity)
    const up = signalName(one.up.key, one.up.label)
    const down = signalName(one.down.key, one.down.label)
    const over = one.until !== null
    const there = isNetwork(entity.kind) ? `on ${x}` : `in ${x}`
    const its = isNetwork(entity.kind) ? 'its addresses' : 'its networks'
    const whole = isNetwork(entity.kind) ? "not the network's" : "not the country's"
    switch (contradictionCase(one.up, one.down)) {
      case 'service-networks':
        return over
          ? `${atStart(up)} was back ${there} while ${its} did not answer. That was one service's return, ${whole}.`
          : `${atStart(up)} is back ${there}; ${its} still do not answer. This is one service's return, ${whole}.`
      case 'service':
        return over
          ? `${atStart(up)} was back ${there} while ${down} stayed far below usual. That was one service's return, ${whole}.`
          : `${atStart(up)} is back ${there}; ${down} is still far below usual. This is one service's return, ${whole}.`
      case 'announced':
        return over
          ? `The routes to ${x} stood as usual while ${down} was far below. A network that is announced need not answer.`
          : `The routes to ${x} stand as usual while ${down} is far below. A network that is announced need not answer.`
      case 'machines':
        return over
          ? `Machines ${there} answered while ${down} was far below usual. Machines that answer are not people with access.`
          : `Machines ${there} answer while ${down} is far below usual. Machines that answer are not people with access.`
      case 'other':
        return over
          ? `${atStart(up)} was as usual ${there} while ${down} was far below. We show both.`
          : `${atStart(up)} is as usual ${there} while ${down} is far below. We show both.`
    }
  },
  contradictionTimes: ({ down, times }) => {
    const when = times.map(({ since, until }) =>
      until === null ? `since ${instantShort(since)}` : `${instantShort(since)} – ${instantShort(until)}`,
    )
    return `${atStart(signalName(down.key, down.label))}: ${when.join('; ')} (UTC)`
  },

  states: {
    suspected: {
      name: 'Suspected',
      about: 'Something is far below usual, but too few signals or too few bins agree yet.',
    },
    ongoing: { name: 'Ongoing', about: 'The cut lasts: what is measured is far below usual.' },
    recovering: { name: 'Recovering', about: 'Signals are on their way back to usual, but are not there.' },
    restricted: {
      name: 'Restricted',
      about: 'Part of the people or of the services are back; the others are still cut off.',
    },
    unverified: {
      name: 'Back, unverified',
      about: 'Networks answer as usual again. No witness from inside has shown that people have access.',
    },
    resolved: {
      name: 'Resolved',
      about:
        'It is over: a witness from inside was at usual for two days, or thirty quiet days have passed. Which of the two is said with it.',
    },
    retracted: {
      name: 'Retracted',
      about: 'We no longer hold that it happened. What was published stays, struck through, with the reason.',
    },
    'new-normal': {
      name: 'New level',
      about: 'The values have settled elsewhere, so that nothing is off its usual any more. That is not a return.',
    },
    'lost-sight': {
      name: 'Lost from sight',
      about:
        'The signals fell silent while it lasted. How it went on, and whether it is over, nobody can tell from here.',
    },
  },
  kinds: {
    blackout: { name: 'Blackout', about: 'Almost nothing is left of the usual connectivity.' },
    partial: { name: 'Partial cut', about: 'A large part is gone and a large part is left.' },
    throttling: { name: 'Throttling', about: 'Connections work, but much more slowly than usual.' },
    blocking: { name: 'Blocking', about: 'Some services cannot be reached; others can.' },
    'allow-list': { name: 'Allow-list', about: 'Everything is cut but a list of allowed services.' },
  },
  severities: {
    minor: { name: 'Minor', about: 'Short, or small, or few are affected.' },
    major: { name: 'Major', about: 'A large loss for many people or networks, or a smaller one for long.' },
    critical: { name: 'Critical', about: 'Most of a country is affected, or a large part of it for days.' },
  },
  confidences: { low: 'Low', medium: 'Medium', high: 'High' },
  planes: {
    routing: 'Routing',
    reachability: 'Reachability',
    traffic: 'Traffic',
    application: 'Application',
    circumvention: 'Circumvention',
    collateral: 'Side effects',
  },
  reasons: {
    opened: 'First published.',
    state: 'The state changed.',
    onset: 'The onset was dated anew.',
    end: 'The end was dated.',
    episode: 'An episode began or ended.',
    evidence: 'A signal joined or left.',
    severity: 'The severity changed.',
    kind: 'The kind changed.',
    contradiction: 'A contradiction between signals came or went.',
    'part-of': 'It became part of a larger incident, or ceased to be.',
    retracted: 'It was retracted.',
  },
  baselines: {
    'hour-of-week': 'Usual is what the same hour of the same weekday had in the weeks before.',
    'hour-of-day':
      'Usual is what the same hour had in the days before; there is too little history to tell weekdays apart.',
    'running-median':
      'Usual is the middle of the hours before; there is too little history to know the rhythm of the day.',
  },
  blindSpots: {
    'mobile-only': 'A cut of mobile networks alone would not show here.',
    services: 'The blocking of single services would not show here.',
    inside: 'No signal here measures from inside, so whether people have access cannot be said.',
    local: 'A cut of one city or district would not show here.',
    throttling: 'Connections that are slowed down but not cut would not show here.',
  },
  origins: {
    reconstructed: {
      mark: 'Reconstruction from published facts — not a measurement',
      watermark: 'Reconstruction',
      banner:
        'The curves run through the times and levels that the sources named here report; what lies between is drawn with a plain daily rhythm and noise.',
    },
    laboratory: {
      mark: 'Laboratory — not the world',
      watermark: 'Laboratory',
      banner: 'These networks are a miniature that was shut down on purpose.',
    },
  },

  signals: {
    'ioda/google.search_traffic': {
      name: 'Google search traffic',
      about:
        'How much people there use Google Search, from Google’s Transparency Report by way of IODA. It is people, not machines, but one company’s service alone: it can be let through, or blocked, by itself.',
    },
    'ioda/telescope.unique_ips': {
      name: 'Network telescope',
      about:
        'How many addresses there send stray packets to a large block of empty addresses (a network telescope). When a country goes dark this noise stops; scanning bots can make it surge, and the source leaves zeros out.',
    },
    'ioda/bgp.visible_slash24s': {
      name: 'Routing (BGP)',
      about:
        'How many blocks of 256 addresses there other networks have a route to. Routes often stand while no packet passes, so that this signal alone decides nothing.',
    },
    'ioda/ping.up_slash24s': {
      name: 'Active probing',
      about:
        'How many blocks of 256 addresses there answer when they are probed from outside, every few minutes. It sees machines that answer, mostly on fixed networks, not people and hardly phones.',
    },
    'ioda/ping.latency_ms': {
      name: 'Latency of probes',
      about:
        'How long the answers to active probing take, in milliseconds. It rises when lines are full, slowed down or rerouted; only twice the usual for six hours opens anything. What does not answer is not in it: a cut hardly shows here.',
    },
    'ioda/ping.loss_share': {
      name: 'Loss of probes',
      about:
        'Which share of the packets of active probing gets no answer. It rises when lines are full or parts go dark. It opens no incident by itself, and it rests on the same probes as active probing: it is no second witness.',
    },
    'ioda/mozilla.city_count': {
      name: 'Firefox telemetry',
      about:
        'From how many cities there Firefox browsers report, by way of IODA. It is people at their computers, about once an hour, and comes later than the other signals.',
    },
    'monash/connectivity.index': {
      name: 'Connectivity index',
      about:
        'What share of the addresses sampled in a place answered, hour by hour, from the Monash IP Observatory. It speaks of single cities and counties, often in coarse steps.',
    },
    'monash/latency.index': {
      name: 'Latency index',
      about:
        'How long answers from a region take, with 100 as usual, from the Monash IP Observatory. A rise may mean a detour, congestion or slowing down; alone it opens nothing.',
    },
    'tor/bridge.users': {
      name: 'Tor bridge users',
      about:
        'How many people a day are estimated to reach the Tor network by way of unlisted bridges. It rises when other ways are blocked and falls when nothing works.',
    },
    ...routingExplained,
  },
  signalOfPlane: {
    routing: 'Whether other networks have a route to the addresses there. Routes may stand while no packet passes.',
    reachability:
      'Whether machines there answer when they are asked from outside. Machines that answer are not people with access.',
    traffic:
      'How much people and machines there send. It falls when they are cut off, and also at night and on holidays.',
    application: 'Whether a service works from there. It speaks of that service, not of the whole network.',
    circumvention:
      'How many people use tools against blocking. It rises when other ways are closed and falls when nothing works.',
    collateral: 'A trace that connectivity leaves elsewhere. It says that something happened, seldom what.',
  },

  world: {
    noData: 'No live data yet.',
    seeNothing: 'We see nothing yet, of any country.',
    noDataWhy:
      'This observatory is running, but no source has given it anything so far. It says nothing about any country until one does.',
    noDataReplays: 'Until then, see how it tells shutdowns of the past.',
    incidentsNow: (n) => (n === 1 ? 'One incident now.' : `${n} incidents now.`),
    networksNow: (n) =>
      n === 1 ? 'One network has an incident of its own.' : `${n} networks have incidents of their own.`,
    networksTitle: (n) => `${count(n, 'network', 'networks')} with an incident of ${n === 1 ? 'its' : 'their'} own`,
    backUnverified: (n, more) => {
      const places = more ? `${n} more ${n === 1 ? 'place' : 'places'}` : `${n} ${n === 1 ? 'place' : 'places'}`
      return `In ${places} networks answer again after a cut; whether people have access is not verified.`
    },
    blindCountries: (n) => (n === 1 ? 'One country we cannot see now.' : `${n} countries we cannot see now.`),
    incidentsInData: (n) => (n === 1 ? 'One incident in these data.' : `${n} incidents in these data.`),
    noIncidentInData: 'No incident in these data.',
    readIncident: 'Evidence, charts and revisions of this incident',
    watched: (n) => (n === 1 ? 'One country is watched.' : `${n} countries are watched.`),
    quiet: (quiet, watched) =>
      watched === 1
        ? quiet === 1
          ? 'Nothing unusual in the one country watched.'
          : 'No other country is watched.'
        : `Nothing unusual in ${quiet} of ${watched} countries watched.`,
    tooLittle: (n) =>
      n === 1
        ? 'One country has too little data to say anything.'
        : `${n} countries have too little data to say anything.`,
    indirect: (n) =>
      n === 1
        ? 'For one country there are indirect signals only, which cannot show a cut by themselves.'
        : `For ${n} countries there are indirect signals only, which cannot show a cut by themselves.`,
    openTitle: 'Now',
    openAtEndTitle: 'Not closed where the data end',
    closedTitle: 'Over, or followed no longer',
    watchedTitle: 'Watched',
    watchedWithin: (n) => `${n} within`,
    quietPlaces: (n) => `Nothing unusual: ${n} places`,
    replaysTitle: 'Replays of past shutdowns',
    waypointsTitle: 'What others reported',
    waypointsAbout: 'Each observer’s own time, as published. Where they differ, all are kept.',
    members: (n) => (n === 1 ? '1 part' : `${n} parts`),
  },

  stale: (newest, clock) =>
    `Our newest usable data are from ${instant(newest, clock)}; what happened since we cannot see.`,
  replayStands: (end) => `A replay of past data: every sentence speaks from ${instant(end, null)}, where the data end.`,

  entity: {
    quiet: (entity) =>
      isNetwork(entity.kind) ? `Nothing unusual on ${named(entity)}.` : `Nothing unusual in ${named(entity)}.`,
    shareOf: (seenAt) => `of usual: the middle of our signals, up to ${instant(seenAt, null)}`,
    tooLittle: (entity) =>
      `We cannot say yet whether anything is unusual in ${named(entity)}: our signals have too little history to know what is usual there.`,
    indirect: (entity) =>
      `Our only signals for ${named(entity)} are indirect: by themselves they cannot show whether it is cut off.`,
    notWatched: (entity) => `We do not watch ${named(entity)}: no signal of ours covers it.`,
    notWatchedNext: 'That nothing is shown here does not mean that nothing is wrong there.',
    quietButWithin: (entity, incidents) =>
      `Nothing unusual in ${named(entity)} as a whole; ${count(incidents, 'incident is', 'incidents are')} open within it.`,
    openTitle: 'Now',
    closedTitle: 'Past incidents',
    noneClosed: 'None in the data that we hold.',
    signalsTitle: 'Signals',
    rangeShown: (from, until) => `Shown: ${instant(from, null)} to ${instant(until, null)}.`,
    rangeForm: {
      from: 'From (UTC)',
      until: 'Until (UTC)',
      show: 'Show',
      hint: 'A date such as 2026-01-08, or a time such as 2026-01-08T16:30Z.',
    },
    childrenTitle: (entity) => `Within ${named(entity)}`,
    childrenKnown: (watched, known) => `${watched} of ${known} are watched.`,
    notesTitle: 'Off their usual, but not by enough',
    note: ({ signal, since, until, worstShare }) => {
      const name = atStart(signalName(signal.key, signal.label))
      return until === null
        ? `${name} has been off its usual since ${instant(since, null)}; at worst it was at ${share(worstShare)}.`
        : `${name} was off its usual ${span(since, until)}; at worst it was at ${share(worstShare)}.`
    },
    notesOlder: (n) => `${count(n, 'earlier time', 'earlier times')}`,
    blindTitle: 'What we cannot see here',
    partOf: (parent) => `Part of ${parent}`,
    localTime: (clock, at) => {
      const minutes = Math.abs(offsetAt(clock, at)) / 60
      const sign = offsetAt(clock, at) < 0 ? '−' : '+'
      const hours = Math.floor(minutes / 60)
      const rest = minutes % 60
      return `Local time is that of ${zoneCity(clock.zone)}, UTC${sign}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}.`
    },
    status: {
      incident: 'Incident',
      quiet: 'Nothing unusual',
      'too-little': 'Too little data',
      indirect: 'Indirect signals only',
      blind: 'We cannot see it now',
      'not-watched': 'Not watched',
    },
    incidentAtEnd: 'Incident at the end of our data',
  },

  incident: {
    kicker: (entity, id) => `${entity.within === null ? entity.name : `${entity.name}, ${entity.within}`} · ${id}`,
    revision: (n) => `Revision ${n}`,
    factsTitle: 'Facts',
    onset: 'Onset',
    end: 'End',
    endNone: 'It has not ended.',
    endUnknown: 'Not known: it was not seen to end.',
    durationUnknown: 'not known',
    endUnverified: 'Networks answered again at that time; it counts as ended once a witness from inside shows it.',
    duration: 'Duration',
    kind: 'Kind',
    severity: 'Severity',
    confidence: 'Confidence',
    confidenceValue: (confidence) => {
      const word = { low: 'Low', medium: 'Medium', high: 'High' }[confidenceWord(confidence.value)]
      return `${word} (${confidence.value.toFixed(2)} of 1): ${signals(confidence)}`
    },
    detected: 'Detected',
    known: 'Data arrived',
    shareNow: 'Newest',
    shareTrough: 'At its worst',
    ofUsual: 'of usual',
    chartsTitle: 'The signals',
    evidenceTitle: 'Evidence',
    evidenceCaption: (entity) =>
      `What each signal says about ${named(entity)}. Times are UTC; each signal keeps its own.`,
    evidenceMore: (n) => `${count(n, 'more series', 'more series')}, of what lies within`,
    columns: {
      signal: 'Signal',
      trough: 'At worst',
      onset: 'First seen',
      end: 'Back',
      now: 'Newest',
      data: 'Data',
    },
    notFallen: 'Did not fall',
    stillDown: 'Not back',
    newNormal: 'Settled on a new level',
    lostSight: 'Fell silent while down',
    againDown: (spans) => `${spans} spells`,
    partialSince: (at) => `In part from ${instantShort(at)}`,
    gaps: (span) => {
      if (span.gaps.bins === 0) return null
      const bins = count(span.gaps.bins, 'gap', 'gaps')
      return span.gaps.reading === 'ambiguous'
        ? `${bins}: the source leaves zeros out, so they may be zero or silence`
        : `${bins}: no value, and nobody can say why`
    },
    spreadTitle: 'Signals in the order of going dark and coming back',
    spreadAbout:
      'One row a signal; a bar stands for the time in which it was off its usual. A bar with a pointed end has not ended.',
    spreadTimes: (onset, end) =>
      end === null ? `${instantShort(onset)} – not back` : `${instantShort(onset)} – ${instantShort(end)}`,
    spreadSummary: (n, from, until) =>
      `${count(n, 'signal', 'signals')} on one time axis from ${instant(from, null)} to ${instant(until, null)}. The table above holds the same times.`,
    episodesTitle: 'Episodes',
    episode: (episode, clock) =>
      episode.end === null
        ? `From ${instant(episode.onset, clock)}, not ended.`
        : `From ${instant(episode.onset, clock)} to ${instant(episode.end, clock)}, for ${duration(episode.end - episode.onset)}.`,
    contradictionsTitle: 'Contradictions',
    membersTitle: 'Its parts',
    membersAbout: (members, known) =>
      known >= members
        ? `${count(members, 'incident is', 'incidents are')} part of this one; ${known} are known to exist within it.`
        : `${count(members, 'incident is', 'incidents are')} part of this one.`,
    partOf: (entity) =>
      `This is part of a larger incident: ${entity.within === null ? entity.name : `${entity.name}, ${entity.within}`}.`,
    blindTitle: 'What we cannot see',
    revisionsTitle: 'Revisions',
    revisionsAbout: 'Nothing published is edited in place. Each change is a revision of its own, with its reason.',
    revisionsOlder: (n) => count(n, 'older revision', 'older revisions'),
    revisionColumns: {
      number: 'No.',
      published: 'Published (UTC)',
      why: 'What changed',
      state: 'State',
      confidence: 'Confidence',
    },
    rules: (ruleVersion) => `rules ${ruleVersion}`,
    json: 'This incident as JSON',
  },

  chart: {
    title: (label, entity) => `${label}: ${entity.within === null ? entity.name : `${entity.name}, ${entity.within}`}`,
    description: (facts) => {
      const sentences = [`A line from ${instant(facts.from, null)} to ${instant(facts.until, null)}.`]
      if (facts.least !== null)
        sentences.push(`Lowest at ${instant(facts.least.at, null)} with ${share(facts.least.share)}.`)
      if (facts.last !== null)
        sentences.push(`Newest value, ${instant(facts.last.at, null)}: ${share(facts.last.share)}.`)
      if (facts.spans > 0) sentences.push(`${count(facts.spans, 'span', 'spans')} off usual, shaded.`)
      if (facts.gaps > 0) sentences.push(`${count(facts.gaps, 'gap', 'gaps')} without values, hatched.`)
      return sentences.join(' ')
    },
    usual: 'usual',
    onset: (at) => instantShort(at),
    end: (at) => instantShort(at),
    axisShare: '% of usual',
    axisPercent: (value) => `${Math.round(value * 100)}${NBSP}%`,
    axisRaw: (unit) => unit,
    noBaseline: 'There is too little history to know what is usual, so the raw values are drawn.',
    gaps: (n, from, until, reading) => {
      const between = `${n} gaps between ${instant(from, null)} and ${instant(until, null)}`
      switch (reading) {
        case 'unknown':
          return `${between}: the source, or its view, was silent. This is not zero.`
        case 'ambiguous':
          return `${between}; the source leaves zeros out, so they may be zero or silence.`
        case 'blind':
          return `${n} stretches between ${instant(from, null)} and ${instant(until, null)} are not judged: our view was unhealthy.`
      }
    },
    unknownGapKey: 'no value: not zero',
    ambiguousGapKey: 'no value: may be zero or silence',
    lastValue: (value) => (shareWord(value).kind === 'under-one' ? `<${NBSP}1${NBSP}%` : shareShort(value)),
    lastRaw: (value) => value,
    timeAxis: 'Time in UTC',
    empty: 'The source has no values in this time. Try a longer one.',
    sparkline: (label, from, until) =>
      `${label}, share of usual from ${instant(from, null)} to ${instant(until, null)}`,
    csv: 'CSV',
    json: 'JSON',
    csvOf: (label) => `CSV: ${label}`,
    jsonOf: (label) => `JSON: ${label}`,
    spanBar: (label, onset, end, troughShare) =>
      end === null
        ? `${label}: off usual since ${instant(onset, null)}, at worst ${share(troughShare)}`
        : `${label}: off usual from ${instant(onset, null)} to ${instant(end, null)}, at worst ${share(troughShare)}`,
  },

  replays: {
    title: 'Replays of past shutdowns',
    about:
      'The past, run through today’s rules as if it arrived now. A replay shows what these rules would have said, and when. Replays stand apart from what is watched live.',
    sources: 'Sources:',
    licence: (licence) => (licence === 'not stated' ? '(licence not stated)' : `(licence: ${licence})`),
    unavailable: (why) => `It cannot be run here: ${why}`,
    measured: 'Measured data',
    open: 'Open the replay',
    none: 'No case file was found.',
  },

  method: {
    title: 'How we know',
    lead: 'Tocsin compares what is measured with what is usual, asks several independent signals, and says how sure it is and what it cannot see.',
    sections: [
      {
        id: 'usual',
        title: 'Share of usual',
        paragraphs: [
          'Every number here is a share of usual: what was measured, divided by what the same place had at the same hour before. ‘3 % of usual’ means that three hundredths were left.',
          'Usual is learned for each signal from its own past: the hour of the week where there are two weeks of history, the hour of the day from three days on, and a running middle before that. While something is wrong, what is measured then does not count as usual.',
          'In the charts the line is what was measured, the pale band is usual with its spread, and the shaded part is where the signal was off its usual.',
        ],
      },
      {
        id: 'gaps',
        title: 'A gap is not a zero',
        paragraphs: [
          'When a source gives no value we hatch the chart. It may be that the source failed, and our blindness is never drawn as a country’s silence.',
          'Some sources leave zeros out. When such a source falls silent among values near zero, it may be a true zero or silence: nobody can tell, and the chart says so with a hatching of its own.',
        ],
      },
      {
        id: 'times',
        title: 'When it began and when it ended',
        paragraphs: [
          'Measurements come in bins of minutes or hours, so a beginning is known only between the last good bin and the end of the first bad one. We print the time and that interval.',
          'Each signal keeps its own time. Honest observers of one event give different ones, because routes, machines and people do not go dark in the same minute.',
          'Times are in UTC, with the local time of the place beside it, by the clock that was in force there on that day.',
        ],
      },
      {
        id: 'confidence',
        title: 'How sure we are',
        paragraphs: [
          '‘4 of 5 independent signals’ means that five signals that do not rest on the same measurements were able to speak, and four of them show it. Low confidence is under 0.5, medium from 0.5, high from 0.75.',
          'Where signals contradict each other we say so and average nothing away. Routing alone never decides: in Kazakhstan in 2022 and in Iran in 2026 routes stood while hardly a packet passed.',
        ],
      },
      {
        id: 'end',
        title: 'No false all-clear',
        paragraphs: [
          'Networks that answer again are not people who have access. An incident counts as resolved when a witness from inside has been at usual for two days, on fixed and on mobile networks. Without such a witness it is called back, but unverified; after thirty quiet days it is closed, and the page says that this was by measurement only.',
        ],
      },
      {
        id: 'why',
        title: 'What is not said here',
        paragraphs: [
          'What was measured is a fact with numbers. Who did it, and why, does not follow from it: cables break, power fails, storms come. No page here names a culprit on the strength of a curve.',
        ],
      },
      {
        id: 'corrections',
        title: 'Corrections',
        paragraphs: [
          'Nothing published is edited in place. Each change is a numbered revision with its reason, the version of the rules and the data that it rests on. What turns out wrong is retracted and stays, struck through.',
        ],
      },
      {
        id: 'borders',
        title: 'Borders on the map',
        paragraphs: [
          'The shapes follow maps of the United Nations, as the plotly.js project prepared them. Crimea is drawn with Ukraine, Western Sahara as a territory of its own, Taiwan with its own data. Kosovo, for which there are data under the code XK, has a dot of its own.',
          'Areas that more than one state claims are drawn as nobody’s: hatched, with their name: Jammu and Kashmir, Aksai Chin, Arunachal Pradesh, the Hala’ib and Ilemi triangles, and Bir Tawil, which nobody claims. Small states have a dot. Antarctica is left out.',
          'A border on this map says how data are grouped and nothing else. What is measured follows the codes that sources use.',
        ],
      },
      {
        id: 'reconstructions',
        title: 'Reconstructions',
        paragraphs: [
          'For some shutdowns no open measurements can be had. Then we draw a curve through the times and levels that others have published, so that the story can be followed. It is marked as a reconstruction in words, in the data and in every picture, and never stands among measurements.',
        ],
      },
    ],
    signalsTitle: 'The signals',
    signalsAbout: 'No signal sees everything. What each one counts, and what it misses:',
    rulesTitle: 'When a signal is off',
    rulesAbout:
      'The numbers that the code has. A value is off when its share of usual is beyond the first level and stands out of the noise by so many spreads; it is back beyond the second. Each must last, and what is said is then dated back to its beginning. A signal without a row is judged by what it speaks of.',
    ruleColumns: {
      signal: 'Signal',
      opens: 'Off',
      closes: 'Back',
      spreads: 'Spreads',
      openAfter: 'Off for',
      closeAfter: 'Back for',
      reliability: 'Weight',
    },
    ruleLevel: (level, side) => `${side} ${Math.round(level * 100)} %`,
    ruleNeverOpens: 'Opens no incident by itself.',
    statesTitle: 'States of an incident',
    kindsTitle: 'Kinds',
    severitiesTitle: 'Severity',
    signalFacts: (unit, step, delay) =>
      `Unit: ${unit}. One value every ${interval(step)}; complete after about ${duration(delay)}.`,
    signalLicence: (licence, citation) => `Source: ${citation}. Licence: ${licence}.`,
  },

  waypoint: {
    by: (observer) => `According to ${observer}`,
    source: 'Source:',
  },

  problem: {
    'no-page': {
      title: () => 'There is no such page.',
      hint: 'Countries stand under /en/country/ with their two letters, as in /en/country/KZ. Or begin at the front page.',
    },
    'no-entity': {
      title: (asked) => `There is no country, region or network called ‘${asked}’.`,
      hint: 'Countries are named by two letters, regions as in KZ-75, networks by number, as in as:9198.',
    },
    'no-incident': {
      title: (asked) => `There is no incident called ‘${asked}’ here.`,
      hint: 'Incidents are named by place, date and letter, as in KZ-2022-01-05-a. Incidents of a replay stand under that replay.',
    },
    'no-replay': {
      title: (asked) => `There is no replay called ‘${asked}’.`,
      hint: 'The list of replays names all that can be opened here.',
    },
    unavailable: {
      title: (asked) => `The replay ‘${asked}’ cannot be run here.`,
      hint: 'Its data are not part of this installation.',
    },
    'bad-time': {
      title: (asked) => `‘${asked}’ is not a time that can be shown.`,
      hint: 'Write a date such as 2026-01-08, or a time such as 2026-01-08T16:30Z, and let ‘from’ lie before ‘until’, by a year at most.',
    },
    'too-many': {
      title: () => 'Too many requests came from your network at once.',
      hint: 'Wait a minute and load the page again. Other readers may share your address.',
    },
    internal: {
      title: () => 'Something went wrong on our side.',
      hint: 'It says nothing about any country. Try again in a minute; if it stays, tell whoever runs this observatory.',
    },
  },
  problemDetail: (detail) => `What is missing: ${detail}`,
}

import { isNetwork } from '../model/entity.ts'
import type { HeadlineSubject } from './catalogue.ts'
import { atStart, dayAndYear, duration, instant, named, utc } from './en-phrases.ts'

/**
 * The leading sentence of an incident that routes alone tell of: what is announced, and never that anybody answers.
 * A country's routes are those to its networks.
 */
export function leadOfRoutes({ case: which, incident, entity, clock, newest }: HeadlineSubject): string {
  const x = named(entity)
  const routes = isNetwork(entity.kind) ? `routes to ${x}` : `routes to networks in ${x}`
  const how = incident.kind === 'blackout' ? 'almost all' : 'part of the'
  const many = incident.kind === 'blackout'
  const since = instant(incident.onset.at, clock)
  const gone = `${how} ${routes}`
  const end = newest === null ? 'a date that is not known' : dayAndYear(utc(newest))
  switch (which) {
    case 'retracted':
      return `Retracted: we no longer hold that ${routes} were withdrawn on ${dayAndYear(utc(incident.onset.at))}.`
    case 'suspected':
      return `There have been signs since ${since} that ${routes} are being withdrawn.`
    case 'ongoing':
      return `${atStart(gone)} ${many ? 'have' : 'has'} been withdrawn since ${since}.`
    case 'ongoing-eased':
      return `${atStart(gone)} were withdrawn on ${since}, and not all are back.`
    case 'recovering':
      return `${atStart(routes)} are coming back; ${many ? 'almost all' : 'part of them'} had been withdrawn since ${since}.`
    case 'restricted':
      return `${atStart(routes)} are back only in part. They were withdrawn on ${since}.`
    case 'unverified':
      return `${atStart(routes)} are announced again. Whether people have access is not verified.`
    case 'resolved':
    case 'resolved-measurement-only':
      return incident.end === null
        ? `${atStart(gone)} ${many ? 'were' : 'was'} withdrawn from ${since}. It is over.`
        : `${atStart(gone)} ${many ? 'were' : 'was'} withdrawn from ${since} to ${instant(incident.end.at, clock)}, for ${duration(incident.end.at - incident.onset.at)}.`
    case 'new-normal':
      return `${atStart(gone)} ${many ? 'were' : 'was'} withdrawn from ${since}, and stayed so: the yardstick moved, nobody has seen them come back.`
    case 'lost-sight':
      return `${atStart(gone)} ${many ? 'were' : 'was'} withdrawn from ${since} until we lost sight of it. How it went on we cannot see.`
    case 'stale-suspected':
      return `There were signs from ${since} to the end of our data, on ${end}, that ${routes} were being withdrawn.`
    case 'stale-ongoing':
      return `${atStart(gone)} ${many ? 'were' : 'was'} withdrawn from ${since} to the end of our data, on ${end}.`
    case 'stale-recovering':
      return `${atStart(routes)} were coming back at the end of our data, on ${end}. They were withdrawn on ${since}.`
    case 'stale-restricted':
      return `${atStart(routes)} were back only in part at the end of our data, on ${end}. They were withdrawn on ${since}.`
    case 'stale-unverified':
      return `${atStart(routes)} were announced again at the end of our data, on ${end}. Whether people have access is not verified.`
  }
}

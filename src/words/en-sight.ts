import type { CutKind, Detectability } from '../model/detectability.ts'
import { isNetwork } from '../model/entity.ts'
import type { HealthCondition } from '../model/health.ts'
import type { EntityRef, GapStretch } from '../model/page.ts'
import type { SightWords } from './catalogue-sight.ts'
import { NBSP, atStart, count, duration, instant, interval, listed, named, span } from './en-phrases.ts'
import { signalName } from './en-signals.ts'
import { fractionOf, unseen, type Fraction } from './sight.ts'

/** `IODA did not answer`: in the past, with its detail where there is one. */
const HAPPENED: Record<HealthCondition, (source: string) => string> = {
  unreachable: (source) => `${source} did not answer`,
  unreadable: (source) => `the answers of ${source} could not be read`,
  stale: (source) => `${source} gave nothing new`,
  frozen: (source) => `${source} repeated the same values`,
  'wrong-clock': (source) => `the clock of ${source} and ours differed`,
  partial: (source) => `${source} gave values for far fewer places than usual`,
  'common-dip': (source) => `many unrelated countries fell at once in the data of ${source}`,
}

function withDetail(text: string, detail: string): string {
  return detail === '' ? text : `${text} (${detail})`
}

const FRACTIONS: Record<Fraction, string> = {
  twentieth: 'a twentieth',
  tenth: 'a tenth',
  fifth: 'a fifth',
  quarter: 'a quarter',
  third: 'a third',
  half: 'half',
  'two-thirds': 'two thirds',
  'three-quarters': 'three quarters',
  'nine-tenths': 'nine tenths',
  'nearly-all': 'nearly all',
}

function whole(entity: EntityRef): string {
  if (entity.kind === 'country') return 'the country'
  if (isNetwork(entity.kind)) return 'this network'
  return entity.kind === 'region' ? 'the region' : 'the place'
}

function part(loss: number, entity: EntityRef): string {
  return `${FRACTIONS[fractionOf(loss)]} of ${whole(entity)}`
}

/** Rounded up: what is said would have shown did. */
function times(rise: number): string {
  return (Math.ceil((1 + rise) * 10 - 1e-9) / 10).toFixed(1).replace(/\.0$/, '')
}

/** A cut of each kind as the subject of a sentence. */
const CUT_OF: Record<CutKind, (entity: EntityRef) => string> = {
  national: (entity) => `A cut of ${whole(entity)}, however deep,`,
  regional: () => 'A cut of one region or city',
  mobile: () => 'A cut of mobile networks alone',
  throttling: () => 'Slowing connections down without cutting them',
  services: () => 'The blocking of single services',
  'allow-list': () => 'Cutting everything but a list of allowed services',
}

/** The same inside a sentence that speaks of cuts already. */
const ONE_OF: Record<CutKind, (entity: EntityRef) => string> = {
  national: (entity) => `one of ${whole(entity)}`,
  regional: () => 'one of a single region or city',
  mobile: () => 'one of mobile networks alone',
  throttling: () => 'connections that are slowed down but not cut',
  services: () => 'the blocking of single services',
  'allow-list': () => 'a cut of everything but allowed services',
}

/** What had to be lost, and for how long: `that took a quarter of the country for an hour`. */
function lost(entity: EntityRef, cut: Detectability, loss: number, long: 'an hour' | 'a day'): string {
  switch (cut.kind) {
    case 'national':
      return `A cut of ${part(loss, entity)} that lasted ${long}`
    case 'regional':
      return `In a typical region, a cut of ${FRACTIONS[fractionOf(loss)]} of it that lasted ${long}`
    case 'mobile':
      return `A cut of ${FRACTIONS[fractionOf(loss)]} of mobile access that lasted ${long}`
    case 'throttling':
      return `A slow-down to ${times(loss)} times the usual latency that lasted ${long}`
    case 'services':
      return `The blocking of ${FRACTIONS[fractionOf(loss)]} of what we test for ${long}`
    case 'allow-list':
      return `A cut of ${FRACTIONS[fractionOf(loss)]} of everything but allowed services that lasted ${long}`
  }
}

function cutSentence(entity: EntityRef, cut: Detectability): string {
  const { hour, day } = cut
  if (hour !== null && day !== null && fractionOf(day.loss) !== fractionOf(hour.loss))
    return `${lost(entity, cut, hour.loss, 'an hour')} would have shown; ${decapitalised(lost(entity, cut, day.loss, 'a day'))} too.`
  if (hour !== null) return `${lost(entity, cut, hour.loss, 'an hour')} would have shown.`
  if (day !== null) return `${lost(entity, cut, day.loss, 'a day')} would have shown; a shorter one might not.`
  const subject = CUT_OF[cut.kind](entity)
  switch (cut.why) {
    case 'too-little-history':
      return `${subject} might not show yet: our signals have too little history here.`
    case 'blind':
      return `${subject} would not show now: our own view is unhealthy.`
    case 'no-signal':
    case null:
      return `${subject} would not show here.`
  }
}

function decapitalised(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function wouldShow(entity: EntityRef, cuts: readonly Detectability[]): string | null {
  const national = cuts.find((cut) => cut.kind === 'national')
  const [hidden] = unseen(cuts).filter((cut) => cut.kind !== 'national')
  if (national === undefined) return null
  if (national.hour === null && national.day === null) return cutSentence(entity, national)
  const seen = cutSentence(entity, national.hour === null ? national : { ...national, day: null })
  if (hidden === undefined) return seen
  return `${seen.slice(0, -1)}; ${ONE_OF[hidden.kind](entity)} would not show here.`
}

/** Where it is not everywhere. */
function where(scope: EntityRef | null): string {
  return scope === null ? '' : ` for ${named(scope)}`
}

function bytes(length: number): string {
  if (length < 1000) return `${length}${NBSP}bytes`
  if (length < 1_000_000) return `${Math.round(length / 1000)}${NBSP}kB`
  return `${(length / 1_000_000).toFixed(1)}${NBSP}MB`
}

function gapSentence(gap: GapStretch): string {
  const when = span(gap.from, gap.until)
  const reason = gap.why === null ? null : withDetail(HAPPENED[gap.why.condition](gap.why.source), gap.why.detail)
  switch (gap.reading) {
    case 'unknown':
      return reason === null
        ? `No value ${when}: the source, or its view, was silent. This is not zero.`
        : `No value ${when}: ${reason}. This is not zero.`
    case 'ambiguous':
      return reason === null
        ? `No value ${when}; the source leaves zeros out, so this may be zero or silence.`
        : `No value ${when}: ${reason}. This is not zero.`
    case 'blind':
      return reason === null
        ? `Values ${when} are not judged: our view was unhealthy.`
        : `Values ${when} are not judged: ${reason}.`
  }
}

export const sight: SightWords = {
  conditions: {
    unreachable: {
      name: 'Does not answer',
      about: 'The source does not answer us, or breaks off. What happened since then we cannot see.',
    },
    unreadable: {
      name: 'Cannot be read',
      about: 'The source answers with something else than it promises, so that no value can be taken from it.',
    },
    stale: {
      name: 'Nothing new',
      about: 'The source answers, but its newest values are older than they should be.',
    },
    frozen: {
      name: 'Frozen',
      about:
        'Nearly all countries repeat their last value again and again: a picture, not a measurement. Nothing is judged from it.',
    },
    'wrong-clock': {
      name: 'Wrong clock',
      about: 'The clock of the source and ours differ. One of them is wrong, and until they agree nothing is judged.',
    },
    partial: {
      name: 'Incomplete',
      about: 'Far fewer countries than usual have a value. Those without one are not judged; the others are.',
    },
    'common-dip': {
      name: 'Many fell at once',
      about:
        'Many unrelated countries fell in the same minutes. That is the source first and a cable second, so nothing is judged from it.',
    },
  },
  notice: (group) => {
    const { source, condition, scope, since, detail } = group
    const from = instant(since, null)
    const of = listed(group.signals.map((signal) => signalName(signal.key, signal.label)))
    switch (condition) {
      case 'unreachable':
        return `Our feed is late: ${withDetail(`${source} has not answered since ${from}`, detail)}. What ${of} would have shown since then we cannot see.`
      case 'unreadable':
        return `Our feed is broken: ${withDetail(`the answers of ${source} cannot be read since ${from}`, detail)}. What ${of} would have shown since then we cannot see.`
      case 'stale':
        return `Our feed is late: ${source} has given nothing new of ${of}${where(scope)} since ${from}. What happened since then ${group.signals.length === 1 ? 'it' : 'they'} cannot show.`
      case 'frozen':
        return `${source} has repeated the same values of ${of}${where(scope)} since ${from}. That is no measurement: nothing is judged from them.`
      case 'wrong-clock':
        return `Our clock or that of ${source} is wrong since ${withDetail(from, detail)}. Nothing is judged from ${of} until they agree.`
      case 'partial':
        return `${source} has given ${of} for far fewer places than usual since ${withDetail(from, detail)}. Places without a value are not judged.`
      case 'common-dip':
        return `Many unrelated countries have fallen at once in ${of} of ${source} since ${withDetail(from, detail)}. That is the source first and a cable second: nothing is judged from it.`
    }
  },
  stretch: (line) => {
    const what = withDetail(HAPPENED[line.condition](line.source), line.detail)
    const when = line.until === null ? `since ${instant(line.from, null)}` : span(line.from, line.until)
    return `${atStart(signalName(line.key, line.label))}, ${when}${where(line.scope)}: ${what}.`
  },
  stretchesTitle: 'When our own view was unhealthy',
  stretchesAbout: 'These are faults of ours or of our sources. They say nothing about the place.',
  stretchesNone: 'None in this time.',
  stretchesMore: (n) => `${count(n, 'earlier stretch', 'earlier stretches')}`,
  gap: gapSentence,
  blindGapKey: 'a value that is not judged: our view was unhealthy',
  blindTitle: (entity) => `We cannot see now what happens ${isNetwork(entity.kind) ? 'on' : 'in'} ${named(entity)}.`,
  blindNext:
    'None of our signals for it is fresh and healthy. That is a fault of ours or of our sources, not of the place.',

  wouldShow,
  detectabilityTitle: 'What would have shown here',
  detectabilityAbout:
    'The smallest cut that today’s signals would surely have shown over the last day, with their noise and by their rules.',
  cutKinds: {
    national: 'The whole',
    regional: 'One region or city',
    mobile: 'Mobile networks alone',
    throttling: 'Slowing down',
    services: 'Single services',
    'allow-list': 'All but an allow-list',
  },
  cut: cutSentence,
  cutBy: (key) => `By ${signalName(key, key)}.`,

  summary: ({ signals, unhealthy, oldest }, now) => {
    if (signals === 0) return 'No source has given anything yet.'
    const age =
      oldest === null
        ? ''
        : ` (oldest: ${signalName(oldest.key, oldest.label)}, up to ${duration(Math.max(60, now - oldest.newest))} ago)`
    if (unhealthy === 0) return `All ${signals} signals are fresh${age}.`
    if (unhealthy === signals) return 'None of our signals is fresh and healthy: we are blind for now.'
    return `${signals - unhealthy} of ${signals} signals ${signals - unhealthy === 1 ? 'is' : 'are'} fresh${age}; ${unhealthy === 1 ? 'one is' : `${unhealthy} are`} not.`
  },
  summaryLink: 'Our sources',

  sources: {
    title: 'Our sources',
    lead: 'All that is said here rests on these. When one of them fails, it is we who are blind, and the pages say so; it is never drawn as a country’s silence.',
    none: 'No source is set up.',
    noneWhy: 'This observatory collects nothing by itself at the moment. What it shows was imported, or are replays.',
    off: 'Switched off by whoever runs this observatory.',
    upstream: 'Address that is asked',
    homepage: 'About this source',
    budget: ({ budget, spent }) =>
      `It is asked ${budget.requests} times every ${interval(budget.perSeconds)} at most; ${spent} of these are spent.`,
    answered: (at) => (at === null ? 'It has not answered yet.' : `It last answered on ${instant(at, null)}.`),
    requests: ({ ok, refused, failed, unreadable, bytes: length }) =>
      `Since the start: ${ok} answers (${bytes(length)}), ${refused} refused, ${failed} failed, ${unreadable} that could not be read.`,
    failure: ({ at, reason }) => `Its last failure was on ${instant(at, null)}: ${reason}.`,
    waiting: (until) => `No request before ${instant(until, null)}.`,
    oneByOne: (seconds) =>
      `It takes no lists at the moment, so that each country is asked for by itself: a round takes ${duration(seconds)}, and data come as much later.`,
    leftOut: (names) =>
      `${count(names.length, 'place of it', 'places of it')} could not be matched with any that we know and ${names.length === 1 ? 'is' : 'are'} not followed: ${listed(names)}.`,
    caption: (source) => `Signals of ${source}. Times are UTC.`,
    columns: {
      signal: 'Signal',
      state: 'State',
      newest: 'Newest data',
      places: 'Places with a value',
      past: 'Past weeks',
    },
    fresh: 'Fresh',
    noData: 'Nothing yet',
    since: (at, detail) => withDetail(`Since ${instant(at, null)}`, detail),
    newest: (at, now) => `${instant(at, null)}, ${duration(Math.max(0, now - at))} ago`,
    places: (fresh, usual) => `${fresh} of ${usual}`,
    backfilled: (share) => (share >= 1 ? 'Fetched' : `${Math.floor(share * 100)}${NBSP}% fetched`),
    termsTitle: 'Terms',
    terms: (licence, citation) => `Licence: ${licence}. To be named: ${citation}.`,
    conditionsTitle: 'What these words mean',
    pastTitle: 'The last week',
  },

  provenance: {
    title: 'Where this number comes from',
    titleOf: (signal) => `Where this number comes from: ${signal}`,
    answer: (source, answer) =>
      `${source} answered on ${instant(answer.fetchedAt, null)} (HTTP ${answer.status}, ${bytes(answer.bytes)}).`,
    asked: 'Address that was asked',
    body: 'The answer as it came',
    bodyOf: (sha256) => `The answer as it came, SHA-256 ${sha256.slice(0, 12)}`,
    record: 'Its record',
    recordOf: (sha256) => `Record of the answer, SHA-256 ${sha256.slice(0, 12)}`,
    letGo: 'The bytes are kept no longer; their hash is.',
    all: 'All answers behind this series, as JSON',
    answers: 'Answers',
    answersOf: (signal) => `Answers behind ${signal}, as JSON`,
    none: 'These values came with a case file; no answer of an upstream is kept with them.',
    sha: 'SHA-256',
  },
}

import type { UnixSeconds } from '../model/brand.ts'
import type { EntityRef, Language, LocalClock } from '../model/page.ts'
import type { Catalogue } from './catalogue.ts'
import { offsetAt } from './clock.ts'
import { zonedEn } from './zoned-en.ts'

/** What a catalogue says of UTC, said of another clock. The zone is always printed. */
export interface ZonedWords {
  /** Local time first, with its place, and UTC beside it. */
  readonly instant: (at: UnixSeconds, clock: LocalClock) => string
  readonly timeAxis: (clock: LocalClock) => string
  readonly rangeShown: (from: UnixSeconds, until: UnixSeconds, clock: LocalClock) => string
  readonly published: (clock: LocalClock) => string
  readonly evidenceCaption: (entity: EntityRef, clock: LocalClock) => string
}

const ZONED: Record<Language, ZonedWords> = { en: zonedEn }

/**
 * The same catalogue with the times of charts, tables and lists read from a clock, `null` = UTC. The first sentence of a
 * page keeps UTC with the place's own time beside it: it is what is quoted.
 */
export function zoned(words: Catalogue, clock: LocalClock | null): Catalogue {
  if (clock === null) return words
  const said = ZONED[words.language]
  const there = (at: UnixSeconds): UnixSeconds => (at + offsetAt(clock, at)) as UnixSeconds
  return {
    ...words,
    offset: (at) => offsetAt(clock, at),
    instant: (at) => said.instant(at, clock),
    instantShort: (at) => words.instantShort(there(at)),
    dayShort: (at) => words.dayShort(there(at)),
    timeShort: (at) => words.timeShort(there(at)),
    date: (at) => words.date(there(at)),
    entity: { ...words.entity, rangeShown: (from, until) => said.rangeShown(from, until, clock) },
    incident: {
      ...words.incident,
      evidenceCaption: (entity) => said.evidenceCaption(entity, clock),
      spreadTimes: (onset, end) => words.incident.spreadTimes(there(onset), end === null ? null : there(end)),
      revisionColumns: { ...words.incident.revisionColumns, published: said.published(clock) },
    },
    chart: {
      ...words.chart,
      onset: (at) => words.chart.onset(there(at)),
      end: (at) => words.chart.end(there(at)),
      timeAxis: said.timeAxis(clock),
    },
  }
}

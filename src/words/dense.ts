import type { UnixSeconds } from '../model/brand.ts'
import type { BinReading, GapStretch, Language, LocalClock } from '../model/page.ts'
import { denseEn } from './dense-en.ts'

/** One bin of a dense chart, as it is said. */
export interface DensePoint {
  readonly at: UnixSeconds
  readonly value: number | null
  readonly unit: string
  readonly share: number | null
  readonly reading: BinReading
}

/** What a chart that can be worked says. Apart from the catalogue: loaded with the chart alone. */
export interface DenseWords {
  readonly loading: string
  readonly failed: string
  /** Of the surface: what it is, and which keys work it. */
  readonly surface: (title: string) => string
  readonly hint: string
  readonly point: (point: DensePoint, clock: LocalClock | null) => string
  readonly range: (from: UnixSeconds, until: UnixSeconds, clock: LocalClock | null) => string
  /** Of the newest value, at the right edge. */
  readonly age: (seconds: number) => string
  readonly onset: (at: UnixSeconds, clock: LocalClock | null) => string
  readonly gap: (gap: GapStretch) => string
  readonly tick: (at: UnixSeconds, isDay: boolean, clock: LocalClock | null) => string
  readonly share: (share: number) => string
  /** On an axis, where 0 is 0. */
  readonly percent: (share: number) => string
  /** A whole instant without its zone, which a heading says. */
  readonly time: (at: UnixSeconds, clock: LocalClock | null) => string
  readonly axis: (clock: LocalClock | null) => string
  readonly zoomIn: string
  readonly zoomOut: string
  readonly whole: string
  readonly close: string
  readonly asTable: string
  readonly asChart: string
  readonly table: {
    readonly caption: (title: string) => string
    readonly time: (clock: LocalClock | null) => string
    readonly value: (unit: string) => string
    readonly usual: string
    readonly share: string
    readonly reading: string
    readonly readings: Record<BinReading, string>
    readonly none: string
    readonly earlier: string
    readonly later: string
    readonly rows: (first: number, last: number, all: number) => string
  }
}

const DENSE: Record<Language, DenseWords> = { en: denseEn }

export function denseWords(language: Language): DenseWords {
  return DENSE[language]
}

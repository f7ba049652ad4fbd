import type { LocalClock, Page, Panel } from '../../model/page.ts'
import type { Stretch } from './zoom.ts'

/** What all open charts of a page have in common. */
export interface Exploring {
  page(): Page
  clock(): LocalClock | null
  /** The stretch that all show; `null` before anybody zoomed. */
  shown(): Stretch | null
  show(stretch: Stretch): void
  point(at: number): void
  closed(explored: Explored): void
}

/** One open chart. */
export interface Explored {
  show(stretch: Stretch): void
  point(at: number): void
  /** The page has changed; `null`: its panel is gone. */
  renew(panel: Panel | null): Promise<void> | void
  close(): void
}

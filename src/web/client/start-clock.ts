import type { UnixSeconds } from '../../model/brand.ts'
import type { LocalClock, Page } from '../../model/page.ts'
import { DAY, plus } from '../../model/time.ts'
import { addressWithClock, clockOfAddress, nextClock, readerClock, type ClockChoice } from './clock.ts'
import type { Living } from './living.ts'

/** How far back a page may speak of: a year and a month. */
const REACH = 400 * DAY

export interface ClockSwitch {
  /** The reader's own clock, where they chose it. */
  readonly readers: () => LocalClock | null
  /** Goes to the next of UTC, the place's own and the reader's. */
  readonly next: () => void
}

/** Which clock times are read from: the address says it, one key and a visible switch change it. */
export function startClock(document: Document, living: Living, shown: (() => void)[]): ClockSwitch {
  let choice = clockOfAddress(location.search)
  let readers: LocalClock | null = null

  function mark(): void {
    const switches = [...document.querySelectorAll<HTMLElement>('[data-clock]')]
    for (const one of switches) {
      const isCurrent = one.dataset['clock'] === choice
      if (one instanceof HTMLButtonElement) one.setAttribute('aria-pressed', String(isCurrent))
      else if (isCurrent) one.setAttribute('aria-current', 'true')
      else one.removeAttribute('aria-current')
    }
  }

  async function choose(next: ClockChoice): Promise<void> {
    choice = next
    history.replaceState(null, '', addressWithClock(location.href, next))
    mark()
    if (!(await living.fetchPage(location.href))) return
    readers = next === 'mine' ? ownClock(living.page()) : null
    await living.setClock(readers)
    await living.showFetched()
  }

  document.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    const one = (event.target as Element).closest<HTMLElement>('[data-clock]')
    if (one === null) return
    event.preventDefault()
    void choose(one.dataset['clock'] as ClockChoice)
  })
  shown.push(mark)
  mark()
  if (choice === 'mine') void choose('mine')
  return {
    readers: () => readers,
    next: () => {
      const has = (value: string): boolean => document.querySelector(`[data-clock='${value}']`) !== null
      if (has('utc')) void choose(nextClock(choice, has('local')))
    },
  }
}

function ownClock(page: Page): LocalClock {
  const { standpoint } = page.frame
  const until = standpoint.kind === 'live' ? standpoint.now : standpoint.end
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return readerClock(
    zone,
    plus(until, -REACH),
    until,
    (at: UnixSeconds) => -new Date(at * 1000).getTimezoneOffset() * 60,
  )
}

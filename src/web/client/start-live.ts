import type { UnixSeconds } from '../../model/brand.ts'
import { liveWords } from '../../words/live.ts'
import { isLiving } from '../is-living.ts'
import { isCalm, readingNow } from './calm.ts'
import { concerns } from './concerns.ts'
import { followEvents, type Told } from './feed.ts'
import { markChanges, textsBefore } from './highlight.ts'
import type { Living } from './living.ts'

/** What comes in one breath is fetched once. */
const BREATH_SECONDS = 0.4
const RETRY_SECONDS = 15
const TICK_SECONDS = 10
/** So long nobody need be told that a connection was lost. */
const LOST_PATIENCE_SECONDS = 10

/**
 * Keeps a page that a reader leaves open up to date: told by the feed, it asks for itself anew, and changes in place
 * at once or when the reader wants it. Pages that do not change (replays, the method) are left alone.
 *
 * @param address what to ask for: the page as the reader opened it.
 */
export function startLive(document: Document, living: Living, address: () => string): void {
  const { frame } = living.page()
  const { place } = frame
  if (place === null || !isLiving(living.page())) return
  const words = liveWords(frame.language)
  const bar = document.getElementById('fresh')
  const lostBar = document.getElementById('lost')
  const said = document.getElementById('said')
  const now = (): UnixSeconds => Math.floor(Date.now() / 1000) as UnixSeconds

  let title = document.title
  let unseen = 0
  let heardAt = now()
  let updatedAt = now()
  let silent = false
  let fetching: Promise<void> | null = null
  let again = false

  function tellTab(): void {
    document.title = words.tabTitle(unseen, title)
  }

  function hideBar(): void {
    if (bar !== null) bar.hidden = true
  }

  async function show(): Promise<void> {
    const sentence = document.querySelector('h1')?.textContent ?? ''
    const before = textsBefore(document)
    // What is given away by showing it has been seen.
    hideBar()
    await living.showFetched()
    unseen = 0
    title = document.title
    updatedAt = now()
    tick()
    markChanges(before)
    const next = document.querySelector('h1')?.textContent ?? ''
    if (said !== null && next !== sentence) said.textContent = next
  }

  async function fetchNow(): Promise<void> {
    if (!(await living.fetchPage(address()))) {
      // Asked again soon, and no sooner: who does not answer is not helped by haste.
      setTimeout(refresh, RETRY_SECONDS * 1000)
      return
    }
    if (!document.hidden && isCalm(readingNow(document))) return await show()
    if (bar !== null && !document.hidden) {
      bar.textContent = words.show(unseen)
      bar.hidden = false
    }
    tellTab()
  }

  function refresh(): void {
    if (fetching !== null) {
      again = true
      return
    }
    again = false
    fetching = wait(BREATH_SECONDS)
      .then(fetchNow)
      .finally(() => {
        fetching = null
        if (again) refresh()
      })
  }

  function told(one: Told): void {
    if (one.kind === 'revision') {
      if (!concerns(living.page(), one)) return
      unseen += 1
      tellTab()
    }
    refresh()
  }

  function tick(): void {
    const updated = document.getElementById('updated')
    // The text node stays: a component may hold on to it.
    if (updated?.firstChild instanceof Text) updated.firstChild.data = words.updatedAgo(now() - updatedAt)
    if (lostBar !== null) {
      const isLost = silent && now() - heardAt > LOST_PATIENCE_SECONDS
      if (isLost && lostBar.hidden) lostBar.textContent = words.lost(heardAt)
      lostBar.hidden = !isLost
    }
  }

  const feed = followEvents(
    `${frame.view.api}/events`,
    place,
    {
      open: (url) => new EventSource(url),
      fetch: (url, headers) => fetch(url, { headers, cache: 'no-store' }),
      now,
      later: (seconds, run) => {
        const timer = setTimeout(run, seconds * 1000)
        return () => clearTimeout(timer)
      },
      random: Math.random,
    },
    {
      told,
      heard: () => {
        heardAt = now()
        if (silent) {
          silent = false
          tick()
          // What was judged while nobody answered is not told again.
          refresh()
        }
      },
      lost: () => {
        silent = true
        tick()
      },
    },
  )
  bar?.addEventListener('click', () => {
    window.scrollTo({ top: 0 })
    void show()
  })
  document.addEventListener('visibilitychange', () => {
    feed.setHidden(document.hidden)
    if (!document.hidden && living.hasFetched()) refresh()
  })
  document.addEventListener(
    'scroll',
    () => {
      if (living.hasFetched() && fetching === null && isCalm(readingNow(document))) void show()
    },
    { passive: true },
  )
  addEventListener('pagehide', () => feed.close())
  addEventListener('pageshow', (event) => {
    // Out of the browser's cache of pages: its connection is gone.
    if (event.persisted) location.reload()
  })
  setInterval(tick, TICK_SECONDS * 1000)
  tick()
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000)
  })
}

import type { LocalClock, Page } from '../../model/page.ts'
import type { Taken } from '../takeover.svelte.ts'

/** What the page on the screen is made of, and how another takes its place. */
export interface Living {
  readonly page: () => Page
  /** Fetches the page of an address and keeps it until it is shown. @returns whether there was an answer. */
  readonly fetchPage: (address: string) => Promise<boolean>
  /** Shows what was fetched last; nothing when there is nothing new. */
  readonly showFetched: () => Promise<void>
  readonly hasFetched: () => boolean
  /** Draws the page by another clock. */
  readonly setClock: (clock: LocalClock | null) => Promise<void>
}

export interface LivingWorld {
  readonly target: Element
  readonly fetch: (address: string, accept: string) => Promise<Response>
  /** Loads the components; called once. */
  readonly load: () => Promise<{ readonly takeOver: (target: Element, page: Page) => Taken }>
  /** A page could not be drawn: what stands there may be half of it. */
  readonly broken: () => void
  /** Told after each change of what is shown. */
  readonly shown: (page: Page) => void
}

const PAGE_TYPE = 'application/vnd.tocsin.page+json'

/** @param embedded the page as it lies in the document, without points. */
export function livingPage(embedded: Page, world: LivingWorld): Living {
  let page = embedded
  let fetched: Page | null = null
  let clock: LocalClock | null = null
  let latest = 0
  let taken: Promise<Taken> | null = null

  async function draw(next: Page): Promise<void> {
    taken ??= world.load().then(({ takeOver }) => takeOver(world.target, embedded))
    const drawn = await taken
    page = next
    try {
      drawn.show(next, clock)
    } catch (error) {
      world.broken()
      throw error
    }
    world.shown(next)
  }

  return {
    page: () => page,
    hasFetched: () => fetched !== null,
    async fetchPage(address) {
      latest += 1
      const own = latest
      const next = await askPage(world, address)
      // A page that was asked for earlier and came later is older than what is known.
      if (next !== null && own === latest) fetched = next
      return next !== null
    },
    async showFetched() {
      if (fetched === null) return
      const next = fetched
      fetched = null
      await draw(next)
    },
    async setClock(next) {
      clock = next
      // What lies in the document has no points: what is drawn anew must have them.
      if (page === embedded) return
      await draw(page)
    },
  }
}

async function askPage(world: LivingWorld, address: string): Promise<Page | null> {
  try {
    const response = await world.fetch(address, PAGE_TYPE)
    if (!(response.headers.get('content-type') ?? '').startsWith(PAGE_TYPE)) return null
    // A page of a problem says what is wrong where the page was: an answer as any other. One of ours is none.
    return response.status >= 500 ? null : ((await response.json()) as Page)
  } catch {
    return null
  }
}

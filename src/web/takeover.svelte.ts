import { flushSync, hydrate } from 'svelte'
import type { LocalClock, Page } from '../model/page.ts'
import App from './App.svelte'

/** A page that the browser draws by itself from here on. */
export interface Taken {
  show(page: Page, clock: LocalClock | null): void
}

/**
 * Takes over what the server drew: the same component over the same page. Loaded only when there is something to
 * change, so that who only reads loads neither components nor the catalogue.
 *
 * @param page as it lies in the document, without points: see `embed.ts`.
 */
export function takeOver(target: Element, page: Page): Taken {
  let shown = $state.raw({ page, clock: null as LocalClock | null })
  hydrate(App, {
    target,
    props: {
      get page() {
        return shown.page
      },
      get clock() {
        return shown.clock
      },
    },
  })
  flushSync()
  return {
    show(next, clock) {
      shown = { page: next, clock }
      flushSync()
    },
  }
}

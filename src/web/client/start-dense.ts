import type { LocalClock } from '../../model/page.ts'
import type { Group } from '../dense/group.ts'
import { shownClock } from '../shown-clock.ts'
import type { Living } from './living.ts'

export interface Dense {
  /** The address of the page as it was asked for: a stretch that a reader zoomed to is in the bar, not in the page. */
  readonly home: () => string
}

/** Charts that can be worked, loaded when a reader asks for one. */
export function startDense(
  document: Document,
  living: Living,
  readersClock: () => LocalClock | null,
  shown: (() => void)[],
): Dense {
  const asked = new URLSearchParams(location.search)
  const home = (): string => {
    const url = new URL(location.href)
    for (const name of ['from', 'until']) {
      const value = asked.get(name)
      if (value === null) url.searchParams.delete(name)
      else url.searchParams.set(name, value)
    }
    return url.href
  }
  let group: Promise<Group> | null = null

  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-explore]')
    if (button === null) return
    group ??= import('../dense/group.ts').then(({ createGroup }) =>
      createGroup(document, {
        page: living.page,
        clock: () => shownClock(living.page(), readersClock()),
        address: () => location.href,
        setAddress: (address) => history.replaceState(null, '', address),
        home,
      }),
    )
    button.setAttribute('aria-busy', 'true')
    void group
      .then((loaded) => loaded.open(Number(button.dataset['explore'])))
      .finally(() => button.removeAttribute('aria-busy'))
  })
  shown.push(() => void group?.then((loaded) => loaded.renew()))
  return { home }
}

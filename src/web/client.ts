import type { Page } from '../model/page.ts'
import { startClock } from './client/start-clock.ts'
import { startDense } from './client/start-dense.ts'
import { startKeys } from './client/start-keys.ts'
import { startLate } from './client/start-late.ts'
import { startLive } from './client/start-live.ts'
import { startTheme } from './client/start-theme.ts'
import { livingPage } from './client/living.ts'

/*
 * What runs on every page. Small, because everybody loads it: components, words and drawing code come by `takeover`
 * with the first change; a dense chart or the map with the first look at it.
 */
const embedded = document.getElementById('page')?.textContent ?? ''
const target = document.getElementById('app')

if (target !== null && embedded !== '') {
  const shown: (() => void)[] = []
  const living = livingPage(JSON.parse(embedded) as Page, {
    target,
    fetch: (address, accept) => fetch(address, { headers: { accept } }),
    load: () => import('./takeover.svelte.ts'),
    broken: () => location.reload(),
    shown: () => shown.forEach((tell) => tell()),
  })
  startTheme(document, shown)
  const clock = startClock(document, living, shown)
  const dense = startDense(document, living, clock.readers, shown)
  startKeys(document, living.page().frame.root, clock)
  startLate(document)
  startLive(document, living, dense.home)
}

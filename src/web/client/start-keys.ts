import { keyReader, type Command } from './keys.ts'
import type { ClockSwitch } from './start-clock.ts'

/** What `j` and `k` go through: the entries of a page's lists, each by its first link. */
const ENTRIES = 'main :is(.incidents, .feed, .strips, .watched, .replays, .waypoints) > li'

export function startKeys(document: Document, root: string, clock: ClockSwitch): void {
  const read = keyReader()
  const help = document.getElementById('help')
  const openHelp = (): void => {
    if (help instanceof HTMLDialogElement && !help.open) help.showModal()
  }

  function entry(step: 1 | -1): void {
    const entries = [...document.querySelectorAll(ENTRIES)]
      .map((one) => one.querySelector<HTMLElement>('a[href]'))
      .filter((link) => link !== null && link.offsetParent !== null)
    const now = entries.findIndex((one) => one === document.activeElement)
    const next = now === -1 ? (step === 1 ? 0 : entries.length - 1) : now + step
    entries[Math.min(entries.length - 1, Math.max(0, next))]?.focus()
  }

  const commands: Readonly<Record<Command, () => void>> = {
    search: () => document.getElementById('search')?.focus(),
    clock: clock.next,
    help: openHelp,
    world: () => location.assign(root),
    incidents: () => location.assign(`${root}#feed`),
    sources: () => location.assign(`${root}sources`),
    next: () => entry(1),
    previous: () => entry(-1),
  }

  document.addEventListener('keydown', (event) => {
    const target = event.target as Element
    const command = read({
      key: event.key,
      withModifier: event.ctrlKey || event.altKey || event.metaKey,
      inField:
        target.closest('input, textarea, select, [contenteditable], [role="application"], dialog[open]') !== null,
      at: event.timeStamp,
    })
    if (command === null || event.defaultPrevented) return
    event.preventDefault()
    commands[command]()
  })
  document.addEventListener('click', (event) => {
    if ((event.target as Element).closest('[data-help]') !== null) openHelp()
  })
}

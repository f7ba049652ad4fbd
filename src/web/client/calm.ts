/** What a reader is doing, as far as a page may know. */
export interface Reading {
  readonly scrolledPx: number
  readonly hasSelection: boolean
  /** A field, a button, a chart or a dialog is in use. */
  readonly usesControl: boolean
}

/** Less than a line. */
const TOP_PX = 16

/** Whether the page may change at once: nothing jumps under a reader who is at the top of it and holds on to nothing. */
export function isCalm(reading: Reading): boolean {
  return reading.scrolledPx < TOP_PX && !reading.hasSelection && !reading.usesControl
}

export function readingNow(document: Document): Reading {
  const focused = document.activeElement
  return {
    scrolledPx: document.defaultView?.scrollY ?? 0,
    hasSelection: document.getSelection()?.isCollapsed === false,
    usesControl:
      document.querySelector('dialog[open]') !== null ||
      (focused !== null &&
        focused !== document.body &&
        focused.id !== 'fresh' &&
        focused.closest('main, form') !== null),
  }
}

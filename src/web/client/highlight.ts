/** Numbers that may change while a reader looks: in facts, tables, lists and the sentence. */
const NUMBERS = 'main :is(h1, .deck, .numbers dd, .facts dd, td, .status, .number)'

/** How each read before a change; keyed by the element, so that what is new is not taken for what changed. */
export function textsBefore(document: Document): ReadonlyMap<Element, string> {
  return new Map([...document.querySelectorAll(NUMBERS)].map((element) => [element, element.textContent]))
}

/** Marks for a moment what reads otherwise than before. The style sheet decides how, and that it is still for who asked for less. */
export function markChanges(before: ReadonlyMap<Element, string>): void {
  for (const [element, text] of before) {
    if (!element.isConnected || element.textContent === text) continue
    element.classList.add('changed')
    element.addEventListener('animationend', () => element.classList.remove('changed'), { once: true })
  }
}

/*
 * What only some pages need, loaded when the reader gets to it: an element with `data-late` names the module that
 * comes to it. Modules start on the element as the server drew it and leave it complete if they cannot be loaded.
 */
const MODULES: Readonly<Record<string, () => Promise<{ readonly start: (element: HTMLElement) => void }>>> = {
  map: () => import('../map/alive.ts'),
}

/** Starts at elements that are there now or come later, each once, when they come near the reader's view. */
export function startLate(document: Document): void {
  const view = document.defaultView
  if (view === null) return
  const seen = new WeakSet<Element>()
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue
        near.unobserve(target)
        const element = target as HTMLElement
        void MODULES[element.dataset['late'] ?? '']?.().then((module) => module.start(element))
      }
    },
    { rootMargin: '200px' },
  )
  const look = (): void => {
    for (const element of document.querySelectorAll('[data-late]')) {
      if (seen.has(element)) continue
      seen.add(element)
      near.observe(element)
    }
  }
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
  look()
}

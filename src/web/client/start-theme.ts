/** The switch of colours: kept in this browser only, and told to nobody. */
export function startTheme(document: Document, shown: (() => void)[]): void {
  const root = document.documentElement
  const mark = (): void => {
    for (const button of document.querySelectorAll<HTMLElement>('[data-theme-choice]')) {
      button.setAttribute('aria-pressed', String(button.dataset['themeChoice'] === root.dataset['theme']))
    }
  }
  document.addEventListener('click', (event) => {
    const choice = (event.target as Element).closest<HTMLElement>('[data-theme-choice]')?.dataset['themeChoice']
    if (choice === undefined) return
    root.dataset['theme'] = choice
    try {
      localStorage.setItem('theme', choice)
    } catch {
      // Storage is forbidden: the choice holds for this page.
    }
    mark()
  })
  shown.push(mark)
  mark()
}

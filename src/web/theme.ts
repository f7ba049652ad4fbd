/*
 * Runs before the first paint, as a file of its own, because the page lets no inline script run: the colours that the
 * reader chose. `data-theme` also tells the style sheet that scripts run.
 */
const CHOICES = ['auto', 'light', 'dark']

function chosen(): string {
  try {
    const kept = localStorage.getItem('theme') ?? ''
    return CHOICES.includes(kept) ? kept : 'auto'
  } catch {
    // Storage is forbidden in this browser.
    return 'auto'
  }
}

document.documentElement.dataset['theme'] = chosen()

import { render as renderComponent } from 'svelte/server'
import type { Page } from '../model/page.ts'
import App from './App.svelte'
import styles from './style.css?url'

/**
 * A whole document for a page, complete without scripts. What a browser would need to come alive is the page itself,
 * which is plain JSON, and the same component.
 */
export function render(page: Page): { readonly html: string } {
  const { head, body } = renderComponent(App, { props: { page } })
  const { language, view } = page.frame
  return {
    html: [
      '<!doctype html>',
      `<html lang="${language}" dir="ltr" data-view="${view.origin ?? 'none'}">`,
      '<head>',
      '<meta charset="utf-8">',
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="color-scheme" content="light dark">',
      `<link rel="stylesheet" href="${styles}">`,
      '<link rel="icon" href="data:,">',
      head,
      '</head>',
      `<body>${body}</body>`,
      '</html>',
    ].join('\n'),
  }
}

import { render as renderComponent } from 'svelte/server'
import type { Page } from '../model/page.ts'
import { page as script, preloads, theme } from 'virtual:browser-files'
import App from './App.svelte'
import Chrome from './Chrome.svelte'
import { embeddedJson } from './embed.ts'
import styles from './style.css?url'

/**
 * A whole document for a page, complete without scripts. With them it comes alive: by the page itself, which lies in it
 * as plain JSON, and the same component.
 */
export function render(page: Page): { readonly html: string } {
  const { head, body } = renderComponent(App, { props: { page, clock: null } })
  const chrome = renderComponent(Chrome, { props: { page } }).body
  const { language, view } = page.frame
  return {
    html: [
      '<!doctype html>',
      `<html lang="${language}" dir="ltr" data-view="${view.origin ?? 'none'}">`,
      '<head>',
      '<meta charset="utf-8">',
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="color-scheme" content="light dark">',
      `<script src="${theme}"></script>`,
      `<link rel="stylesheet" href="${styles}">`,
      `<script type="module" src="${script}"></script>`,
      ...preloads.map((path) => `<link rel="modulepreload" href="${path}">`),
      '<link rel="icon" href="data:,">',
      head,
      '</head>',
      `<body><div id="app">${body}</div>${chrome}`,
      `<script type="application/json" id="page">${embeddedJson(page)}</script>`,
      '</body>',
      '</html>',
    ].join('\n'),
  }
}

import type { Context } from 'hono'
import type { Page, Renderer } from '../model/page.ts'

/** What a page left open asks for: the page as data, to update itself in place. @internal */
export const PAGE_TYPE = 'application/vnd.tocsin.page+json'

/** A page as a document, or as the data that it is made from, under one address. */
export function pageAnswer(c: Context, renderer: Renderer, page: Page): Response {
  const status = page.kind === 'problem' ? page.status : 200
  c.header('vary', 'accept')
  if (asksForData(c.req.header('accept') ?? '')) {
    return c.body(JSON.stringify(page), status, { 'content-type': PAGE_TYPE })
  }
  return c.html(renderer.render(page).html, status)
}

/** Browsers never name it: whoever does wants it. */
function asksForData(accept: string): boolean {
  return accept.split(',').some((range) => range.split(';')[0]?.trim().toLowerCase() === PAGE_TYPE)
}

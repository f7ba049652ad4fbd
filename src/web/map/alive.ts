import { stepTo } from './step.ts'

/*
 * Brings the map to life in a browser: before the picture, and in its place, comes the drawing itself, whose countries
 * can be pointed at, followed and walked through with the arrow keys. Loaded late; without it the picture says the same.
 */

/** @param host the empty element before the picture: `data-map` says where the drawing is, `data-version` of when. */
export function start(host: HTMLElement): void {
  void draw(host)
  new MutationObserver(() => void draw(host)).observe(host, { attributeFilter: ['data-version', 'data-map'] })
}

async function draw(host: HTMLElement): Promise<void> {
  const { map, keys } = host.dataset
  if (map === undefined) return
  const drawing = parse(host.ownerDocument, await textAt(map))
  // What cannot be had now leaves what is there: the picture, or the drawing of before.
  if (drawing === null) return
  drawing.setAttribute('aria-description', keys ?? '')
  walkable(drawing)
  // A reader who walks through the old drawing stays at the same country in the new one.
  const active = host.contains(host.ownerDocument.activeElement) ? host.ownerDocument.activeElement : null
  const code = active?.closest('[data-code]')?.getAttribute('data-code') ?? null
  host.replaceChildren(drawing)
  if (code !== null) focus(drawing, drawing.querySelector<SVGAElement>(`a[data-code="${CSS.escape(code)}"]`))
}

async function textAt(address: string): Promise<string | null> {
  try {
    const answer = await fetch(address)
    return answer.ok ? await answer.text() : null
  } catch {
    return null
  }
}

function parse(document: Document, text: string | null): SVGSVGElement | null {
  if (text === null) return null
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement
  if (parsed.nodeName !== 'svg') return null
  const drawing = document.importNode(parsed, true) as unknown as SVGSVGElement
  for (const name of ['width', 'height']) drawing.removeAttribute(name)
  return drawing
}

/** One stop for Tab, as in a menu: from there the arrows lead on, through those in trouble first. */
function walkable(drawing: SVGSVGElement): void {
  const all = [...drawing.querySelectorAll<SVGAElement>('a[data-code]')]
  const inTrouble = (one: SVGAElement): boolean => one.dataset['kind'] !== undefined
  const order = [...all.filter(inTrouble), ...all.filter((one) => !inTrouble(one))]
  order.forEach((one, index) => one.setAttribute('tabindex', index === 0 ? '0' : '-1'))
  drawing.addEventListener('keydown', (event) => {
    const at = order.indexOf(event.target as SVGAElement)
    const to = at === -1 ? null : stepTo(event.key, at, order.length)
    if (to === null) return
    event.preventDefault()
    focus(drawing, order[to] ?? null)
  })
}

function focus(drawing: SVGSVGElement, target: SVGAElement | null): void {
  if (target === null) return
  for (const one of drawing.querySelectorAll('a[tabindex="0"]')) one.setAttribute('tabindex', '-1')
  target.setAttribute('tabindex', '0')
  target.focus({ preventScroll: true })
}

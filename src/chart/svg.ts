const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Control characters that XML cannot hold even when escaped. */
// oxlint-disable-next-line no-control-regex -- they are what is to be found
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g

/** Most texts, and all paths, hold nothing of either kind: they are looked through once. */
// oxlint-disable-next-line no-control-regex -- they are what is to be found
const TO_CHANGE = /[&<>"'\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/

/** Text as it may stand in an element or an attribute. Names come from sources: none of them is trusted. */
export function escapeText(text: string): string {
  if (!TO_CHANGE.test(text)) return text
  return text.replace(FORBIDDEN, '').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

/** Attributes in order; a number with a tenth of a pixel, which nobody sees the end of. */
export function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? tenth(value) : escapeText(value)}"`)
    .join('')
}

export function element(
  name: string,
  values: Readonly<Record<string, string | number>>,
  ...children: readonly string[]
): string {
  const inner = children.join('')
  return inner === '' ? `<${name}${attributes(values)}/>` : `<${name}${attributes(values)}>${inner}</${name}>`
}

export function textElement(values: Readonly<Record<string, string | number>>, text: string): string {
  return `<text${attributes(values)}>${escapeText(text)}</text>`
}

export function titleElement(text: string): string {
  return `<title>${escapeText(text)}</title>`
}

export function tenth(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** What a picture is called and what it shows, for readers who do not see it. */
export interface Named {
  /** Unique on its page; letters, digits and hyphens. */
  readonly id: string
  readonly title: string
  readonly description: string
}

/** A picture with a role, a title and a description; it scales with its box and holds no style of its own. */
export function picture(
  named: Named,
  size: { readonly width: number; readonly height: number },
  ...children: readonly string[]
): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${size.width} ${size.height}`,
      class: 'chart',
      role: 'img',
      'aria-labelledby': `${named.id}-title ${named.id}-desc`,
    },
    `<title id="${escapeText(named.id)}-title">${escapeText(named.title)}</title>`,
    `<desc id="${escapeText(named.id)}-desc">${escapeText(named.description)}</desc>`,
    ...children,
  )
}

import type { LocalClock } from '../../model/page.ts'
import type { DenseWords } from '../../words/dense.ts'
import type { DenseColumns } from './columns.ts'

const ROWS = 50

export interface Table {
  readonly root: HTMLElement
  /** Shows the page of rows that holds an index. */
  show(columns: DenseColumns, index: number, clock: LocalClock | null): void
}

/** A series value by value, a page of rows at a time. */
export function createTable(document: Document, title: string, unit: string, words: DenseWords): Table {
  const { table: said } = words
  const root = document.createElement('div')
  const table = root.appendChild(document.createElement('table'))
  const bar = root.appendChild(document.createElement('p'))
  bar.className = 'dense-bar'
  const earlier = button(document, said.earlier)
  const where = document.createElement('span')
  where.setAttribute('role', 'status')
  const later = button(document, said.later)
  bar.append(earlier, where, later)
  let columns: DenseColumns | null = null
  let first = 0
  let clock: LocalClock | null = null

  function draw(): void {
    if (columns === null) return
    const all = columns
    const last = Math.min(all.at.length, first + ROWS)
    const caption = document.createElement('caption')
    caption.textContent = said.caption(title)
    const names = [said.time(clock), said.value(unit), said.usual, said.share, said.reading]
    const head = document.createElement('thead')
    head.append(row(document, 'th', names, names))
    const body = document.createElement('tbody')
    const number = (value: number | null | undefined): string =>
      value === null || value === undefined ? said.none : String(value)
    for (let index = first; index < last; index += 1) {
      const share = all.shares[index] ?? null
      const cells = [
        words.time(all.at[index] ?? (0 as never), clock),
        number(all.values[index]),
        number(all.usual[index]),
        share === null ? said.none : words.share(share),
        said.readings[all.readings[index] ?? 'gap'],
      ]
      body.append(row(document, 'td', cells, names))
    }
    table.replaceChildren(caption, head, body)
    where.textContent = said.rows(first + 1, last, all.at.length)
    earlier.disabled = first === 0
    later.disabled = last === all.at.length
  }

  earlier.addEventListener('click', () => {
    first = Math.max(0, first - ROWS)
    draw()
  })
  later.addEventListener('click', () => {
    first += ROWS
    draw()
  })
  return {
    root,
    show(next, index, by) {
      columns = next
      clock = by
      first = Math.max(0, Math.floor(index / ROWS) * ROWS)
      draw()
    },
  }
}

export function button(document: Document, text: string): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = text
  return made
}

function row(
  document: Document,
  kind: 'th' | 'td',
  cells: readonly string[],
  names: readonly string[],
): HTMLTableRowElement {
  const made = document.createElement('tr')
  made.append(
    ...cells.map((text, index) => {
      const cell = document.createElement(kind)
      cell.textContent = text
      if (kind === 'th') cell.scope = 'col'
      else cell.dataset['label'] = names[index] ?? ''
      return cell
    }),
  )
  return made
}

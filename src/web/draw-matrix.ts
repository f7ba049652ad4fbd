import { matrixChart, matrixSwatch } from '../chart/matrix.ts'
import type { RoutingSection } from '../model/page.ts'
import type { Origin } from '../model/series.ts'
import type { Catalogue } from '../words/catalogue.ts'

/** What it fills on a wide page, and what the style sheet keeps it from being less than. */
const WIDTH = 720

/** Prefixes by time. Its box scrolls where the page is narrower. */
export function drawMatrix(words: Catalogue, section: RoutingSection, origin: Origin | null): string {
  const { matrix, groups } = section
  const { matrix: said } = words.routing
  const shown = matrix.groups.reduce((sum, { rows }) => sum + rows.length, 0)
  return matrixChart(
    {
      id: 'prefixes',
      title: said.title,
      description: said.description(section, shown),
      from: matrix.from,
      step: matrix.step,
      columns: matrix.columns,
      offset: words.offset(matrix.from),
      groups: matrix.groups.map(({ rows, more }, index) => ({
        label: said.group(groups[index] ?? null),
        rows: rows.map(({ prefix, cells }) => ({ label: prefix.prefix, cells, title: said.row(prefix) })),
        more: more === 0 ? null : said.more(more),
      })),
      day: (at) => words.dayShort(at),
      time: (at) => words.timeShort(at),
      watermark: origin === null || origin === 'measured' ? null : words.origins[origin].watermark,
    },
    WIDTH,
  )
}

export function drawMatrixSwatch(letter: 'v' | 'l' | 'u'): string {
  return matrixSwatch(`key-${letter}`, letter)
}

import type { Page, Panel, Spark, TraceColumns } from '../model/page.ts'

/**
 * The page as it lies in the document, for a browser that takes over what the server drew: without the points of the
 * lines, which stand there drawn. Of each line one row is kept, by which the page knows whether there is a value and
 * whether there is a usual. Points come with the first update.
 *
 * @internal
 */
export function withoutPoints(page: Page): Page {
  switch (page.kind) {
    case 'world':
      return {
        ...page,
        open: page.open.map(lineWithoutPoints),
        closed: page.closed.map(lineWithoutPoints),
        picture: page.picture === null ? null : panelWithoutPoints(page.picture),
      }
    case 'entity':
      return {
        ...page,
        open: page.open.map(lineWithoutPoints),
        closed: page.closed.map(lineWithoutPoints),
        panels: page.panels.map(panelWithoutPoints),
      }
    case 'incident':
      return {
        ...page,
        members: page.members.map(lineWithoutPoints),
        panels: page.panels.map(panelWithoutPoints),
      }
    case 'sources':
    case 'method':
    case 'replays':
    case 'problem':
      return page
  }
}

/** JSON that may stand inside `<script>`: nothing in it can end the element or open a comment. */
export function embeddedJson(page: Page): string {
  return JSON.stringify(withoutPoints(page)).replaceAll('<', '\\u003c')
}

function panelWithoutPoints(panel: Panel): Panel {
  return { ...panel, columns: tellingRow(panel.columns) }
}

function lineWithoutPoints<T extends { readonly spark: Spark | null }>(line: T): T {
  const { spark } = line
  if (spark === null) return line
  const row = Math.max(0, known(spark.shares))
  return {
    ...line,
    spark: { ...spark, bins: spark.bins.slice(row, row + 1), shares: spark.shares.slice(row, row + 1) },
  }
}

function tellingRow(columns: TraceColumns): TraceColumns {
  const share = known(columns.shares)
  const row = Math.max(0, share === -1 ? known(columns.values) : share)
  const only = <T>(column: readonly T[]): readonly T[] => column.slice(row, row + 1)
  return {
    bins: only(columns.bins),
    values: only(columns.values),
    expected: only(columns.expected),
    spread: only(columns.spread),
    shares: only(columns.shares),
    readings: only(columns.readings),
  }
}

function known(column: readonly (number | null)[]): number {
  return column.findIndex((value) => value !== null)
}

/** One sort of row that was left out: how many, and where the first of them stands. */
export interface SkippedRows {
  readonly reason: string
  count: number
  readonly first: {
    readonly file: string
    readonly line: number
    readonly column: string | null
    readonly text: string
  }
}

/** What reading a case came to. A bad row is never guessed at: it is left out, counted and told. */
export interface ReadReport {
  rows: number
  observations: number
  readonly skipped: SkippedRows[]
  /** Left out because the mapping says so (codes that are no country). */
  ignored: number
  /** Observations that were read and lie before the case's `from` or not before its `until`. */
  outside: number
  readonly warnings: string[]
}

export function emptyReport(): ReadReport {
  return { rows: 0, observations: 0, skipped: [], ignored: 0, outside: 0, warnings: [] }
}

export function skip(
  report: ReadReport,
  reason: string,
  file: string,
  line: number,
  column: string | null,
  text: string,
): void {
  const same = report.skipped.find((each) => each.reason === reason && each.first.file === file)
  if (same === undefined) report.skipped.push({ reason, count: 1, first: { file, line, column, text } })
  else same.count += 1
}

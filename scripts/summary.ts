/** The part of Vitest's JSON report that the summary reads. */
export interface VitestReport {
  readonly success: boolean
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
    }[]
  }[]
}

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

interface Skipped {
  readonly name: string
  readonly reason: string
}

/** A group that was skipped says why at the end of its title: `replays the case [needs ../shared/cases/iran-2026]`. */
const REASON = /^(.*) \[needs (.+)\]$/

function skippedOf(ancestors: readonly string[], title: string): Skipped {
  for (const ancestor of ancestors) {
    const match = REASON.exec(ancestor)
    if (match !== null) return { name: match[1] ?? ancestor, reason: `needs ${match[2] ?? ''}` }
  }
  return { name: [...ancestors, title].join(' › '), reason: 'marked as skipped in the test file' }
}

/**
 * A file that could not even be loaded counts as one failure; so does a run that failed without a failed test (an
 * error that no test caught).
 */
export function countTests(report: VitestReport): { counts: Counts; skipped: readonly Skipped[] } {
  let passed = 0
  let failed = 0
  const skipped: Skipped[] = []
  for (const file of report.testResults) {
    let failedHere = 0
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1
      else if (test.status === 'failed') failedHere += 1
      else skipped.push(skippedOf(test.ancestorTitles, test.title))
    }
    failed += failedHere === 0 && file.status === 'failed' ? 1 : failedHere
  }
  if (!report.success && failed === 0) failed = 1
  return { counts: { passed, failed, skipped: skipped.length }, skipped }
}

/** One line a reason and group, in the order of first sight: `- replays the case: 7 tests`. */
export function describeSkipped(skipped: readonly Skipped[]): readonly string[] {
  const byReason = new Map<string, Map<string, number>>()
  for (const { name, reason } of skipped) {
    const names = byReason.get(reason) ?? new Map<string, number>()
    names.set(name, (names.get(name) ?? 0) + 1)
    byReason.set(reason, names)
  }
  const lines: string[] = []
  for (const [reason, names] of byReason) {
    lines.push(`Skipped, ${reason}:`)
    for (const [name, count] of names) lines.push(`  - ${name}: ${count} ${count === 1 ? 'test' : 'tests'}`)
  }
  return lines
}

export function totalLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

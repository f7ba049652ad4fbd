import type { Incident } from '../model/incident.ts'
import { toRfc3339 } from '../model/time.ts'
import type { CaseExpectation } from './case-schema.ts'

/** One thing that a case says must be found, and whether it was. */
export interface Outcome {
  readonly entity: string
  readonly met: boolean
  /** What was found, in a line. */
  readonly found: string
}

/**
 * Holds what a case expects against what was found. Retracted incidents are not found. Where an entity has several, one
 * that fits is enough: how many there may be, `incidents` says.
 */
export function judgeExpectations(
  expectations: readonly CaseExpectation[],
  incidents: readonly Incident[],
): readonly Outcome[] {
  return expectations.map((expected) => {
    const found = incidents.filter((each) => each.entity === expected.entity && each.state !== 'retracted')
    const wrong = found
      .map((each) => wrongOf(expected, each))
      .reduce<readonly string[]>((least, each, i) => (i === 0 || each.length < least.length ? each : least), [])
    const count = expected.incidents === undefined ? found.length > 0 : found.length === expected.incidents
    const told = found.map(
      (each) =>
        `${each.id} ${each.state}, onset ${toRfc3339(each.onset.at)}, end ${each.end === null ? 'none' : toRfc3339(each.end.at)}`,
    )
    const list = told.length === 0 ? 'no incident' : told.join('; ')
    return {
      entity: expected.entity,
      met: count && wrong.length === 0,
      found: wrong.length === 0 ? list : `${list} (${wrong.join(', ')} outside what is expected)`,
    }
  })
}

function wrongOf(expected: CaseExpectation, incident: Incident): readonly string[] {
  const within = (at: number | null | undefined, range: readonly [number, number] | undefined): boolean =>
    range === undefined || (at !== null && at !== undefined && at >= range[0] && at <= range[1])
  const checks: readonly (readonly [string, boolean])[] = [
    ['onset', within(incident.onset.at, expected.onset)],
    ['end', within(incident.end?.at, expected.end)],
    ['detection', expected.detected_by === undefined || incident.detectedAt <= expected.detected_by],
    ['state', expected.state === undefined || incident.state === expected.state],
  ]
  return checks.filter(([, right]) => !right).map(([name]) => name)
}

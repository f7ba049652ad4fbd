import type { AnswerWithBody } from '../model/answer.ts'
import type { SignalId, UnixSeconds } from '../model/brand.ts'
import type { SourceReport } from './source.ts'

/** Remembers which conditions of which signals are on, so that each is said to be over once. */
export interface Conditions {
  begin(
    signal: SignalId,
    condition: SourceReport['condition'],
    at: UnixSeconds,
    detail: string,
    answer: AnswerWithBody | null,
  ): SourceReport
  /** @returns a report for each that was on, in the order given. */
  end(signal: SignalId, conditions: readonly SourceReport['condition'][], at: UnixSeconds): readonly SourceReport[]
}

export function createConditions(): Conditions {
  const standing = new Set<string>()
  return {
    begin(signal, condition, at, detail, answer) {
      standing.add(`${signal}/${condition}`)
      return { kind: 'health', signal, condition, on: true, at, detail, answer }
    },
    end: (signal, conditions, at) =>
      conditions
        .filter((condition) => standing.delete(`${signal}/${condition}`))
        .map((condition) => ({ kind: 'health', signal, condition, on: false, at, detail: '', answer: null })),
  }
}

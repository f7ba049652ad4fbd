import type { Answer, AnswerWithBody } from '../model/answer.ts'
import type { UnixSeconds } from '../model/brand.ts'
import { checkAnswer } from './check-answer.ts'
import type { KeptAnswer } from './store.ts'

/** The archive of answers of the memory engine. */
export interface MemoryAnswers {
  readonly last: number
  keep(answer: AnswerWithBody): number
  at(id: number): KeptAnswer
  of(sha256: string): readonly KeptAnswer[]
  body(sha256: string): Uint8Array | null
  /** @param kept answers that stay whatever their age. @returns how many were let go. */
  letGo(before: UnixSeconds, kept: ReadonlySet<number>): number
}

export function makeMemoryAnswers(): MemoryAnswers {
  const records: Answer[] = []
  /** Numbers of the answers that still hold a body; a body goes with the last of them. */
  const holders = new Map<string, Set<number>>()
  const bodies = new Map<string, Uint8Array>()

  function at(id: number): KeptAnswer {
    const record = records[id - 1]
    if (record === undefined) throw new RangeError(`there is no answer ${id}`)
    return { ...record, id, hasBody: bodies.has(record.sha256) }
  }

  return {
    get last() {
      return records.length
    },
    keep(answer) {
      checkAnswer(answer)
      const { body, ...record } = answer
      records.push(record)
      const id = records.length
      if (!bodies.has(record.sha256)) bodies.set(record.sha256, body.slice())
      holders.set(record.sha256, (holders.get(record.sha256) ?? new Set()).add(id))
      return id
    },
    at,
    of: (sha256) => records.flatMap((record, i) => (record.sha256 === sha256 ? [at(i + 1)] : [])),
    body: (sha256) => bodies.get(sha256)?.slice() ?? null,
    letGo(before, kept) {
      let gone = 0
      for (const [sha256, ids] of holders) {
        for (const id of ids) {
          if (kept.has(id) || records[id - 1]!.fetchedAt >= before) continue
          ids.delete(id)
          gone += 1
        }
        if (ids.size > 0) continue
        holders.delete(sha256)
        bodies.delete(sha256)
      }
      return gone
    },
  }
}

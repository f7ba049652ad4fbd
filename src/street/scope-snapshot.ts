import { createHash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import type { Past } from '../detect/past.ts'
import { RULE_VERSION } from '../detect/rules.ts'
import type { DetectorState } from '../detect/state.ts'
import type { UnixSeconds } from '../model/brand.ts'
import type { Intervals } from '../model/intervals.ts'
import { seriesName } from '../model/series.ts'
import type { Line } from './line.ts'
import type { Progress } from './scope.ts'

/** Raised when what stands below changes shape. */
const FORMAT = 1
/** Length of a SHA-256 in bytes. */
const HASH_BYTES = 32

interface LineSnapshot {
  readonly first: UnixSeconds
  readonly values: Float64Array
  readonly flags: Uint8Array
  readonly expected: Float64Array
  readonly spread: Float64Array
  readonly slots: Int32Array
  readonly slotValues: Float32Array
  readonly slotResiduals: Float32Array
  readonly past: Past | null
  readonly state: DetectorState
  readonly blind: Intervals
}

interface Snapshot {
  readonly terms: string
  readonly lines: readonly LineSnapshot[]
  readonly progress: Progress
}

/** SHA-256 of what follows, then the scope in the serialisation of V8, in which states share the spans they share here. */
export function writeSnapshot(lines: readonly Line[], progress: Progress): Uint8Array {
  const snapshot: Snapshot = {
    terms: termsOf(lines),
    lines: lines.map(({ detector: { grid, memory, past, state }, blind }) => ({
      first: grid.first,
      values: grid.values.subarray(0, grid.length),
      flags: grid.flags.subarray(0, grid.length),
      expected: grid.expected.subarray(0, grid.length),
      spread: grid.spread.subarray(0, grid.length),
      slots: memory.slots,
      slotValues: memory.values,
      slotResiduals: memory.residuals,
      past,
      state,
      blind,
    })),
    progress,
  }
  const body = serialize(snapshot)
  const bytes = new Uint8Array(HASH_BYTES + body.length)
  bytes.set(hashOf(body))
  bytes.set(body, HASH_BYTES)
  return bytes
}

/**
 * Puts a snapshot into lines that were just made.
 *
 * @returns `null`, with nothing changed, when the bytes are not whole, or were written under other terms.
 */
export function readSnapshot(bytes: Uint8Array, lines: readonly Line[]): Progress | null {
  const body = bytes.subarray(HASH_BYTES)
  if (!hashOf(body).equals(bytes.subarray(0, HASH_BYTES))) return null
  let snapshot: Snapshot
  try {
    // Whole by its hash, so it is what some version of ours wrote; whether it was this one the terms say.
    snapshot = deserialize(body) as Snapshot
  } catch {
    // A format of V8 that this Node does not read: to be built anew, like all that does not fit.
    return null
  }
  if (snapshot.terms !== termsOf(lines)) return null
  snapshot.lines.forEach((from, i) => {
    const line = lines[i] as Line
    const { grid, memory } = line.detector
    // Copies: what was read lies in the caller's bytes.
    grid.first = from.first
    grid.length = from.values.length
    grid.values = from.values.slice()
    grid.flags = from.flags.slice()
    grid.expected = from.expected.slice()
    grid.spread = from.spread.slice()
    memory.slots.set(from.slots)
    memory.values.set(from.slotValues)
    memory.residuals.set(from.slotResiduals)
    line.detector.past = from.past
    line.detector.state = from.state
    line.blind = from.blind
  })
  return snapshot.progress
}

/** All that the numbers depend on and the snapshot does not hold. */
function termsOf(lines: readonly Line[]): string {
  return JSON.stringify([
    FORMAT,
    RULE_VERSION,
    lines.map(({ member, rule }) => {
      const { delay, badDirection, seasonality, quantum, zeroIsOmitted, plane, group } = member.spec
      const { step, phase } = member.series
      const spec = [step, phase, delay, badDirection, seasonality, quantum, zeroIsOmitted, plane, group]
      return [seriesName(member.series), spec, rule]
    }),
  ])
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

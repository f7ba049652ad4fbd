import type { UnixSeconds } from '../model/brand.ts'
import type { Detectability } from '../model/detectability.ts'
import type { HealthCondition } from '../model/health.ts'
import type { EntityRef, HealthLine } from '../model/page.ts'
import type { SignalKey } from '../model/signal.ts'

/*
 * What is said of our own sight, before a language says it.
 */

/** Signals of one source that have the same wrong with them: one notice for all. */
export interface HealthGroup {
  readonly source: string
  readonly condition: HealthCondition
  readonly scope: EntityRef | null
  readonly since: UnixSeconds
  readonly detail: string
  readonly signals: readonly { readonly key: SignalKey; readonly label: string }[]
}

/** Graver first: what keeps every signal from us, then what makes values useless, then what is thin. */
const GRAVITY: readonly HealthCondition[] = [
  'wrong-clock',
  'unreachable',
  'unreadable',
  'frozen',
  'common-dip',
  'stale',
  'partial',
]

/** What explains something else need not be said twice: who does not answer gives no new values either. */
const EXPLAINS: Readonly<Partial<Record<HealthCondition, readonly HealthCondition[]>>> = {
  stale: ['unreachable', 'unreadable'],
  partial: ['unreachable', 'unreadable', 'stale'],
}

export function groupHealth(lines: readonly HealthLine[]): readonly HealthGroup[] {
  const told = lines.filter((line) => {
    const reasons = EXPLAINS[line.condition] ?? []
    return !lines.some((other) => other.key === line.key && reasons.includes(other.condition))
  })
  const groups = new Map<string, HealthGroup>()
  for (const line of told) {
    const key = `${line.source} ${line.condition} ${line.scope?.id ?? ''}`
    const group = groups.get(key)
    const signal = { key: line.key, label: line.label }
    groups.set(
      key,
      group === undefined
        ? { ...line, since: line.from, signals: [signal] }
        : {
            ...group,
            since: Math.min(group.since, line.from) as UnixSeconds,
            signals: group.signals.some((one) => one.key === signal.key) ? group.signals : [...group.signals, signal],
          },
    )
  }
  return [...groups.values()].sort((a, b) => GRAVITY.indexOf(a.condition) - GRAVITY.indexOf(b.condition))
}

/** Fractions that people picture, from small to all. */
export type Fraction =
  | 'twentieth'
  | 'tenth'
  | 'fifth'
  | 'quarter'
  | 'third'
  | 'half'
  | 'two-thirds'
  | 'three-quarters'
  | 'nine-tenths'
  | 'nearly-all'

const FRACTIONS: readonly { readonly upTo: number; readonly fraction: Fraction }[] = [
  { upTo: 0.05, fraction: 'twentieth' },
  { upTo: 0.1, fraction: 'tenth' },
  { upTo: 0.2, fraction: 'fifth' },
  { upTo: 0.25, fraction: 'quarter' },
  { upTo: 1 / 3, fraction: 'third' },
  { upTo: 0.5, fraction: 'half' },
  { upTo: 2 / 3, fraction: 'two-thirds' },
  { upTo: 0.75, fraction: 'three-quarters' },
  { upTo: 0.9, fraction: 'nine-tenths' },
]

/** A hair of rounding is not a larger fraction. */
const ROUNDING = 0.005

/** The next larger one: what is said would have shown did. */
export function fractionOf(loss: number): Fraction {
  return FRACTIONS.find((row) => loss <= row.upTo + ROUNDING)?.fraction ?? 'nearly-all'
}

/** What would not show though the country is at usual, the one that matters most first. */
export function unseen(cuts: readonly Detectability[]): readonly Detectability[] {
  const order = ['national', 'mobile', 'regional', 'allow-list', 'services', 'throttling']
  return cuts
    .filter((cut) => cut.hour === null && cut.day === null)
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

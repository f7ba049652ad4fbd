/** What a key does on any page. */
export type Command = 'search' | 'clock' | 'help' | 'world' | 'incidents' | 'sources' | 'next' | 'previous'

const SINGLE: Readonly<Record<string, Command>> = {
  '/': 'search',
  t: 'clock',
  '?': 'help',
  j: 'next',
  k: 'previous',
}

const AFTER_G: Readonly<Record<string, Command>> = { w: 'world', i: 'incidents', s: 'sources' }

/** How long `g` waits for its second key. */
const PAIR_MS = 1500

export interface Pressed {
  readonly key: string
  /** Ctrl, Alt or Meta: the browser's own. */
  readonly withModifier: boolean
  /** Where letters are text: an input, a select, a chart's surface. */
  readonly inField: boolean
  /** Milliseconds of any clock that does not go back. */
  readonly at: number
}

/** @returns a reader of key presses: a command, or `null` where a key is not ours. */
export function keyReader(): (pressed: Pressed) => Command | null {
  let waitsSince = Number.NEGATIVE_INFINITY
  return ({ key, withModifier, inField, at }) => {
    const isSecond = at - waitsSince <= PAIR_MS
    waitsSince = Number.NEGATIVE_INFINITY
    if (withModifier || inField) return null
    if (isSecond && AFTER_G[key] !== undefined) return AFTER_G[key]
    if (key === 'g') {
      waitsSince = at
      return null
    }
    return SINGLE[key] ?? null
  }
}

/** A route that a feed has for a prefix beside others, told apart by its path identifier. */
interface Path {
  readonly id: number
  origin: number
  print: number
}

/**
 * Routes of sessions with path identifiers (RFC 7911). The cell of the table holds the route of the lowest identifier:
 * what stands for the session. All of them stay here, so that the loss of one is not the loss of all.
 */
export class AddPaths {
  readonly #paths = new Map<number, Path[]>()

  /** @returns lowest identifier that stands; −1: none is known. */
  first(row: number, feed: number): number {
    return this.#paths.get(keyOf(row, feed))?.[0]?.id ?? -1
  }

  /** @returns whether the route is the one that stands for the session. */
  put(row: number, feed: number, id: number, origin: number, print: number): boolean {
    const key = keyOf(row, feed)
    const paths = this.#paths.get(key)
    if (paths === undefined) {
      this.#paths.set(key, [{ id, origin, print }])
      return true
    }
    const at = paths.findIndex((path) => path.id >= id)
    const there = paths[at]
    if (there?.id === id) {
      there.origin = origin
      there.print = print
    } else paths.splice(at < 0 ? paths.length : at, 0, { id, origin, print })
    return at === 0
  }

  /** @returns the route that stands now; `print` 0: none is left. An identifier that is not known changes nothing. */
  remove(row: number, feed: number, id: number): { origin: number; print: number } {
    const key = keyOf(row, feed)
    const paths = this.#paths.get(key) ?? []
    const at = paths.findIndex((path) => path.id === id)
    if (at >= 0) paths.splice(at, 1)
    const [first] = paths
    if (first !== undefined) return first
    this.#paths.delete(key)
    return { origin: 0, print: 0 }
  }

  forget(row: number, feed: number): void {
    this.#paths.delete(keyOf(row, feed))
  }
}

/** Rows stay below 2^31, feeds below 2^20: exact in a double. */
function keyOf(row: number, feed: number): number {
  return row * 0x10_0000 + feed
}

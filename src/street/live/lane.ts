/** One piece of work at a time, in the order asked: items, judgements and upkeep touch the same scopes. */
export interface Lane {
  run<T>(work: () => Promise<T>): Promise<T>
}

export function createLane(): Lane {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run(work) {
      const mine = last.then(work)
      // One that failed is its caller's business; the next one runs all the same.
      last = mine.catch(() => undefined)
      return mine
    },
  }
}

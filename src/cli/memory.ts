import { setFlagsFromString } from 'node:v8'

/** How much the heap may grow beyond what was alive before it is cleaned. V8's own choice is up to three times as much. */
const GROWTH_PERCENT = 25

/**
 * Cleans the heap early: what waits to be cleaned up, answers of upstreams above all, is more than what is alive. Takes
 * about half as much processor again, of a thousandth of a core (`npm run bench:live`). For a process that lives long;
 * the flag is V8's; one that it does not know it names on standard error, and goes on.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
}

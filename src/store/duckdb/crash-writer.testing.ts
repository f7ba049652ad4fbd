import { writeSync } from 'node:fs'

import { crashBatch, crashCompaction, SERIES } from './crash-script.testing.ts'
import { openSmall } from './folder.testing.ts'

/** Appends batch after batch and says so, until it is killed: `node --import tsx crash-writer.testing.ts <folder>`. */
const store = await openSmall(process.argv[2] ?? '')
await store.defineSeries(SERIES)
for (let n = (await store.lastBatch()) + 1; ; n += 1) {
  const { batch } = await store.append(crashBatch(n))
  if (batch !== n) throw new Error(`batch ${n} was kept as ${batch}`)
  writeSync(1, `${n}\n`)
  const before = crashCompaction(n)
  if (before !== null) await store.compact(before)
}

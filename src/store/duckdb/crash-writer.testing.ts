import { writeSync } from 'node:fs'

import { crashAnswer, crashBatch, crashCoverage, crashCompaction, SERIES } from './crash-script.testing.ts'
import { at } from '../samples.testing.ts'
import { openSmall } from './folder.testing.ts'

/** Appends batch after batch and says so, until it is killed: `node --import tsx crash-writer.testing.ts <folder>`. */
const store = await openSmall(process.argv[2] ?? '')
await store.defineSeries(SERIES)
for (let n = (await store.lastBatch()) + 1; ; n += 1) {
  const answer = await store.keepAnswer(crashAnswer(n))
  const { batch } = await store.append({ ...crashBatch(n), answer, covered: crashCoverage(n) })
  if (batch !== n) throw new Error(`batch ${n} was kept as ${batch}`)
  writeSync(1, `${n}\n`)
  const before = crashCompaction(n)
  if (before !== null) await store.compact(before)
  // Sweeps what an earlier life left half written.
  if (n % 20 === 0) await store.retain({ rawBefore: at(0), answersBefore: at(0), keep: [] })
}

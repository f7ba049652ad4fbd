import { writeSync } from 'node:fs'

import { crashRetention } from './crash-script.testing.ts'
import { openSmall } from './folder.testing.ts'

/** Says so and lets raw bins go, then waits to be killed: `node --import tsx crash-retention.testing.ts <folder>`. */
const store = await openSmall(process.argv[2] ?? '')
writeSync(1, 'begun\n')
await store.retain(crashRetention)
setInterval(() => undefined, 60_000)

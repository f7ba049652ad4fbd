/** After `npm install`: puts into package-lock.json what npm left out of it (scripts/lock.ts says why). */
import { readFileSync, writeFileSync } from 'node:fs'
import { missingOptional, type Lock } from './lock.ts'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock
const missing = missingOptional(lock)
const byPath = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'))
writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(byPath) }, null, 2)}\n`)
process.stdout.write(`${Object.keys(missing).length} packages added\n`)

import { openSmall } from './folder.testing.ts'

/** Holds the folder that it is told until it is killed: `node --import tsx holder.testing.ts <folder>`. */
const store = await openSmall(process.argv[2] ?? '')
await store.owner.setUrl('http://localhost:4321/')
console.log('open')
setInterval(() => undefined, 60_000)

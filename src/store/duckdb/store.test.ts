import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { testStore } from '../conformance.testing.ts'
import { START } from '../samples.testing.ts'
import { openDuckdbStore } from './store.ts'

testStore('the DuckDB engine', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-store-'))
  const options = { folder, memoryLimitMb: 256, threads: 1, startedAt: START }
  let store = await openDuckdbStore(options)
  return {
    store,
    async reopen() {
      await store.close()
      store = await openDuckdbStore(options)
      return store
    },
    async dispose() {
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
})

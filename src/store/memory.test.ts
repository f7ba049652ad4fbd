import { testStore } from './conformance.testing.ts'
import { openMemoryStore } from './memory.ts'

testStore('the memory engine', async () => {
  const store = openMemoryStore()
  return { store, dispose: () => store.close() }
})

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { makeDerived } from './derived.ts'
import { makeFolder } from './folder.testing.ts'

describe('what is derived', () => {
  let temporary: Awaited<ReturnType<typeof makeFolder>>
  beforeEach(async () => {
    temporary = await makeFolder()
  })
  afterEach(() => temporary.remove())

  it('is as if it never was when its file is damaged', async () => {
    const derived = makeDerived(temporary.folder)
    await derived.put('key', new Uint8Array(1000).fill(7))
    const [name] = await readdir(join(temporary.folder, 'derived'))
    const path = join(temporary.folder, 'derived', name!)
    const whole = await readFile(path)
    for (const damage of [whole.subarray(0, 500), whole.subarray(0, 5), Buffer.concat([whole, Buffer.of(1)])]) {
      await writeFile(path, damage)
      expect(await derived.get('key')).toBeNull()
    }
    await derived.put('key', Uint8Array.of(1))
    expect(await derived.get('key')).toEqual(Uint8Array.of(1))
  })
})

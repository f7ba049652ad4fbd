import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { StoreError } from '../../model/errors.ts'
import { startEngine, type Engine } from './engine.ts'
import { makeFolder } from './folder.testing.ts'

describe('an engine', () => {
  let temporary: Awaited<ReturnType<typeof makeFolder>>
  let engine: Engine
  beforeEach(async () => {
    temporary = await makeFolder()
    engine = await startEngine(join(temporary.folder, 'tocsin.duckdb'), { memoryLimitMb: 256, threads: 1 })
  })
  afterEach(async () => {
    await engine.close()
    await temporary.remove()
  })

  const fail = (): Promise<unknown> => engine.read(({ database }) => database.rows('FROM nowhere', []))

  it('opens its file afresh after a failure', async () => {
    const before = await engine.read((opened) => Promise.resolve(opened))
    await expect(fail()).rejects.toThrow(StoreError)
    const after = await engine.read((opened) => Promise.resolve(opened))
    expect(after).not.toBe(before)
    expect(await engine.read(({ database }) => database.rows('SELECT 7', []))).toEqual([[7]])
  })

  it('keeps its file open over what a caller did wrong', async () => {
    const before = await engine.read((opened) => Promise.resolve(opened))
    await expect(engine.write(() => Promise.reject(new RangeError('mine')))).rejects.toThrow(RangeError)
    expect(await engine.read((opened) => Promise.resolve(opened))).toBe(before)
  })

  it('reads again when the failure of another call took the file away', async () => {
    let tries = 0
    const reading = engine.read(async ({ database }) => {
      tries += 1
      if (tries === 1) await expect(fail()).rejects.toThrow(StoreError)
      return database.rows('SELECT 7', [])
    })
    expect(await reading).toEqual([[7]])
    expect(tries).toBe(2)
  })

  it('writes one after another, in the order of the calls, and lets them finish when it is closed', async () => {
    const done: number[] = []
    const write = (n: number): Promise<void> =>
      engine.write(async ({ database }) => {
        for (let i = 0; i < 4 - n; i += 1) await database.rows('SELECT 1', [])
        done.push(n)
      })
    const writes = [write(1), write(2), write(3)]
    await engine.close()
    await Promise.all(writes)
    expect(done).toEqual([1, 2, 3])
    await expect(write(4)).rejects.toThrow(/closed/)
    await expect(fail()).rejects.toThrow(/closed/)
  })
})

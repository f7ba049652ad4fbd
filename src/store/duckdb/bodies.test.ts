import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { StoreError } from '../../model/errors.ts'
import { at, sampleAnswer } from '../samples.testing.ts'
import { makeFolder, openSmall } from './folder.testing.ts'
import type { DuckdbStore } from './store.ts'

describe('bodies of answers', () => {
  let temporary: Awaited<ReturnType<typeof makeFolder>>
  let store: DuckdbStore
  beforeEach(async () => {
    temporary = await makeFolder()
    store = await openSmall(temporary.folder)
  })
  afterEach(async () => {
    await store.close()
    await temporary.remove()
  })

  const ANSWER = sampleAnswer('{"data": [1, 2, 3]}', 100)
  const path = (sha256: string): string => join(store.folder, 'answers', sha256.slice(0, 2), `${sha256}.gz`)
  const files = async (): Promise<string[]> =>
    (await readdir(join(store.folder, 'answers'), { recursive: true })).filter((name) => name.includes('.')).sort()
  const retainAll = (before: number) => store.retain({ rawBefore: at(0), answersBefore: at(before), keep: [] })

  it('can be checked by anyone with zcat and sha256sum', async () => {
    await store.keepAnswer(ANSWER)
    const printed = execFileSync('sh', ['-c', 'zcat "$1" | sha256sum', 'sh', path(ANSWER.sha256)], { encoding: 'utf8' })
    expect(printed.slice(0, 64)).toBe(ANSWER.sha256)
    expect(await files()).toHaveLength(1)
  })

  it('are refused, by the name of the file, when they are not what the name says', async () => {
    await store.keepAnswer(ANSWER)
    const whole = await readFile(path(ANSWER.sha256))
    for (const damage of [gzipSync('{"data": [1, 2, 4]}'), whole.subarray(0, 12), Buffer.from('no gzip')]) {
      await writeFile(path(ANSWER.sha256), damage)
      const reading = store.answerBody(ANSWER.sha256)
      await expect(reading).rejects.toThrow(StoreError)
      await expect(reading).rejects.toThrow(`${path(ANSWER.sha256)} does not hold the bytes that its name says`)
    }
  })

  it('are missed when they were removed by hand', async () => {
    await store.keepAnswer(ANSWER)
    execFileSync('rm', [path(ANSWER.sha256)])
    await expect(store.answerBody(ANSWER.sha256)).rejects.toThrow(/\.gz is missing; restore it from a back-up/)
    await store.keepAnswer({ ...ANSWER, fetchedAt: at(200) })
    expect(await store.answerBody(ANSWER.sha256)).toEqual(ANSWER.body)
  })

  it('leave the disk when retention lets them go', async () => {
    const young = sampleAnswer('young', 200)
    await store.keepAnswer(ANSWER)
    await store.keepAnswer(young)
    await retainAll(200)
    expect(existsSync(path(ANSWER.sha256))).toBe(false)
    expect(existsSync(path(young.sha256))).toBe(true)
  })

  it('are swept when a killed process left them without a record, or half written', async () => {
    await store.keepAnswer(ANSWER)
    const folder = join(path(ANSWER.sha256), '..')
    const orphan = join(folder, `${ANSWER.sha256.slice(0, 2)}${'0'.repeat(62)}.gz`)
    await writeFile(orphan, gzipSync('orphan'))
    await writeFile(join(folder, `${ANSWER.sha256}.9.new`), 'half')
    await writeFile(join(folder, 'README'), "not Tocsin's")
    expect(await store.answerBody(`${ANSWER.sha256.slice(0, 2)}${'0'.repeat(62)}`)).toBeNull()
    await retainAll(0)
    expect((await readdir(folder)).sort()).toEqual([`${ANSWER.sha256}.gz`, 'README'].sort())
  })

  it('survive retention that runs while they come', async () => {
    const texts = Array.from({ length: 60 }, (_, i) => `answer ${i % 40} ${'x'.repeat((i * 997) % 5000)}`)
    const keeping = texts.map((text, i) => store.keepAnswer(sampleAnswer(text, i < 20 ? 100 : 500)))
    for (let n = 0; n < 5; n += 1) await retainAll(300)
    await Promise.all(keeping)
    await retainAll(300)
    for (const [i, text] of texts.entries()) {
      const { sha256, body } = sampleAnswer(text, 0)
      const expected = texts.some((other, j) => other === text && j >= 20) ? body : null
      expect([i, await store.answerBody(sha256)]).toEqual([i, expected])
      expect(existsSync(path(sha256))).toBe(expected !== null)
    }
  })

  it('say where, when they cannot be written', async () => {
    await writeFile(join(store.folder, 'answers'), 'in the way')
    await expect(store.keepAnswer(ANSWER)).rejects.toThrow(/answers.* cannot be used: there is a file in its place/)
    expect(await store.answers(ANSWER.sha256)).toEqual([])
  })
})

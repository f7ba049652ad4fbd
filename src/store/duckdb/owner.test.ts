import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { BusyError } from '../../model/errors.ts'
import { START } from '../samples.testing.ts'
import { makeFolder, openSmall } from './folder.testing.ts'
import { busyError, claimFolder, readOwner } from './owner.ts'

describe('who owns a data folder', () => {
  let temporary: Awaited<ReturnType<typeof makeFolder>>
  let folder: string
  beforeEach(async () => {
    temporary = await makeFolder()
    folder = temporary.folder
  })
  afterEach(() => temporary.remove())

  it('is noted while the store is open, with the URL once it is known', async () => {
    const store = await openSmall(folder)
    expect(await readOwner(folder)).toEqual({
      pid: process.pid,
      url: null,
      socket: null,
      startedAt: '2022-01-05T00:00:00Z',
    })
    await store.owner.setUrl('http://localhost:8080/')
    expect((await readOwner(folder))?.url).toBe('http://localhost:8080/')
    await store.close()
    expect(await readOwner(folder)).toBeNull()
  })

  it('is noted in the order of the calls', async () => {
    const owner = await claimFolder(folder, START)
    await Promise.all([owner.setUrl('http://a/'), owner.setSocket('/s'), owner.setUrl('http://b/')])
    expect(await readOwner(folder)).toMatchObject({ url: 'http://b/', socket: '/s' })
  })

  it('is not told by a note that is no note', async () => {
    for (const text of ['', '{', 'null', '{"pid":"1"}', '{"pid":1,"url":2,"socket":null,"startedAt":""}']) {
      await writeFile(join(folder, 'owner.json'), text)
      expect(await readOwner(folder)).toBeNull()
    }
  })

  it('is this process, which cannot open the folder twice', async () => {
    const store = await openSmall(folder)
    await expect(openSmall(join(folder, '.'))).rejects.toThrow(BusyError)
    await store.close()
    await (await openSmall(folder)).close()
  })

  describe('when another process has it open', () => {
    let child: ChildProcess
    beforeEach(async () => {
      child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'holder.testing.ts'), folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout!, 'data')
    })
    afterEach(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
    })

    it('names its process and URL', async () => {
      const opening = openSmall(folder)
      await expect(opening).rejects.toThrow(BusyError)
      await expect(opening).rejects.toThrow(
        new RegExp(`process ${child.pid}, started .*Z, which serves http://localhost:4321/`),
      )
    })

    it('names its process without a URL when the note is missing or of a process that died', async () => {
      const note = join(folder, 'owner.json')
      const of = await readFile(note, 'utf8')
      await writeFile(note, of.replace(String(child.pid), '999999999'))
      await expect(openSmall(folder)).rejects.toThrow(new RegExp(`in use by process ${child.pid}; stop it`))
      await writeFile(note, '')
      await expect(openSmall(folder)).rejects.toThrow(new RegExp(`in use by process ${child.pid}; stop it`))
    })

    it('opens once that process was killed, whatever note it left', async () => {
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
      expect((await readOwner(folder))?.pid).toBe(child.pid)
      const store = await openSmall(folder)
      expect(await readOwner(folder)).toMatchObject({ pid: process.pid, url: null })
      await store.close()
    })
  })

  it('is believed from the note where the lock names nobody', async () => {
    await claimFolder(folder, START)
    expect((await busyError(folder, 'Could not set lock on file')).message).toContain(
      `in use by process ${process.pid}, started`,
    )
    await writeFile(join(folder, 'owner.json'), '')
    expect((await busyError(folder, 'Could not set lock on file')).message).toContain(
      'in use by another process; stop it',
    )
  })
})

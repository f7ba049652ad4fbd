import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { askOwner, serveControl, type Control, type ControlHandler } from './control.ts'
import { makeFolder, openSmall } from './folder.testing.ts'
import type { DuckdbStore } from './store.ts'

describe('the control socket', () => {
  let temporary: Awaited<ReturnType<typeof makeFolder>>
  let store: DuckdbStore | null = null
  let control: Control | null = null
  beforeEach(async () => {
    temporary = await makeFolder()
  })
  afterEach(async () => {
    await control?.close()
    await store?.close()
    await temporary.remove()
    control = store = null
  })

  async function serve(folder: string, handler: ControlHandler): Promise<Control> {
    store = await openSmall(folder)
    control = await serveControl(store, handler)
    return control
  }
  const echo: ControlHandler = (request) => {
    const url = new URL(request.url)
    return Promise.resolve(Response.json({ method: request.method, asked: url.pathname + url.search }, { status: 207 }))
  }

  it('answers what the owner answers', async () => {
    await serve(temporary.folder, echo)
    expect(await askOwner(temporary.folder, '/status?of=%D2%9B')).toEqual({
      status: 207,
      body: { method: 'GET', asked: '/status?of=%D2%9B' },
    })
  })

  it('is for its user alone', async () => {
    const { path } = await serve(temporary.folder, echo)
    expect(path).toBe(join(store!.folder, 'control.sock'))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('hands on what is posted', async () => {
    const { path } = await serve(temporary.folder, async (request) =>
      Response.json([request.method, await request.text()]),
    )
    const posted = await new Promise<string>((resolve, reject) => {
      const asking = request({ socketPath: path, method: 'POST', path: '/', agent: false }, (incoming) => {
        incoming.setEncoding('utf8').once('data', resolve)
      })
      asking.once('error', reject).end('қазақ')
    })
    expect(JSON.parse(posted)).toEqual(['POST', 'қазақ'])
  })

  it('carries a large answer whole', async () => {
    const numbers = Array.from({ length: 200_000 }, (_, i) => i)
    await serve(temporary.folder, () => Promise.resolve(Response.json(numbers)))
    expect(await askOwner(temporary.folder, '/')).toEqual({ status: 200, body: numbers })
  })

  it('says 500 with the words of a handler that fails, and goes on', async () => {
    let calls = 0
    await serve(temporary.folder, () => {
      calls += 1
      return calls === 1 ? Promise.reject(new Error('no such series')) : Promise.resolve(Response.json({}))
    })
    expect(await askOwner(temporary.folder, '/')).toEqual({ status: 500, body: { error: 'no such series' } })
    expect(await askOwner(temporary.folder, '/')).toEqual({ status: 200, body: {} })
  })

  it('refuses an answer that is not JSON', async () => {
    await serve(temporary.folder, () => Promise.resolve(new Response('<html>')))
    await expect(askOwner(temporary.folder, '/')).rejects.toThrow(/not JSON/)
  })

  it('has nobody to ask where there is no owner, no socket, or a dead one', async () => {
    expect(await askOwner(temporary.folder, '/')).toBeNull()
    expect(await askOwner(join(temporary.folder, 'nowhere'), '/')).toBeNull()
    store = await openSmall(temporary.folder)
    expect(await askOwner(temporary.folder, '/')).toBeNull()
    await store.owner.setSocket(join(temporary.folder, 'control.sock'))
    expect(await askOwner(temporary.folder, '/')).toBeNull()
    await writeFile(join(temporary.folder, 'control.sock'), '')
    expect(await askOwner(temporary.folder, '/')).toBeNull()
  })

  it('takes the place of the socket of a process that died', async () => {
    await writeFile(join(temporary.folder, 'control.sock'), '')
    await serve(temporary.folder, echo)
    expect(await askOwner(temporary.folder, '/')).toMatchObject({ status: 207 })
  })

  it('leaves nothing when it is closed', async () => {
    await serve(temporary.folder, echo)
    await control!.close()
    control = null
    expect(await askOwner(temporary.folder, '/')).toBeNull()
    await store!.close()
    store = null
    expect(await readdir(temporary.folder)).toEqual(['tocsin.duckdb'])
  })

  it('moves to a short path when the folder has a long one', async () => {
    const folder = join(temporary.folder, 'a'.repeat(60), 'b'.repeat(60))
    await mkdir(folder, { recursive: true })
    const { path } = await serve(folder, echo)
    expect(path.length).toBeLessThan(104)
    expect(await askOwner(folder, '/')).toMatchObject({ status: 207 })
    await control!.close()
    control = null
    await expect(stat(join(path, '..'))).rejects.toThrow(/ENOENT/)
  })
})

import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import { StoreError } from '../model/errors.ts'
import type { DuckdbStore } from '../store/duckdb/store.ts'
import { BACKUP_PATH, controlHandler } from './control-handler.ts'

const MANIFEST = { format: 'tocsin-backup-1' } as unknown as Awaited<ReturnType<DuckdbStore['backup']>>

function handler(backup: DuckdbStore['backup']) {
  const app = { fetch: (request: Request) => new Response(`app: ${new URL(request.url).pathname}`) }
  return controlHandler(app, { backup }, () => 7 as UnixSeconds)
}

const post = (body: string): Request => new Request(`http://tocsin.local${BACKUP_PATH}`, { method: 'POST', body })

describe('the control socket', () => {
  it('answers what the network is answered', async () => {
    const answer = await handler(() => Promise.reject(new Error('not asked')))(
      new Request('http://tocsin.local/healthz'),
    )
    expect(await answer.text()).toBe('app: /healthz')
  })

  it('backs up into the folder that it is told, now', async () => {
    const asked: unknown[] = []
    const handle = handler((...args) => {
      asked.push(args)
      return Promise.resolve(MANIFEST)
    })
    const answer = await handle(post('{"target":"/backups/1"}'))
    expect([answer.status, await answer.json(), asked]).toEqual([200, MANIFEST, [['/backups/1', 7]]])
  })

  it.each(['', 'null', '{}', '{"target":""}', '{"target":"/a","force":true}'])(
    'refuses the order %j and says what an order is',
    async (body) => {
      const answer = await handler(() => Promise.reject(new Error('not asked')))(post(body))
      expect(answer.status).toBe(400)
      expect(await answer.json()).toEqual({ detail: expect.stringContaining('a back-up needs a target') })
    },
  )

  it('says in words why the store will not, and that an order is no question', async () => {
    const handle = handler(() => Promise.reject(new StoreError('/backups/1 is not empty')))
    const refused = await handle(post('{"target":"/backups/1"}'))
    expect([refused.status, await refused.json()]).toEqual([409, { detail: '/backups/1 is not empty' }])
    expect((await handle(new Request(`http://tocsin.local${BACKUP_PATH}`))).status).toBe(405)
  })
})

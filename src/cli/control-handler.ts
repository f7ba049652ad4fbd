import * as z from 'zod'
import { TocsinError } from '../model/errors.ts'
import type { UnixSeconds } from '../model/brand.ts'
import type { ControlHandler } from '../store/duckdb/control.ts'
import type { DuckdbStore } from '../store/duckdb/store.ts'

/** Where the owner of a folder is told to back it up: on its control socket alone, never over the network. */
export const BACKUP_PATH = '/control/backup'

const order = z.strictObject({ target: z.string().min(1) })

/**
 * What the control socket answers: all that the network is answered, and orders of the folder's own user.
 *
 * @param app reads only, and knows nothing of orders.
 */
export function controlHandler(
  app: { readonly fetch: (request: Request) => Response | Promise<Response> },
  store: Pick<DuckdbStore, 'backup'>,
  now: () => UnixSeconds,
): ControlHandler {
  return async (request) => {
    if (new URL(request.url).pathname !== BACKUP_PATH) return app.fetch(request)
    if (request.method !== 'POST') return refusal(405, `${BACKUP_PATH} is asked by POST`)
    const given = order.safeParse(await request.json().catch(() => null))
    if (!given.success) return refusal(400, 'a back-up needs a target: {"target": "/path/of/a/new/folder"}')
    try {
      return Response.json(await store.backup(given.data.target, now()))
    } catch (error) {
      if (error instanceof TocsinError) return refusal(409, error.message)
      throw error
    }
  }
}

function refusal(status: number, detail: string): Response {
  return Response.json({ detail }, { status })
}

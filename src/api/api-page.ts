import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'
import { ProblemError } from './problem.ts'
import type { Asset } from './renderer.ts'

/** Where the page lies; its files lie beneath it. */
const BASE = '/api/docs'

const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
}

/** Swagger UI draws its arrows as `data:` pictures and sets styles by script, which needs no exception. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The files of Swagger UI that the page loads, by name. */
export type ApiPageFiles = ReadonlyMap<string, Asset>

/**
 * @param folder where they lie: `api-docs` of the built pages.
 * @returns      `null` where they were not built: the interface works without its page.
 */
export async function loadApiPage(folder: string): Promise<ApiPageFiles | null> {
  try {
    return new Map(
      await Promise.all(
        Object.entries(FILES).map(async ([name, type]): Promise<[string, Asset]> => [
          name,
          { type, body: new Uint8Array(await readFile(join(folder, name))) },
        ]),
      ),
    )
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** The description of the interface as a page that tries it out, all of it served by us. */
export function apiPageRoutes(files: ApiPageFiles | null): Hono {
  const app = new Hono()
  app.get(BASE, (c) => {
    if (files === null) {
      throw new ProblemError('unavailable', 'the page is not built; /api/v1/openapi.json describes the interface')
    }
    c.header('content-security-policy', POLICY)
    return c.html(DOCUMENT)
  })
  app.get(`${BASE}/start.js`, (c) => c.body(START, 200, { 'content-type': 'text/javascript; charset=utf-8' }))
  app.get(`${BASE}/:name`, (c) => {
    const file = files?.get(c.req.param('name'))
    if (file === undefined) return c.notFound()
    // Not named by content: it changes with our version, so a browser asks whether it has.
    return c.body(file.body, 200, { 'content-type': file.type, 'cache-control': 'public, max-age=3600' })
  })
  return app
}

const DOCUMENT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The interface · Tocsin</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${BASE}/swagger-ui.css">
</head>
<body>
<noscript><p>This page needs scripts. The same is described in <a href="/api/v1/openapi.json">openapi.json</a>.</p></noscript>
<main id="interface"></main>
<script src="${BASE}/swagger-ui-bundle.js"></script>
<script src="${BASE}/start.js"></script>
</body>
</html>
`

/** `validatorUrl`: its default would send the address of this installation to a stranger. */
const START = `SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#interface',
  deepLinking: true,
  supportedSubmitMethods: ['get'],
  validatorUrl: null,
})
`

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Observatory } from '../street/view.ts'
import { DESCRIPTION, interfaceRoutes } from './app.ts'

/** The description that is committed, for programs that are written against it. */
export const COMMITTED = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url))

/** The description as the routes give it. No route is called: the observatory that they would ask is none. */
export function openApiText(): string {
  const none = {} as Observatory
  return `${JSON.stringify(interfaceRoutes(none).getOpenAPI31Document(DESCRIPTION), null, 2)}\n`
}

export function committedOpenApi(): string {
  return readFileSync(COMMITTED, 'utf8')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(COMMITTED, openApiText())

import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TocsinError } from '../model/errors.ts'
import type { Renderer } from '../model/page.ts'

/** The built pages: what renders them, and the files that they load. */
export interface BuiltWeb {
  readonly renderer: Renderer
  readonly assets: ReadonlyMap<string, Asset>
}

export interface Asset {
  readonly type: string
  readonly body: Uint8Array<ArrayBuffer>
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
}

/**
 * @param dist dist/web of the build, absolute.
 * @throws     TocsinError when it is not there or is not what it should be: run the build.
 */
export async function loadRenderer(dist: string): Promise<BuiltWeb> {
  const entry = join(dist, 'server.js')
  if (!existsSync(entry)) {
    throw new TocsinError(
      `the pages are not built: ${entry} is missing. Run \`npm run build\` (it needs the development dependencies).`,
    )
  }
  let built: unknown
  try {
    built = await import(pathToFileURL(entry).href)
  } catch (cause) {
    throw new TocsinError(`the built pages cannot be loaded from ${entry}. Run \`npm run build\` again.`, { cause })
  }
  if (!isRenderer(built))
    throw new TocsinError(`${entry} renders nothing: it is of another version. Run \`npm run build\` again.`)
  return { renderer: built, assets: await readAssets(join(dist, 'assets')) }
}

function isRenderer(built: unknown): built is Renderer {
  return typeof built === 'object' && built !== null && 'render' in built && typeof built.render === 'function'
}

/** All of them in memory: they are few, small, and named by their content. */
async function readAssets(folder: string): Promise<ReadonlyMap<string, Asset>> {
  const names = existsSync(folder) ? await readdir(folder) : []
  const known = names.filter((name) => TYPES[extname(name)] !== undefined)
  return new Map(
    await Promise.all(
      known.map(async (name): Promise<[string, Asset]> => [
        name,
        { type: TYPES[extname(name)] ?? '', body: new Uint8Array(await readFile(join(folder, name))) },
      ]),
    ),
  )
}

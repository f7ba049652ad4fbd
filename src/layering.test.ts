import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** Who may import whom, as docs/ARCHITECTURE.md says. A folder that is not here needs an ADR. */
const MAY_IMPORT: Record<string, readonly string[]> = (() => {
  const street = [
    'model',
    'words',
    'chart',
    'wire',
    'netdata',
    'store',
    'detect',
    'assess',
    'collect',
    'correlate',
    'publish',
  ]
  const streetAndBelow = [...street, 'street']
  return {
    model: [],
    words: ['model'],
    chart: ['model'],
    wire: ['model'],
    netdata: ['model'],
    store: ['model'],
    detect: ['model'],
    assess: ['model'],
    collect: ['model', 'wire', 'netdata'],
    correlate: ['model', 'detect'],
    publish: ['model', 'words', 'chart'],
    street,
    score: streetAndBelow,
    api: streetAndBelow,
    web: ['model', 'words', 'chart'],
    cli: [...streetAndBelow, 'score', 'api', 'web'],
  }
})()

/** Tests that speak of several files, and so stand beside none. */
const CROSS_CUTTING: readonly string[] = [
  'store/duckdb/crash.test.ts',
  'store/duckdb/full-disk.test.ts',
  'collect/bgp/table/route-table.property.test.ts',
  'cli/mrt.test.ts',
]

/** Folders whose code is a function of what it is given: no clock, no chance, no network of its own. */
const PURE = ['model', 'words', 'chart', 'wire', 'netdata', 'detect', 'correlate', 'assess', 'publish', 'street']

/** Where the clock, the network or chance enters the street on purpose. */
const SEAMS: readonly string[] = []

const IMPURE: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b/, 'Date.now'],
  [/\bnew Date\(\s*\)/, 'new Date()'],
  [/(?<!new )\bDate\(\s*\)/, 'Date()'],
  [/\bMath\.random\b/, 'Math.random'],
  [/\bperformance\.now\b/, 'performance.now'],
  [/\brandomUUID\b/, 'randomUUID'],
  [/(?<![.\w])fetch\(/, 'fetch('],
]

/** Blanks out comments, so that prose about an import is none. Strings stay: imports are strings. */
function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, ' '))
}

function specifiers(source: string): readonly string[] {
  const code = withoutComments(source)
  const found: string[] = []
  for (const pattern of [
    /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\(\s*['"]([^'"]+)['"]/g,
    /\bnew URL\(\s*['"](\.[^'"]+\.(?:ts|js|svelte))['"]/g,
  ]) {
    for (const match of code.matchAll(pattern)) found.push(match[1] ?? '')
  }
  return found
}

const isTest = (path: string): boolean => /\.(?:test|testing)\.ts$/.test(path)

/**
 * @param path relative to src/, with `/`: `detect/baseline.ts`.
 * @returns one line for each thing that the table forbids.
 */
function violations(path: string, source: string): readonly string[] {
  const found: string[] = []
  const folder = path.split('/')[0] ?? ''
  const allowed = MAY_IMPORT[folder]
  // The street's and the command line's tests run the whole; all others keep to what their folder may see.
  const seesAll = isTest(path) && (folder === 'street' || folder === 'cli')
  for (const specifier of specifiers(source)) {
    if (specifier === '@duckdb/node-api' && folder !== 'store') {
      found.push(`${path}: only one module of store may import ${specifier}`)
    }
    if (!specifier.startsWith('.')) continue
    const target = join('src', dirname(path), specifier).split(sep)
    if (target[0] !== 'src') {
      const isHelper = target[0] === 'test' && isTest(path)
      const isCuratedData = target[0] === 'data'
      if (!isHelper && !isCuratedData) found.push(`${path}: reaches out of src with ${specifier}`)
      continue
    }
    const into = target[1] ?? ''
    if (into !== folder && !seesAll && !(allowed ?? []).includes(into)) {
      found.push(`${path}: ${folder} may not import ${into} (${specifier})`)
    }
    if (!isTest(path) && isTest(specifier)) found.push(`${path}: imports a test, ${specifier}`)
  }
  if (PURE.includes(folder) && !isTest(path) && !SEAMS.includes(path)) {
    const code = withoutComments(source)
    for (const [pattern, name] of IMPURE) {
      if (pattern.test(code)) found.push(`${path}: ${name} (the clock, chance and the network are arguments)`)
    }
  }
  return found
}

const root = fileURLToPath(new URL('.', import.meta.url))

const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(?:ts|js|svelte)$/.test(entry.name))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
  // Its own examples are of forbidden imports.
  .filter((path) => path !== 'layering.test.ts')

describe('the tree', () => {
  it('keeps to the import table', () => {
    expect(files.length).toBeGreaterThan(10)
    expect(files.flatMap((path) => violations(path, readFileSync(join(root, path), 'utf8')))).toEqual([])
  })

  it('has no folder at its top that the table does not know', () => {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map(({ name }) => name).filter((name) => MAY_IMPORT[name] === undefined)).toEqual([])
  })

  it('opens DuckDB in one module', () => {
    const openers = files.filter(
      (path) => !isTest(path) && specifiers(readFileSync(join(root, path), 'utf8')).includes('@duckdb/node-api'),
    )
    expect(openers.length).toBeLessThanOrEqual(1)
  })

  it('has each test beside what it tests', () => {
    const orphans = files.filter((path) => {
      if (!path.endsWith('.test.ts') || CROSS_CUTTING.includes(path)) return false
      const stem = join(root, path.slice(0, -'.test.ts'.length))
      return !['.ts', '.svelte', '.testing.ts'].some((ending) => existsSync(stem + ending))
    })
    expect(orphans).toEqual([])
  })
})

describe('the check itself', () => {
  it.each([
    ['detect/a.ts', `import { x } from '../collect/x.ts'`],
    ['detect/a.ts', `import type { X } from '../store/store.ts'`],
    ['model/a.ts', `export * from '../words/en.ts'`],
    ['web/Page.svelte', `<script lang="ts">\n  import {\n    a,\n  } from '../street/view.ts'\n</script>`],
    ['street/a.ts', `const x = await import('../api/server.ts')`],
    ['detect/a.test.ts', `import { x } from '../street/x.ts'`],
    ['store/a.ts', `import './a.testing.ts'`],
    ['api/a.ts', `import { DuckDBInstance } from '@duckdb/node-api'`],
    ['api/a.ts', `const worker = new Worker(new URL('../cli/worker.js', import.meta.url))`],
    ['api/a.ts', `import { x } from '../../scripts/x.ts'`],
    ['detect/a.ts', `const now = Date.now()`],
    ['netdata/a.ts', `const now = new Date()`],
    ['correlate/a.ts', `const x = Math.random()`],
    ['street/a.ts', `const x = await fetch('https://example.org')`],
  ])('catches in %s: %s', (path, source) => {
    expect(violations(path, source)).toHaveLength(1)
  })

  it.each([
    ['correlate/a.ts', `import { x } from '../detect/x.ts'\nimport { y } from './y.ts'`],
    ['detect/a.ts', `// import { x } from '../collect/x.ts'\n/* Date.now() */`],
    ['detect/a.ts', `const day = new Date(0)\nconst x = source.fetch(1)`],
    ['street/a.test.ts', `import { x } from '../api/x.ts'`],
    ['store/a.test.ts', `import { shared } from '../../test/shared.ts'`],
    ['cli/a.ts', `const now = Date.now()`],
  ])('lets pass in %s: %s', (path, source) => {
    expect(violations(path, source)).toEqual([])
  })
})

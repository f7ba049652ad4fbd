/**
 * Every check, from a fresh `npm ci` on: types, lint, format, dead code, build, then all tests. A check that fails does
 * not stop the others. The last line is the sum of all: `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from '../test/find-chromium.ts'
import { findProgram } from '../test/find-program.ts'
import { ensurePrograms, type WantedProgram } from './debian-packages.ts'
import { countTests, describeSkipped, totalLine, type VitestReport } from './summary.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const web = join(root, 'src', 'web')

function section(title: string): void {
  process.stdout.write(`\n== ${title} ==\n`)
}

/** A program of node_modules/.bin, with its output shown as it comes. @returns true when it ended with 0. */
function run(name: string, ...args: string[]): boolean {
  const program = join(root, 'node_modules', '.bin', name)
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (error !== undefined) process.stdout.write(`${name} did not run: ${error.message}\n`)
  return status === 0
}

let passed = 0
let failed = 0
const failures: string[] = []

function check(title: string, isFine: () => boolean): void {
  section(title)
  if (isFine()) {
    passed += 1
    process.stdout.write('passed\n')
  } else {
    failed += 1
    failures.push(title)
    process.stdout.write('FAILED\n')
  }
}

/** Milliseconds; 0 for what is not there. */
function newestChange(path: string): number {
  if (!existsSync(path)) return 0
  const own = statSync(path)
  if (!own.isDirectory()) return own.mtimeMs
  return Math.max(own.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))))
}

function isBuilt(): boolean {
  const inputs = ['src', 'vite.config.ts', 'tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json']
  const stamp = newestChange(join(root, 'dist', '.built'))
  return inputs.every((input) => newestChange(join(root, input)) < stamp)
}

function build(): boolean {
  if (isBuilt()) {
    process.stdout.write('up to date\n')
    return true
  }
  const { status } = spawnSync(process.execPath, [join('scripts', 'build.mjs')], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status === 0
}

/** What tests drive beside Node, by the package of Debian that brings it. */
const PROGRAMS: readonly WantedProgram[] = [
  {
    packageName: 'chromium',
    find: findChromium,
    without: 'Browser tests are skipped. TOCSIN_CHROMIUM may name its path.',
  },
  {
    packageName: 'bgpdump',
    find: () => findProgram('bgpdump'),
    without: 'Dumps are compared with kept texts only.',
  },
  { packageName: 'bird2', find: () => findProgram('bird'), without: 'Tests with BIRD are skipped.' },
  { packageName: 'gobgpd', find: () => findProgram('gobgpd'), without: 'Tests with GoBGP are skipped.' },
]

/** Runs all tests. @returns their report; `null` when the run broke down before it wrote one. */
function runTests(): VitestReport | null {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-test-'))
  try {
    const file = join(folder, 'report.json')
    run('vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`)
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as VitestReport) : null
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

check('types', () => run('tsc', '--noEmit'))
if (existsSync(join(web, 'tsconfig.json'))) {
  check('types of the pages', () =>
    run('svelte-check', '--tsconfig', join(web, 'tsconfig.json'), '--fail-on-warnings', '--output', 'human'),
  )
}
check('lint', () => run('oxlint'))
check('format', () => run('oxfmt', '--check'))
check('dead code', () => run('knip', '--no-progress') && run('knip', '--no-progress', '--production'))
check('build', build)

section('tests')
ensurePrograms(PROGRAMS)
const report = runTests()
const { counts, skipped } =
  report === null ? { counts: { passed: 0, failed: 1, skipped: 0 }, skipped: [] } : countTests(report)

section('summary')
for (const line of describeSkipped(skipped)) process.stdout.write(`${line}\n`)
for (const failure of failures) process.stdout.write(`Failed: ${failure}\n`)
if (counts.failed > 0) process.stdout.write(`Failed: ${counts.failed} of the tests, named above\n`)
const total = { passed: passed + counts.passed, failed: failed + counts.failed, skipped: counts.skipped }
process.stdout.write(`${totalLine(total)}\n`)
process.exitCode = total.failed === 0 ? 0 : 1

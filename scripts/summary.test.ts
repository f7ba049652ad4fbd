import { describe, expect, it } from 'vitest'
import { countTests, describeSkipped, totalLine, type VitestReport } from './summary.ts'

function report(success: boolean, ...files: VitestReport['testResults'][number][]): VitestReport {
  return { success, testResults: files }
}

function test(status: string, ...titles: string[]): VitestReport['testResults'][number]['assertionResults'][number] {
  return { status, ancestorTitles: titles.slice(0, -1), title: titles.at(-1) ?? '' }
}

describe('countTests', () => {
  it('counts passed, failed and skipped tests over all files', () => {
    const { counts } = countTests(
      report(
        false,
        { name: 'a', status: 'failed', assertionResults: [test('passed', 'x'), test('failed', 'y')] },
        {
          name: 'b',
          status: 'passed',
          assertionResults: [test('passed', 'x'), test('pending', 'y'), test('todo', 'z')],
        },
      ),
    )
    expect(totalLine(counts)).toBe('2 passed, 1 failed, 2 skipped')
  })

  it('counts a file that could not be loaded as a failure', () => {
    expect(countTests(report(false, { name: 'a', status: 'failed', assertionResults: [] })).counts.failed).toBe(1)
  })

  it('counts an error outside of every test as a failure', () => {
    const passing = { name: 'a', status: 'passed', assertionResults: [test('passed', 'x')] }
    expect(countTests(report(false, passing)).counts.failed).toBe(1)
    expect(countTests(report(true, passing)).counts.failed).toBe(0)
  })
})

describe('describeSkipped', () => {
  it('names each skipped group once, under what it lacked', () => {
    const iran = 'Iran 2026 [needs ../shared/cases/iran-2026]'
    const { skipped } = countTests(
      report(true, {
        name: 'a',
        status: 'passed',
        assertionResults: [
          test('skipped', 'replay', iran, 'opens once'),
          test('skipped', 'replay', iran, 'closes'),
          test('skipped', 'pages [needs Chromium]', 'pass axe'),
          test('skipped', 'store', 'is fast'),
        ],
      }),
    )
    expect(describeSkipped(skipped)).toEqual([
      'Skipped, needs ../shared/cases/iran-2026:',
      '  - Iran 2026: 2 tests',
      'Skipped, needs Chromium:',
      '  - pages: 1 test',
      'Skipped, marked as skipped in the test file:',
      '  - store › is fast: 1 test',
    ])
  })
})

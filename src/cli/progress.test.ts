import { describe, expect, it } from 'vitest'
import type { UnixSeconds } from '../model/brand.ts'
import type { CliContext } from './context.ts'
import { startProgress } from './progress.ts'

function told(silent: boolean, steps: readonly number[]): readonly string[] {
  const lines: string[] = []
  const context = {
    process: {
      stdout: { write: () => expect.unreachable('progress is no part of the answer') },
      stderr: { write: (text: string) => void lines.push(text) },
    },
    environment: {},
    now: () => 0 as UnixSeconds,
    terminal: false,
    stopped: () => Promise.resolve(),
    // Progress asks for nothing else of the world.
  } as unknown as CliContext
  const progress = startProgress(context, 'Reading', silent)
  for (const step of steps) progress.update(step)
  progress.finish()
  return lines
}

describe('progress where there is no terminal', () => {
  it('is a plain line every fifth of the way, and one at the end', () => {
    expect(told(false, [0.01, 0.1, 0.2, 0.3, 0.45, 0.5, 0.99, 1, 1])).toEqual([
      'Reading: 20 %\n',
      'Reading: 45 %\n',
      'Reading: 99 %\n',
      'Reading: 100 %\n',
    ])
  })

  it('is nothing when it is to be silent', () => {
    expect(told(true, [0.5, 1])).toEqual([])
  })
})

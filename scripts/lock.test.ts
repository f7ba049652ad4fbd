import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { missingOptional, type Lock } from './lock.ts'

const lock: Lock = {
  packages: {
    '': {},
    'node_modules/tool': {
      dev: true,
      optionalDependencies: {
        '@tool/linux-x64-musl': '1.2.3',
        '@tool/win32-arm64-msvc': '1.2.3',
        '@tool/linux-x64-gnu': '1.2.3',
        extra: '1',
      },
    },
    'node_modules/@tool/linux-x64-gnu': { version: '1.2.3' },
  },
}

describe('missingOptional', () => {
  it('describes what the lock file asks for and lacks, with where it runs', () => {
    expect(missingOptional(lock)).toEqual({
      'node_modules/@tool/linux-x64-musl': {
        version: '1.2.3',
        os: ['linux'],
        cpu: ['x64'],
        libc: ['musl'],
        dev: true,
        optional: true,
      },
      'node_modules/@tool/win32-arm64-msvc': {
        version: '1.2.3',
        os: ['win32'],
        cpu: ['arm64'],
        dev: true,
        optional: true,
      },
    })
  })

  it('finds nothing in our own lock file; else run `npm run lock:complete`', () => {
    const own = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as Lock
    expect(Object.keys(missingOptional(own))).toEqual([])
  })
})

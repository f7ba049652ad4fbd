import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

/** What a measured number needs beside it to mean anything. Names no host, user or path. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly node: string
  readonly platform: string
}

export function thisMachine(): Machine {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  }
}

export interface Commit {
  readonly hash: string
  /** True when files that git knows differ from that commit. */
  readonly changed: boolean
}

/** @param paths which files the measurement depends on; others may differ without saying so. */
export function thisCommit(paths: readonly string[]): Commit {
  const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim()
  return { hash: git('rev-parse', '--short=10', 'HEAD'), changed: git('status', '--porcelain', '--', ...paths) !== '' }
}

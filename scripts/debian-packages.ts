import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** A program that tests or benches want, and the package of Debian that brings it. */
export interface WantedProgram {
  readonly packageName: string
  /** Path of what it brings; `null` where it is missing. */
  readonly find: () => string | null
  /** What is not done where it stays missing: a sentence. */
  readonly without: string
}

/**
 * Installs what is missing where that is ours to do, as root on Debian, all in one go; then says of each where it is, or
 * what is not done without it. The output of apt-get is shown on failure only.
 */
export function ensurePrograms(wanted: readonly WantedProgram[]): void {
  const missing = wanted.filter(({ find }) => find() === null)
  if (missing.length > 0 && isOurs()) install(missing.map(({ packageName }) => packageName))
  for (const { packageName, find, without } of wanted) {
    const found = find()
    process.stdout.write(`${packageName}: ${found ?? `missing. ${without} Install the package \`${packageName}\`.`}\n`)
  }
}

function isOurs(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
}

function install(packages: readonly string[]): void {
  process.stdout.write(`Installing ${packages.join(', ')} …\n`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  if (!apt(['update'], env)) return
  // One that this Debian does not have must not keep the others away.
  for (const name of packages) apt(['install', '-y', '--no-install-recommends', name], env)
}

function apt(args: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const { status, stdout, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' })
  if (status !== 0) process.stdout.write(`${stdout}${stderr}apt-get ${args.join(' ')} failed\n`)
  return status === 0
}

import { ConfigError } from '../model/errors.ts'
import type { Config } from '../street/config.ts'
import type { Check } from './checks.ts'
import { checkBuild, checkFolder, checkNode, checkPort, checkReplays } from './checks.ts'
import { checkCollecting, checkUpstreams } from './collecting-checks.ts'
import type { CliContext } from './context.ts'
import { print, printJson } from './context.ts'
import type { FolderFlags } from './data-folder.ts'
import { configOf } from './data-folder.ts'
import { DIST_WEB } from './serve.ts'

interface DoctorFlags extends FolderFlags {
  readonly json: boolean
  readonly host?: string
  readonly port?: number
  readonly online: boolean
}

/** `tocsin doctor`: what is wrong with this set-up, and how to mend it. Exit 0 all well, 1 a problem, 3 only busy. */
export async function doctorCommand(this: CliContext, flags: DoctorFlags): Promise<void> {
  const { json, ...rest } = flags
  const checks = await allChecks(this, rest)
  if (json) printJson(this, { ok: checks.every((each) => each.status === 'ok' || each.status === 'warning'), checks })
  else tell(this, checks)
  this.process.exitCode = checks.some((each) => each.status === 'problem')
    ? 1
    : checks.some((each) => each.status === 'busy')
      ? 3
      : 0
}

async function allChecks(context: CliContext, flags: Omit<DoctorFlags, 'json'>): Promise<readonly Check[]> {
  const { online, ...settings } = flags
  const before = [checkNode(process.versions.node), await checkBuild(DIST_WEB)]
  let config: Config
  try {
    config = configOf(context, settings)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [
      ...before,
      {
        name: 'configuration',
        status: 'problem',
        found: error.message,
        mend: 'mend the setting that it names; folder, port and replays are looked at after that',
      },
    ]
  }
  return [
    ...before,
    {
      name: 'configuration',
      status: 'ok',
      found: `host ${config.host}, port ${config.port}, data in ${config.folder}`,
      mend: null,
    },
    await checkFolder(context, config),
    await checkPort(config),
    checkReplays(context, config),
    checkCollecting(config),
    ...(online ? await checkUpstreams(context, config) : []),
  ]
}

function tell(context: CliContext, checks: readonly Check[]): void {
  for (const { name, status, found, mend } of checks) {
    const mark =
      status === 'ok' ? 'ok      ' : status === 'warning' ? 'note    ' : status === 'busy' ? 'BUSY    ' : 'PROBLEM '
    print(context, `${mark}${name}: ${found}`)
    if (mend !== null) print(context, `        mend: ${mend}`)
  }
  const bad = checks.filter((each) => each.status === 'problem' || each.status === 'busy').length
  print(context, bad === 0 ? 'All is well.' : `${bad} of ${checks.length} checks ${bad === 1 ? 'needs' : 'need'} you.`)
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

/** One run of a whole process. */
export interface Run {
  /** Wall time from spawn to exit. */
  readonly seconds: number
  /** Greatest resident memory as the kernel tells it (VmHWM), asked every 10 ms; `null` where it does not. */
  readonly peakMiB: number | null
  /** Of the processor, all threads, user and system; as of the last 10 ms of the run at best. `null` where not told. */
  readonly cpuSeconds: number | null
}

export interface Command {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
}

/** Runs it with its output thrown away. @throws when it ends with another code than 0. */
export async function run({ name, program, args }: Command): Promise<Run> {
  const began = performance.now()
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000)
  })
  let peakMiB: number | null = null
  let cpuSeconds: number | null = null
  const ask = (): void => {
    cpuSeconds = usedSeconds(child.pid) ?? cpuSeconds
    peakMiB = Math.max(peakMiB ?? 0, residentMiB(child.pid) ?? 0) || null
  }
  const watch = setInterval(ask, 10)
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const [code, signal] = await exited.finally(() => clearInterval(watch))
  const seconds = (performance.now() - began) / 1000
  if (code !== 0) throw new Error(`${name} ended with ${code ?? signal}: ${said.trim()}`)
  return { seconds, peakMiB, cpuSeconds }
}

function residentMiB(pid: number | undefined): number | null {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kilobytes === undefined ? null : Number(kilobytes) / 1024
  } catch {
    return null
  }
}

/** Fields 14 and 15 of proc(5) stat, in ticks of which Linux shows 100 a second. */
function usedSeconds(pid: number | undefined): number | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ticks = Number(fields[11]) + Number(fields[12])
    return Number.isNaN(ticks) || ticks === 0 ? null : ticks / 100
  } catch {
    return null
  }
}

export interface Timing {
  readonly name: string
  readonly seconds: number
  readonly least: number
  readonly most: number
  readonly peakMiB: number | null
  /** Median. */
  readonly cpuSeconds: number | null
}

/** All of them in turn, round after round, so that a busy moment hits all alike. @returns medians, by name. */
export async function inTurn(
  commands: readonly Command[],
  rounds: number,
  tell: (line: string) => void,
): Promise<ReadonlyMap<string, Timing>> {
  const runs = new Map(commands.map(({ name }) => [name, [] as Run[]]))
  for (let round = 0; round < rounds; round += 1) {
    for (const command of commands) {
      const one = await run(command)
      runs.get(command.name)!.push(one)
      tell(`  ${command.name}: ${one.seconds.toFixed(3)} s, ${one.cpuSeconds?.toFixed(2) ?? '?'} s of the processor`)
    }
  }
  return new Map(
    [...runs].map(([name, all]) => {
      const seconds = all.map((each) => each.seconds).sort((a, b) => a - b)
      const peaks = all.map((each) => each.peakMiB).filter((peak) => peak !== null)
      const cpu = all.map((each) => each.cpuSeconds).filter((used) => used !== null)
      const timing: Timing = {
        name,
        seconds: seconds[Math.floor(seconds.length / 2)]!,
        least: seconds[0]!,
        most: seconds.at(-1)!,
        peakMiB: peaks.length === 0 ? null : Math.max(...peaks),
        cpuSeconds: cpu.sort((a, b) => a - b)[Math.floor(cpu.length / 2)] ?? null,
      }
      return [name, timing]
    }),
  )
}

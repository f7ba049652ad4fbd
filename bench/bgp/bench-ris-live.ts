import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Measured } from './report.ts'

interface Reported {
  readonly measured: readonly {
    readonly name: string
    readonly messagesPerSecond: number
    readonly messagesPerWallSecond: number
  }[]
  readonly target: number
}

/** ris-live.ts as a process of its own, and what it says. It ends with 1 where its target is missed: so do we tell it. */
export async function measureRisLive(messages: number): Promise<Measured[]> {
  const script = join(import.meta.dirname, 'ris-live.ts')
  const args = ['--import', 'tsx', script, '--messages', String(messages)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  await once(child, 'close')
  const { measured, target } = JSON.parse(text) as Reported
  return measured.flatMap(({ name, messagesPerSecond, messagesPerWallSecond }): readonly Measured[] => {
    const isOurs = name !== 'JSON.parse alone'
    return [
      {
        name: `RIS Live, ${name}: messages a second of one core`,
        value: messagesPerSecond,
        unit: '1/s',
        target: isOurs ? { least: target } : null,
      },
      {
        name: `RIS Live, ${name}: messages a second by the clock`,
        value: messagesPerWallSecond,
        unit: '1/s',
        target: null,
      },
    ]
  })
}

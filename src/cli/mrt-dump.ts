import { DumpLines } from '../wire/mrt/dump-lines.ts'
import { JsonLines } from '../wire/mrt/json-lines.ts'
import { createMrtReader } from '../wire/mrt/reader.ts'
import type { CliContext } from './context.ts'
import { checkIsMrt, openNamed, readWhole, tellDamage } from './mrt-file.ts'
import { openBrokenKeeper } from './mrt-keep.ts'
import { openTextOutput } from './text-output.ts'

export interface MrtFlags {
  readonly json: boolean
  readonly keepBroken?: string
}

/** `tocsin mrt dump FILE`: as `bgpdump -m`, or all that was decoded as JSON lines. */
export async function mrtDumpCommand(this: CliContext, flags: MrtFlags, path: string): Promise<void> {
  const file = await openNamed(path)
  const output = openTextOutput(this)
  const keeper = flags.keepBroken === undefined ? null : openBrokenKeeper(flags.keepBroken)
  const write = (line: string): void => output.write(line)
  const json = flags.json ? new JsonLines(write) : null
  const sink = json ?? new DumpLines(write)
  const reader = createMrtReader(sink, {
    forPrinting: true,
    ...(keeper === null ? {} : { onBroken: (record, reason, offset) => keeper.keep(record, reason, offset) }),
    ...(json === null && keeper === null
      ? {}
      : {
          onRecord: (broken) => {
            json?.record(broken)
            keeper?.seen(reader.state, broken)
          },
        }),
  })
  sink.wire = reader.state
  try {
    await readWhole(path, file, reader, () => output.drained())
  } finally {
    await output.finish()
    keeper?.close()
  }
  checkIsMrt(path, reader)
  tellDamage(this, path, file, reader)
}

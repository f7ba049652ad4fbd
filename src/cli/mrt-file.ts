import { openArchiveFile, type ArchiveFile } from '../collect/bgp/archive-file.ts'
import { TocsinError } from '../model/errors.ts'
import { BROKEN } from '../wire/broken.ts'
import type { MrtReader } from '../wire/mrt/reader.ts'
import type { CliContext } from './context.ts'
import { remark } from './context.ts'

/** Opens what the user named. @throws TocsinError that says what is wrong with the path. */
export async function openNamed(path: string): Promise<ArchiveFile> {
  try {
    return await openArchiveFile(path)
  } catch (error) {
    throw new TocsinError(`cannot read ${path}: ${inWords(error)}`, { cause: error })
  }
}

function inWords(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
      return 'there is no such file'
    case 'EISDIR':
      return 'it is a folder; name one file'
    case 'EACCES':
      return 'no right to read it'
    default:
      return message
  }
}

/** Feeds a whole file to a reader; `between` is waited for after each chunk. @throws TocsinError where the disk fails. */
export async function readWhole(
  path: string,
  file: ArchiveFile,
  reader: MrtReader,
  between: () => Promise<void> | void,
): Promise<void> {
  const chunks = file.chunks[Symbol.asyncIterator]()
  for (;;) {
    let next: IteratorResult<Uint8Array>
    try {
      next = await chunks.next()
    } catch (error) {
      throw new TocsinError(`cannot read ${path}: ${inWords(error)}`, { cause: error })
    }
    if (next.done === true) break
    reader.push(next.value)
    const waiting = between()
    if (waiting !== undefined) await waiting
  }
  reader.end()
}

/** @throws TocsinError where a file held no record that is MRT, broken or not. */
export function checkIsMrt(path: string, { counts }: MrtReader): void {
  const isKnown = counts.types().some(({ type }) => type >= 5 && type <= 49)
  if (counts.bytes > 0 && !isKnown && (counts.truncatedAt === null || counts.records > 0))
    throw new TocsinError(`${path} is no MRT file: no record was found in its ${counts.bytes} bytes`)
}

/** Says on standard error what was wrong with a file, and sets the exit code to 1 where it was not read to its end. */
export function tellDamage(context: CliContext, path: string, file: ArchiveFile, { counts }: MrtReader): void {
  for (const { reason, records } of counts.brokenReasons())
    remark(context, `${records} broken record${records === 1 ? '' : 's'}: ${reason} (${BROKEN[reason]})`)
  if (counts.truncatedAt !== null)
    remark(
      context,
      `${path} ends within a record: read to byte ${counts.truncatedAt} of ${counts.bytes}, ${counts.records} records`,
    )
  if (file.damage !== null) remark(context, `${path}: ${file.damage}; ${counts.bytes} bytes could be unpacked`)
  if (counts.truncatedAt !== null || file.damage !== null) context.process.exitCode = 1
}

import { closeSync, openSync, writeSync } from 'node:fs'
import { TocsinError } from '../model/errors.ts'
import { BROKEN, type BrokenReason } from '../wire/broken.ts'
import type { MrtState } from '../wire/mrt/reader.ts'
import { RIB, TYPE } from '../wire/mrt/types.ts'

/** Where broken records go: `FILE` as MRT, that can be read again, and `FILE.reasons.jsonl` beside it. */
export interface BrokenKeeper {
  keep(record: Uint8Array, reason: BrokenReason, offset: number): void
  /** To be called behind each whole record: remembers the table of peers, without which no RIB entry can be read. */
  seen(state: MrtState, broken: BrokenReason | null): void
  close(): void
}

/**
 * @throws TocsinError where the files cannot be written.
 */
export function openBrokenKeeper(path: string): BrokenKeeper {
  const records = openNew(path)
  const reasons = openNew(`${path}.reasons.jsonl`)
  let written = 0
  /** The last table of peers; `isWritten` once it stands in the file. */
  let table: Uint8Array | null = null
  let isWritten = false
  /** Pieces of one lost stretch are one line. */
  let open: { at: number; bytes: number; offset: number; reason: BrokenReason } | null = null

  const note = (): void => {
    if (open !== null) writeSync(reasons, `${JSON.stringify({ ...open, says: BROKEN[open.reason] })}\n`)
    open = null
  }
  return {
    keep(record, reason, offset) {
      const follows = open !== null && open.reason === 'record-too-long' && reason === open.reason
      if (follows && open!.offset + open!.bytes === offset) open!.bytes += record.length
      else {
        note()
        if (table !== null && !isWritten && record[5] === TYPE.tableDumpV2) {
          writeSync(records, table)
          written += table.length
          isWritten = true
        }
        open = { at: written, bytes: record.length, offset, reason }
      }
      writeSync(records, record)
      written += record.length
    },
    seen(state, broken) {
      if (state.type !== TYPE.tableDumpV2 || state.subtype !== RIB.peerIndexTable || broken !== null) return
      table = state.bytes.slice(state.recordAt - 12, state.recordEnd)
      isWritten = false
    },
    close() {
      note()
      closeSync(records)
      closeSync(reasons)
    },
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, 'w')
  } catch (error) {
    throw new TocsinError(`cannot write broken records to ${path}: ${(error as Error).message}`, { cause: error })
  }
}

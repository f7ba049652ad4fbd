import { BROKEN } from '../wire/broken.ts'
import { toRfc3339 } from '../model/time.ts'
import type { UnixSeconds } from '../model/brand.ts'
import { PeerTally } from '../wire/mrt/peer-tally.ts'
import { createMrtReader, type MrtCounts } from '../wire/mrt/reader.ts'
import { subtypeName, typeName } from '../wire/mrt/types.ts'
import type { CliContext } from './context.ts'
import { print, printJson } from './context.ts'
import type { MrtFlags } from './mrt-dump.ts'
import { checkIsMrt, openNamed, readWhole, tellDamage } from './mrt-file.ts'
import { openBrokenKeeper } from './mrt-keep.ts'

/** `tocsin mrt stats FILE`: what is in an archive, counted. */
export async function mrtStatsCommand(this: CliContext, flags: MrtFlags, path: string): Promise<void> {
  const file = await openNamed(path)
  const keeper = flags.keepBroken === undefined ? null : openBrokenKeeper(flags.keepBroken)
  const tally = new PeerTally()
  const reader = createMrtReader(
    tally,
    keeper === null
      ? {}
      : {
          onBroken: (record, reason, offset) => keeper.keep(record, reason, offset),
          onRecord: (broken) => keeper.seen(reader.state, broken),
        },
  )
  try {
    await readWhole(path, file, reader, () => undefined)
  } finally {
    keeper?.close()
  }
  checkIsMrt(path, reader)
  const { counts } = reader
  if (flags.json)
    printJson(this, { file: path, compression: file.compression, ...countsJson(counts), sessions: tally.sessions() })
  else for (const line of countsLines(counts, tally)) print(this, line)
  tellDamage(this, path, file, reader)
}

function instant(seconds: number): string | null {
  return Number.isNaN(seconds) ? null : toRfc3339(seconds as UnixSeconds)
}

function countsJson(counts: MrtCounts): Record<string, unknown> {
  const named = counts.types().map(({ type, subtype, records }) => ({
    type: type < 0 ? 'more' : typeName(type),
    subtype: type < 0 ? 'more' : subtypeName(type, subtype),
    records,
  }))
  return {
    bytes: counts.bytes,
    from: instant(counts.firstTime),
    until: instant(counts.lastTime),
    records: counts.records,
    types: named,
    skipped: counts.skipped,
    broken: counts.broken,
    brokenReasons: counts.brokenReasons(),
    lostBytes: counts.lostBytes,
    truncatedAt: counts.truncatedAt,
    entries: counts.entries,
    messages: counts.messages,
    localMessages: counts.localMessages,
    announcements: counts.announcements,
    withdrawals: counts.withdrawals,
    stateChanges: counts.stateChanges,
    endOfRibs: counts.endOfRibs,
    otherFamilies: counts.otherFamilies,
  }
}

function countsLines(counts: MrtCounts, tally: PeerTally): string[] {
  const rows: (readonly [string, number | string])[] = []
  const add = (name: string, value: number | string): void => {
    rows.push([name, value])
  }
  add('bytes', counts.bytes)
  add('from', instant(counts.firstTime) ?? 'none')
  add('until', instant(counts.lastTime) ?? 'none')
  add('records', counts.records)
  const skipped = new Set(counts.skippedTypes().map(({ type, subtype }) => `${type} ${subtype}`))
  for (const { type, subtype, records } of counts.types()) {
    const name = type < 0 ? 'more kinds' : `${typeName(type)} ${subtypeName(type, subtype)}`
    add(`  ${name}${skipped.has(`${type} ${subtype}`) ? ' (skipped)' : ''}`, records)
  }
  add('broken', counts.broken)
  for (const { reason, records } of counts.brokenReasons()) add(`  ${reason}: ${BROKEN[reason]}`, records)
  if (counts.lostBytes > 0) add('bytes lost', counts.lostBytes)
  add('sessions', tally.count)
  for (const [name, value] of [
    ['RIB entries', counts.entries],
    ['BGP messages', counts.messages],
    ['  sent by the collector', counts.localMessages],
    ['announcements', counts.announcements],
    ['withdrawals', counts.withdrawals],
    ['state changes', counts.stateChanges],
    ['End-of-RIB', counts.endOfRibs],
    ['of other families', counts.otherFamilies],
  ] as const)
    if (value > 0) add(name, value)
  const texts = rows.map(
    ([name, value]) => [name, typeof value === 'number' ? value.toLocaleString('en') : value] as const,
  )
  const names = Math.max(...texts.map(([name]) => name.length))
  const values = Math.max(...texts.map(([, value]) => value.length))
  return texts.map(([name, value]) => `${name.padEnd(names)}  ${value.padStart(values)}`)
}

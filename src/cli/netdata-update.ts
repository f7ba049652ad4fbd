import { join } from 'node:path'
import { userAgentOf } from '../collect/http/client.ts'
import { datedName, writeGzip } from '../collect/netdata/files.ts'
import { netdataFolder, originsFolder } from '../collect/netdata/folder.ts'
import { createOriginCollector, encodeOrigins, ORIGINS_STEM, type Origins } from '../collect/netdata/origins.ts'
import { REGISTRY_URLS } from '../collect/netdata/registries.ts'
import { tellUpdate, updateDelegated } from '../collect/netdata/update.ts'
import { TocsinError } from '../model/errors.ts'
import { toRfc3339 } from '../model/time.ts'
import { readConfig } from '../street/config.ts'
import { createMrtReader } from '../wire/mrt/reader.ts'
import type { CliContext } from './context.ts'
import { print, printJson } from './context.ts'
import { openNamed, readWhole, tellDamage } from './mrt-file.ts'

export interface NetdataUpdateFlags {
  readonly config?: string
  readonly folder?: string
  readonly rib?: string
  readonly json: boolean
}

/**
 * `tocsin netdata update`: fetches what the registries delegated by today; with a RIB also keeps who originates what. A
 * registry that fails is said, and the exit code is 1: the others are kept.
 */
export async function netdataUpdateCommand(this: CliContext, flags: NetdataUpdateFlags): Promise<void> {
  const { config: path, rib, json, ...rest } = flags
  const config = readConfig(path ?? null, this.environment, rest)
  const folder = netdataFolder(config.folder)
  // First what can be wrong in the words that were typed.
  const origins = rib === undefined ? null : await originsOf(this, rib)
  if (origins !== null) {
    await writeGzip(join(originsFolder(folder), datedName(ORIGINS_STEM, origins.date)), encodeOrigins(origins))
    if (!json) print(this, tellOrigins(origins))
  }
  const stop = new AbortController()
  void this.stopped().then(() => stop.abort())
  const { clock, random, fetch } = this
  const updates = await updateDelegated(
    {
      folder,
      urls: REGISTRY_URLS,
      userAgent: userAgentOf(this.version, config.collect.contact),
      onDone: (update) => {
        if (!json) print(this, tellUpdate(update))
      },
    },
    { clock, random, fetch, signal: stop.signal },
  )
  if (json) {
    printJson(this, {
      folder,
      registries: updates.map((update) =>
        update.kind === 'failed'
          ? { ...update, keeps: update.keeps === null ? null : toRfc3339(update.keeps) }
          : { ...update, date: toRfc3339(update.date) },
      ),
      origins: origins === null ? null : originsJson(origins),
    })
  }
  if (updates.some(({ kind }) => kind === 'failed')) this.process.exitCode = 1
}

/** @throws TocsinError where the file cannot be read, or holds no RIB. */
async function originsOf(context: CliContext, path: string): Promise<Origins> {
  const file = await openNamed(path)
  const collector = createOriginCollector()
  const reader = createMrtReader(collector)
  await readWhole(path, file, reader, () => undefined)
  tellDamage(context, path, file, reader)
  const origins = collector.finish()
  if (origins === null) {
    throw new TocsinError(`${path} holds no RIB: name a dump of a whole table (rib.*, bview.*), not a file of updates`)
  }
  return origins
}

/** Prefixes of more than one origin. */
function moas({ from }: Origins['ipv4']): number {
  let several = 0
  for (let row = 0; row + 1 < from.length; row += 1) if (from[row + 1]! - from[row]! > 1) several += 1
  return several
}

function originsJson(origins: Origins) {
  const { date, sessions, ipv4, ipv6 } = origins
  const of = (family: Origins['ipv4']) => ({ prefixes: family.prefixes.count, ofSeveralOrigins: moas(family) })
  return { rib: toRfc3339(date), sessions, ipv4: of(ipv4), ipv6: of(ipv6) }
}

function tellOrigins(origins: Origins): string {
  const { rib, sessions, ipv4, ipv6 } = originsJson(origins)
  const of = (family: string, each: typeof ipv4): string =>
    `${each.prefixes.toLocaleString('en')} prefixes of ${family} (${each.ofSeveralOrigins.toLocaleString('en')} of several origins)`
  return `RIB of ${rib}, ${sessions} sessions: ${of('IPv4', ipv4)}, ${of('IPv6', ipv6)}`
}
